import { computed, signal } from '@preact/signals'
import { en } from './en.js'
import type { Language, Messages } from './messages.js'
import { zh } from './zh.js'

/** The language of the page, and everything that is written in it. */
export const language = signal<Language>('zh-CN')

/** The texts in the language of the page. */
export const texts = computed<Messages>(() => textsIn(language.value))

/** The other language, for the second line of a verdict. */
export const otherLanguage = computed<Language>(() => (language.value === 'en' ? 'zh-CN' : 'en'))

export function textsIn(which: Language): Messages {
  return which === 'en' ? en : zh
}

/** The language somebody asked for: in the address, on this device, in their browser. */
export function chooseLanguage(
  asked: string | null,
  chosen: Language | undefined,
  browser: readonly string[],
): Language {
  if (asked === 'en' || asked === 'zh-CN') return asked
  if (chosen !== undefined) return chosen
  const first = browser.find((it) => /^(zh|en)\b/i.test(it))
  return first !== undefined && /^en/i.test(first) ? 'en' : 'zh-CN'
}

/** A sentence of a refusal by its code. */
export function refusalText(code: string): string {
  const { refused } = texts.value
  return Object.hasOwn(refused, code) ? refused[code as keyof typeof refused] : refused.other
}
