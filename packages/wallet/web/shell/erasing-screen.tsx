import { Button } from '../design/controls.js'
import { erasingTexts } from '../texts/erasing.js'
import { inLanguage } from '../texts/language.js'
import { Door } from './door.js'
import { type Erasure, forgetErasing } from './erasing.js'

/** Says what is left of a wallet that was erased, and who can do something about it. */
export function ErasingScreen({ left }: { readonly left: Exclude<Erasure, 'cleared'> }) {
  const text = inLanguage(erasingTexts)
  const isOffline = left === 'offline'
  return (
    <Door testId={`erased-${left}`} title={text.title} lead={text[left]}>
      {isOffline ? (
        <Button testId="erase-again" look="main" onPress={() => location.reload()}>
          {text.again}
        </Button>
      ) : null}
      <Button
        testId="begin-anew"
        look={isOffline ? 'quiet' : 'main'}
        onPress={() => void forgetErasing()}
      >
        {text.anew}
      </Button>
    </Door>
  )
}
