import { Icon } from '../design/icon.js'
import type { Ground } from '../shell/ground.js'
import { inLanguage, language } from '../texts/language.js'
import { safetyTexts } from '../texts/safety.js'

/** To the page of the issuer where the code on paper pauses or revokes. */
export function RevocationLink({ ground }: { readonly ground: Ground }) {
  const { lost } = inLanguage(safetyTexts)
  const { baseUrl } = ground.settings.issuer
  const { host } = new URL(baseUrl)
  return (
    <div class="actions">
      <a
        class="button main"
        href={`${baseUrl}/revoke?lang=${language.value}`}
        target="_blank"
        rel="noopener noreferrer"
        data-testid="revocation-page"
      >
        <Icon name="link" />
        <span>{lost.page}</span>
      </a>
      <p class="hint">{lost.pageHint(host)}</p>
    </div>
  )
}
