import { decisionText, isDecisionCode } from '@netcert/protocol/minimum-necessity'
import { errorTexts } from '../texts/errors.js'
import { inLanguage, language } from '../texts/language.js'
import { refusalKinds } from './refusal-kinds.js'

/** Why something did not go, and what helps; the code is for whoever is asked for help. */
export type RefusalSentence = { readonly code: string; readonly text: string }

/** The sentence of an error. What nobody foresaw gets a general one with its code. */
export function refusalSentence(error: unknown): RefusalSentence {
  const code = reasonOf(error)
  if (isAboutClocks(error, code)) return { code, text: inLanguage(errorTexts).kinds.clock }
  return codeSentence(code)
}

/** The sentence of a code alone, where what it came with is long gone. */
export function codeSentence(code: string): RefusalSentence {
  const { kinds, other } = inLanguage(errorTexts)
  if (isKnown(code)) return { code, text: kinds[refusalKinds[code]] }
  return { code, text: isDecisionCode(code) ? decisionText(code, language.value) : other(code) }
}

/**
 * Whether two clocks differ: nothing is from tomorrow, and what was made a moment ago has not ended yet.
 * A request that has ended may truly be old, so its own sentence speaks of both.
 */
function isAboutClocks(error: unknown, code: string): boolean {
  const why = error instanceof Error ? codeOf(error.cause) : ''
  if (code === 'time_expired' || [code, why].includes('time_not_yet_valid')) return true
  if (code === 'issuer_metadata_untrusted' && why === 'time_expired') return true
  // That proof was made just now, with a key that is there: only its time can be wrong.
  return error instanceof Error && 'error' in error && error.error === 'invalid_dpop_proof'
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
