import type { Ground } from '../shell/ground.js'
import { homeTexts } from '../texts/home.js'
import { inLanguage } from '../texts/language.js'

/** What to do when something in a certificate is not right: nobody but its issuer can change it. */
export function WrongData({ ground }: { readonly ground: Ground }) {
  const { name, baseUrl } = ground.settings.issuer
  return (
    <p class="hint" data-testid="wrong-data">
      {inLanguage(homeTexts).wrongData(inLanguage(name), new URL(baseUrl).host)}
    </p>
  )
}
