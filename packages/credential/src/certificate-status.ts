import { epochSeconds } from './epoch-seconds.js'
import { CredentialError, type CredentialErrorCode } from './errors.js'
import {
  decideFreshness,
  type Freshness,
  type FreshnessPolicy,
  type FreshnessReason,
} from './freshness.js'
import type { IssuedCertificate } from './issued-certificate.js'
import { memberOf } from './json.js'
import { parseStatusClaim, type StatusReference } from './status-claim.js'
import { type IssuerTrust, statusEvidence, type Trust } from './trust.js'

/**
 * Where the status of a certificate stands; `null` for one that has none.
 *
 * @throws CredentialError `status_issuer_untrusted` outside the lists of its issuer, and as
 * `parseStatusClaim`
 */
export function readStatusReference(
  certificate: IssuedCertificate,
  issuer: IssuerTrust,
): StatusReference | null {
  const status = memberOf(certificate.jwt.payload, 'status')
  if (status === undefined) return null
  const reference = parseStatusClaim(status)
  if (!reference.uri.startsWith(issuer.entry.statusUriPrefix)) {
    throw new CredentialError(
      'status_issuer_untrusted',
      'The status of the certificate stands outside the lists of its issuer.',
    )
  }
  return reference
}

type Refusal = readonly [CredentialErrorCode, string]

const CLOCK_BEHIND: Refusal = [
  'clock_behind',
  'The clock is behind the newest list: set it and verify again.',
]

const refusals: Readonly<Partial<Record<FreshnessReason, Refusal>>> = {
  certificate_expired: ['time_expired', 'The certificate has expired: get a new one.'],
  revoked: ['status_invalid', 'The certificate was revoked: get a new one.'],
  suspended: ['status_suspended', 'The certificate is suspended: reinstate it first.'],
  clock_behind: CLOCK_BEHIND,
  status_required: ['status_required', 'Only certificates with a status are taken here.'],
  status_list_missing: ['status_unavailable', 'The status list is not at hand: import it.'],
  status_list_expired: ['status_list_expired', 'The status list has expired: import the newest.'],
  status_list_stale: ['status_list_stale', 'The status list is too old: import the newest.'],
  status_not_understood: ['status_application_specific', 'The status is not understood here.'],
}

/** When and by which policy freshness is judged. Seconds since 1970. */
export type FreshnessDemands = { readonly now: number; readonly policy: FreshnessPolicy }

/**
 * Judges how fresh what is known of a certificate is, and takes only what the policy takes.
 *
 * @throws CredentialError with the code of the reason for which it is not taken, and the verdict
 */
export function judgeFreshness(
  trust: Trust,
  issuer: IssuerTrust,
  certificate: IssuedCertificate,
  options: FreshnessDemands,
): Freshness {
  const reference = readStatusReference(certificate, issuer)
  const freshness = decideFreshness({
    ...options,
    timeFloor: trust.timeFloor,
    issuedAt: certificate.issuedAt,
    expiresAt: certificate.expiresAt,
    evidence: reference === null ? 'none' : statusEvidence(issuer, reference),
  })
  const refusal = refusals[freshness.reason]
  if (refusal !== undefined) throw new CredentialError(...refusal, { freshness })
  return freshness
}

/** Refusals that a wrong clock alone may explain. */
const byTheClock: ReadonlySet<CredentialErrorCode> = new Set([
  'key_outside_window',
  'time_not_yet_valid',
  'kb_iat',
])

/**
 * What a refusal is under a clock that is behind the newest list: a certificate of today is not from
 * the future, nor is its key, when the clock stands still in 1970.
 *
 * @returns CredentialError `clock_behind` with its verdict; else the error as it is
 */
export function toldByClock(
  error: unknown,
  trust: Trust,
  { now }: { readonly now: Date },
): unknown {
  const isBehind = epochSeconds(now) < trust.timeFloor
  if (!isBehind || !(error instanceof CredentialError) || !byTheClock.has(error.code)) return error
  const freshness: Freshness = {
    verdict: 'unknown',
    reason: 'clock_behind',
    // Nothing of the certificate is proven yet: what is known is known as of the newest list.
    asOf: new Date(trust.timeFloor * 1000),
    ageSeconds: 0,
    showStaff: false,
  }
  return new CredentialError(...CLOCK_BEHIND, { cause: error, freshness })
}
