import { CredentialError } from './errors.js'
import { type JsonObject, memberOf } from './json.js'

/** Whose a token or delta of a status list is, and when it counts. Times in seconds since 1970. */
export type StatusTokenClaims = {
  /** `sub`: the very text certificates name as `uri`. */
  readonly uri: string
  readonly issuedAt: number
  readonly notBefore: number | null
  readonly expiresAt: number | null
  readonly ttlSeconds: number | null
}

/**
 * What a token and a delta of a list have in common: whose they are and when they count.
 *
 * @throws CredentialError `status_token_claim_missing`, `status_sub_mismatch`, `time_malformed`,
 * `status_ttl_malformed`
 */
export function readStatusClaims(payload: JsonObject): StatusTokenClaims {
  const uri = memberOf(payload, 'sub')
  const issuedAt = memberOf(payload, 'iat')
  const expiresAt = memberOf(payload, 'exp')
  const notBefore = memberOf(payload, 'nbf')
  const ttl = memberOf(payload, 'ttl')
  if (uri === undefined || issuedAt === undefined) throw claimMissing()
  if (typeof uri !== 'string') {
    throw new CredentialError('status_sub_mismatch', 'The sub of a status list token is a string.')
  }
  if (ttl !== undefined && (typeof ttl !== 'number' || !(ttl > 0))) {
    throw new CredentialError('status_ttl_malformed', 'The ttl of a status list token is positive.')
  }
  return {
    uri,
    issuedAt: time(issuedAt),
    notBefore: notBefore === undefined ? null : time(notBefore),
    expiresAt: expiresAt === undefined ? null : time(expiresAt),
    ttlSeconds: ttl ?? null,
  }
}

/** @returns CredentialError `status_token_claim_missing` */
export function claimMissing(): CredentialError {
  return new CredentialError(
    'status_token_claim_missing',
    'A status list token needs sub, iat and status_list: have its issuer publish it again.',
  )
}

function time(value: unknown): number {
  if (typeof value !== 'number' || value < 0) {
    throw new CredentialError('time_malformed', 'A time in a status list token is not a number.')
  }
  return value
}
