import type { ShownVerifier } from '@netcert/wallet/rules'
import { Icon } from '../design/icon.js'
import { gateTexts } from '../texts/gate.js'
import { inLanguage, language } from '../texts/language.js'

/** Whose gate it is: by the name a registrar vouches for, or by none. */
export function Venue({ verifier }: { readonly verifier: ShownVerifier }) {
  const text = inLanguage(gateTexts)
  const { accredited } = verifier
  const isKnown = accredited !== false
  return (
    <header class="gate-venue" data-testid="venue" data-known={isKnown}>
      <span class="gate-mark">
        <Icon name="gate" size={28} />
      </span>
      <div>
        <h1>{isKnown ? accredited.name[language.value] : text.stranger}</h1>
        <p class="lead">{isKnown ? accredited.purpose[language.value] : text.strangerLead}</p>
        {isKnown ? (
          <p class="gate-known">
            <Icon name="shield" size={16} />
            <span>{text.registered}</span>
          </p>
        ) : null}
      </div>
    </header>
  )
}
