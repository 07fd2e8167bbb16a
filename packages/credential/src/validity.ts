import { CredentialError } from './errors.js'
import { type JsonObject, memberOf } from './json.js'

/** When a token counts; times in seconds since 1970. */
export type TimePolicy = {
  readonly now: number
  readonly clockSkewSeconds: number
  readonly rejectFutureIat: boolean
}

export type ValidityPolicy = TimePolicy & {
  /** Claims that must be there after processing. */
  readonly requiredClaims: readonly string[]
  /** The `aud` of the certificate itself must be or hold this; null: none is expected. */
  readonly audience: string | null
}

/**
 * Checks the claims that decide whether an SD-JWT counts, on the processed payload.
 *
 * @throws CredentialError `required_claim_missing`, `aud_mismatch`, and as `assertTimes`
 * @see RFC 9901 §7.1 step 6
 */
export function assertValidity(payload: JsonObject, policy: ValidityPolicy): void {
  for (const name of policy.requiredClaims) {
    if (memberOf(payload, name) === undefined) {
      throw new CredentialError('required_claim_missing', `The claim ${name} is missing.`)
    }
  }
  assertTimes(payload, policy)
  assertAudience(payload, policy.audience)
}

/**
 * Whoever does not find itself in the `aud` of a certificate must reject it.
 *
 * @throws CredentialError `aud_mismatch`
 * @see RFC 7519 §4.1.3
 */
export function assertAudience(payload: JsonObject, audience: string | null): void {
  const { aud } = payload
  if (aud === undefined) return
  const audiences = Array.isArray(aud) ? aud : [aud]
  if (audience === null || !audiences.includes(audience)) {
    throw new CredentialError('aud_mismatch', 'The certificate is meant for another audience.')
  }
}

/**
 * Checks `exp`, `nbf` and `iat` where they are present.
 *
 * @throws CredentialError `time_malformed`, `time_expired`, `time_not_yet_valid`
 * @see RFC 7519 §4.1.4 to §4.1.6
 */
export function assertTimes(payload: JsonObject, policy: TimePolicy): void {
  const { now, clockSkewSeconds: skew } = policy
  const exp = instant(payload, 'exp')
  const nbf = instant(payload, 'nbf')
  const iat = instant(payload, 'iat')
  if (exp !== undefined && now >= exp + skew) {
    throw new CredentialError('time_expired', 'It has expired; ask for a new one.')
  }
  if (nbf !== undefined && now < nbf - skew) {
    throw new CredentialError('time_not_yet_valid', 'It is not valid yet; check the clock.')
  }
  if (policy.rejectFutureIat && iat !== undefined && iat > now + skew) {
    throw new CredentialError('time_not_yet_valid', 'It was issued in the future; check the clock.')
  }
}

function instant(payload: JsonObject, name: 'exp' | 'nbf' | 'iat'): number | undefined {
  const value = payload[name]
  if (value === undefined || typeof value === 'number') return value
  throw new CredentialError('time_malformed', `The claim ${name} is not a number of seconds.`)
}
