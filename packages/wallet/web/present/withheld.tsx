import type { WithheldClaim } from '@netcert/wallet/rules'
import { Section } from '../design/controls.js'
import { inLanguage, language } from '../texts/language.js'
import { presentTexts } from '../texts/present.js'

/** What was asked for and stays here, why, and what could be given instead. */
export function Withheld({ withheld }: { readonly withheld: readonly WithheldClaim[] }) {
  const text = inLanguage(presentTexts)
  if (withheld.length === 0) return null
  return (
    <Section title={text.withheld}>
      <ul class="withheld" data-testid="withheld">
        {withheld.map(({ claim, code, reason, offer, credentialId }) => (
          <li key={`${credentialId} ${claim?.path.join('.') ?? ''}`} data-code={code}>
            <strong>{claim?.label[language.value] ?? text.wholeCertificate}</strong>
            <span>{reason[language.value]}</span>
            {offer === null ? null : <span>{text.instead(offer.label[language.value])}</span>}
          </li>
        ))}
      </ul>
    </Section>
  )
}
