import { signal } from '@preact/signals'

/** A language of the page. */
export type Language = 'zh-CN' | 'en'

/** The language of the page; Chinese first. */
export const language = signal<Language>('zh-CN')

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
