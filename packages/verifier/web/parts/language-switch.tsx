import type { Language } from '@netcert/page/language'
import type { Kiosk } from '../kiosk.js'
import { language } from '../texts/language.js'

const names: readonly (readonly [Language, string])[] = [
  ['zh-CN', '中文'],
  ['en', 'English'],
]

/** Both languages, each in its own words. */
export function LanguageSwitch({ kiosk }: { readonly kiosk: Kiosk }) {
  return (
    <div class="switch" role="group" aria-label="语言 Language">
      {names.map(([which, name]) => (
        <button
          key={which}
          type="button"
          lang={which}
          data-testid={`language-${which}`}
          aria-pressed={language.value === which}
          onClick={() => {
            language.value = which
            void kiosk.choose({ language: which })
          }}
        >
          {name}
        </button>
      ))}
    </div>
  )
}
