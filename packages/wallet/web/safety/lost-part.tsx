import { Section } from '../design/controls.js'
import type { Ground } from '../shell/ground.js'
import { inLanguage } from '../texts/language.js'
import { safetyTexts } from '../texts/safety.js'
import { PartPage, Steps } from './part-page.js'
import { RevocationLink } from './revocation-link.js'

/** What to do when a phone is gone, and what helps before. */
export function LostPart({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(safetyTexts)
  const { lost } = text
  return (
    <PartPage testId="lost" title={text.parts.lost} lead={lost.lead}>
      <RevocationLink ground={ground} />
      <Section title={lost.now}>
        <Steps steps={lost.steps} />
      </Section>
      <Section title={lost.before}>
        <Steps steps={lost.beforeSteps} />
      </Section>
    </PartPage>
  )
}
