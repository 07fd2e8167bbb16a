import { type Language, language } from '@netcert/page/language'
import { computed } from '@preact/signals'
import { en } from './en.js'
import type { Messages } from './messages.js'
import { zh } from './zh.js'

export { language }

/** The texts in the language of the page. */
export const texts = computed<Messages>(() => textsIn(language.value))

/** The other language, for the second line of a verdict. */
export const otherLanguage = computed<Language>(() => (language.value === 'en' ? 'zh-CN' : 'en'))

export function textsIn(which: Language): Messages {
  return which === 'en' ? en : zh
}

/** A sentence of a refusal by its code. */
export function refusalText(code: string): string {
  const { refused } = texts.value
  return Object.hasOwn(refused, code) ? refused[code as keyof typeof refused] : refused.other
}
