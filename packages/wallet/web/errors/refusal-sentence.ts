import { decisionText, isDecisionCode } from '@netcert/protocol/minimum-necessity'
import { errorTexts } from '../texts/errors.js'
import { inLanguage, language } from '../texts/language.js'
import { refusalKinds } from './refusal-kinds.js'

/** Why something did not go, and what helps; the code is for whoever is asked for help. */
export type RefusalSentence = { readonly code: string; readonly text: string }

/** The sentence of an error. What nobody foresaw gets a general one with its code. */
export function refusalSentence(error: unknown): RefusalSentence {
  const code = reasonOf(error)
  const { kinds, other } = inLanguage(errorTexts)
  // Only two clocks that differ make something of today come too early or too late.
  if (code === 'time_not_yet_valid' || code === 'time_expired') return { code, text: kinds.clock }
  if (isKnown(code)) return { code, text: kinds[refusalKinds[code]] }
  return { code, text: isDecisionCode(code) ? decisionText(code, language.value) : other(code) }
}

/** Where a request was not to be had because nobody was reached, the network is what helps. */
function reasonOf(error: unknown): string {
  const code = codeOf(error)
  if (code !== 'request_unavailable' || !(error instanceof Error)) return code
  const cause = codeOf(error.cause)
  return cause === 'fetch_failed' || cause === 'fetch_timeout' ? cause : code
}

function isKnown(code: string): code is keyof typeof refusalKinds {
  return Object.hasOwn(refusalKinds, code)
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof DOMException ? error.name : 'fault'
}
