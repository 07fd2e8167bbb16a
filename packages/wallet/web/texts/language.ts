import { signal } from '@preact/signals'

/** A language of the page. */
export type Language = 'zh-CN' | 'en'

/** The language of the page; Chinese first. */
export const language = signal<Language>('zh-CN')

type Widened<T> = T extends string
  ? string
  : T extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Name in keyof T]: Widened<T[Name]> }

/** Texts in both languages; the compiler asks the second for everything the first has. */
export type Texts<T> = { readonly 'zh-CN': T; readonly en: Widened<T> }

/** A table of texts. */
export function defineTexts<T>(table: Texts<T>): Texts<T> {
  return table
}

/** The texts in the language of the page; read it while rendering, and the screen follows the language. */
export function inLanguage<T>(table: Texts<T>): Widened<T> {
  return language.value === 'en' ? table.en : (table['zh-CN'] as Widened<T>)
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
