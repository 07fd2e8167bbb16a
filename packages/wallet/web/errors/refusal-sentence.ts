import { inLanguage } from '../texts/language.js'
import { errorTexts } from '../texts/errors.js'

/** Why something did not go, and what helps; the code is for whoever is asked for help. */
export type RefusalSentence = { readonly code: string; readonly text: string }

/** The sentence of an error. What has none of its own gets a general one with its code. */
export function refusalSentence(error: unknown): RefusalSentence {
  const code = codeOf(error)
  const { refused, other } = inLanguage(errorTexts)
  const known = refused as Readonly<Record<string, string>>
  return { code, text: Object.hasOwn(known, code) ? (known[code] ?? other(code)) : other(code) }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof DOMException ? error.name : 'fault'
}
