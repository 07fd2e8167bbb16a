import { CredentialError, type FreshnessReason, type Verdict } from '@netcert/credential'
import { httpStatusOf } from './http-status.js'
import { refusalKindOf } from './refusals.js'
import { sentenceFor } from './sentences.js'

/** A refusal as it is told over HTTP; nothing of the request or of a certificate is in it. */
export type Problem = {
  readonly status: number
  readonly code: string
  /** Plain ASCII, as OAuth wants descriptions. */
  readonly description: string
  readonly cure: string
  /** Where that is why: how far the word about the certificate could be trusted. */
  readonly freshness?: ToldFreshness
}

/** A verdict on the wire: as in the result, with the six verdicts there are. */
export type ToldFreshness = {
  readonly verdict: Verdict
  readonly reason: FreshnessReason
  /** RFC 3339. */
  readonly as_of: string
  readonly age_seconds: number
}

/** Tells an error by its code; one without a code of ours is a bare 500. */
export function problemOf(error: unknown): Problem {
  const { code, status } = readError(error)
  const { what, cure } = sentenceFor(code, 'en')
  const freshness = freshnessOf(error)
  return { status, code, description: what, cure, ...(freshness === null ? {} : { freshness }) }
}

/** The verdict of a refusal; null where freshness is not why. */
export function freshnessOf(error: unknown): ToldFreshness | null {
  if (!(error instanceof CredentialError) || error.freshness === null) return null
  const { verdict, reason, asOf, ageSeconds } = error.freshness
  return { verdict, reason, as_of: asOf.toISOString(), age_seconds: ageSeconds }
}

function readError(error: unknown): { readonly code: string; readonly status: number } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (refusalKindOf(code) !== 'fault') return { code, status: httpStatusOf(code) }
  // Reading the body fails with a status of its own: too large, wrong encoding, cut off.
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500
  if (status === 413) return { code: 'request_too_large', status }
  if (status >= 400 && status < 500) return { code: 'request_malformed', status }
  return { code: 'server_error', status: 500 }
}
