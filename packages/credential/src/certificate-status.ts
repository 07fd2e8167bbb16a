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

const refusals: Readonly<Partial<Record<FreshnessReason, readonly [CredentialErrorCode, string]>>> =
  {
    certificate_expired: ['time_expired', 'The certificate has expired: get a new one.'],
    revoked: ['status_invalid', 'The certificate was revoked: get a new one.'],
    suspended: ['status_suspended', 'The certificate is suspended: reinstate it first.'],
    clock_behind: ['clock_behind', 'The clock is behind the newest list: set it and verify again.'],
    status_required: ['status_required', 'Only certificates with a status are taken here.'],
    status_list_missing: ['status_unavailable', 'The status list is not at hand: import it.'],
    status_list_expired: ['status_list_expired', 'The status list has expired: import the newest.'],
    status_list_stale: ['status_list_stale', 'The status list is too old: import the newest.'],
    status_not_understood: ['status_application_specific', 'The status is not understood here.'],
  }

/**
 * Judges how fresh what is known of a certificate is, and takes only what the policy takes.
 *
 * @throws CredentialError with the code of the reason for which it is not taken
 */
export function judgeFreshness(
  trust: Trust,
  issuer: IssuerTrust,
  certificate: IssuedCertificate,
  options: { readonly now: number; readonly policy: FreshnessPolicy },
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
  if (refusal !== undefined) throw new CredentialError(...refusal)
  return freshness
}
