import { inLanguage } from '../texts/language.js'
import { presentTexts } from '../texts/present.js'

/**
 * The privacy policy that a platform registered; null for an address that is not https. It opens by hand
 * alone, apart from the wallet: that page learns neither who opened it nor from where.
 */
export function PolicyLink({ address }: { readonly address: string }) {
  const text = inLanguage(presentTexts)
  const parsed = URL.canParse(address) ? new URL(address) : null
  if (parsed === null || parsed.protocol !== 'https:') return null
  return (
    <a
      href={parsed.href}
      target="_blank"
      rel="noopener noreferrer"
      referrerpolicy="no-referrer"
      data-testid="privacy-policy"
    >
      {text.privacyPolicy(parsed.host)}
    </a>
  )
}
