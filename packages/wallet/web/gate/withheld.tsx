import type { GatePreview } from '@netcert/wallet/rules'
import { Icon } from '../design/icon.js'
import { gateTexts } from '../texts/gate.js'
import { inLanguage, language } from '../texts/language.js'

/** What was asked for and stays here, and why. */
export function GateWithheld({ preview: { withheld } }: { readonly preview: GatePreview }) {
  const text = inLanguage(gateTexts)
  if (withheld.length === 0) return null
  return (
    <div class="panel" data-testid="withheld">
      <h2>{text.withheld}</h2>
      <ul class="gate-claims">
        {withheld.map(({ claim, code, reason, credentialId }) => (
          <li key={`${credentialId} ${claim?.path.join('.') ?? ''}`} data-code={code}>
            <Icon name="cross" />
            <span>
              {claim?.label[language.value] ?? text.whole}
              <small>{reason[language.value]}</small>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
