import { Button } from '../design/controls.js'
import { SureButton } from '../design/sheet.js'
import type { Ground } from '../shell/ground.js'
import { go } from '../shell/place.js'
import { inLanguage } from '../texts/language.js'
import { safetyTexts } from '../texts/safety.js'
import { Means, PartPage } from './part-page.js'

/** Erasing everything here. */
export function ErasePart({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(safetyTexts)
  const { erase } = text
  return (
    <PartPage testId="erase-part" title={text.parts.erase} lead={erase.lead}>
      <div class="panel">
        <Means words={[...erase.means, erase.registered]} />
      </div>
      <div class="actions">
        <EraseButton ground={ground} />
        <Button testId="move-first" icon="download" onPress={() => go('safety', { part: 'move' })}>
          {text.parts.move}
        </Button>
      </div>
    </PartPage>
  )
}

/** Asks once more, and then erases. */
export function EraseButton({ ground }: { readonly ground: Ground }) {
  const { erase } = inLanguage(safetyTexts)
  return (
    <SureButton
      testId="erase"
      icon="erase"
      label={erase.button}
      title={erase.sureTitle}
      lead={erase.sureLead}
      yes={erase.yes}
      no={erase.no}
      onYes={() => void ground.eraseAll()}
    />
  )
}
