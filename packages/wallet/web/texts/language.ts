import { type Language, language } from '@netcert/page/language'

export { type Language, language }

/** How days and times are written in a language: 22 November 2026, 13:43. */
export const dateForms: Readonly<Record<Language, string>> = { 'zh-CN': 'zh-CN', en: 'en-GB' }

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
