import { Section } from '../design/controls.js'
import type { Ground } from '../shell/ground.js'
import { inLanguage } from '../texts/language.js'
import { safetyTexts } from '../texts/safety.js'
import { Means, PartPage } from './part-page.js'
import { RevocationLink } from './revocation-link.js'

/** What a pause means, and where it is made. */
export function PausePart({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(safetyTexts)
  const { pause } = text
  return (
    <PartPage testId="pause" title={text.parts.pause} lead={pause.lead}>
      <Section title={pause.meansTitle}>
        <Means words={pause.means} />
      </Section>
      <Section title={pause.howTitle} lead={pause.how}>
        <RevocationLink ground={ground} />
      </Section>
      <p class="hint">{pause.one}</p>
    </PartPage>
  )
}
