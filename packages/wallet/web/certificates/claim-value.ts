import type { JsonValue } from '@netcert/credential'
import type { ShownClaim } from '@netcert/wallet/rules'
import { homeTexts } from '../texts/home.js'
import { inLanguage, language } from '../texts/language.js'
import { valueTexts } from '../texts/values.js'
import { claimWord } from './claim-word.js'

/** A value as it is read, in the language of the page: words of the format in words, the rest by its form. */
export function claimValue(path: ShownClaim['path'], value: JsonValue): string {
  const words: Readonly<Record<string, string>> = inLanguage(valueTexts)
  const word = typeof value === 'string' ? `${path.join('.')}:${value}` : ''
  const known = Object.hasOwn(words, word) ? words[word] : undefined
  return known ?? claimWord(value, language.value, inLanguage(homeTexts))
}
