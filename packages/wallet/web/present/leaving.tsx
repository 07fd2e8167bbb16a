import type { PreviewedCredential } from '@netcert/wallet/rules'
import { typeName } from '../certificates/type-name.js'
import { Notice } from '../design/controls.js'
import { Icon } from '../design/icon.js'
import { inLanguage, language } from '../texts/language.js'
import { presentTexts } from '../texts/present.js'

/** What of one certificate leaves, by name; never its value. */
export function Leaving({ credential }: { readonly credential: PreviewedCredential }) {
  const text = inLanguage(presentTexts)
  const { vct, claims, hints, kind, remainingAfter } = credential
  return (
    <div class="leaving" data-testid="leaving">
      <p class="from">{typeName(vct)}</p>
      <ul class="claims">
        {claims.map(({ path, label, class: kindOf }) => (
          <li key={path.join('.')} data-class={kindOf} data-path={path.join('.')}>
            <Icon name="check" />
            <span>{label[language.value]}</span>
          </li>
        ))}
      </ul>
      {claims.some((claim) => claim.class === 'identity') ? null : (
        <p class="stays">
          <Icon name="hidden" />
          <span>{text.staysHidden}</span>
        </p>
      )}
      {kind === 'one-time' ? <p class="hint">{text.copiesLeft(remainingAfter)}</p> : null}
      {hints.map((hint) => (
        <Notice key={hint} kind="warn" testId="hint" code={hint}>
          {text.hints[hint]}
        </Notice>
      ))}
    </div>
  )
}
