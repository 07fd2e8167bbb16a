import { judgeFreshness, readStatusReference, toldByClock } from './certificate-status.js'
import { type ClaimDemand, satisfyDemands } from './claim-demands.js'
import { epochSeconds } from './epoch-seconds.js'
import { CredentialError } from './errors.js'
import type { Freshness, FreshnessPolicy } from './freshness.js'
import {
  assertValidity,
  discloseClaims,
  findIssuerKey,
  type IssuedCertificate,
  readIssuedCertificate,
  readRole,
} from './issued-certificate.js'
import type { JsonObject } from './json.js'
import { jwkThumbprint, type PublicJwk, sameKey } from './jwk.js'
import { type UnverifiedJwt, verifyJws } from './jws.js'
import { assertSdHash, readConfirmationKey, readKeyBinding } from './key-binding.js'
import { credentialLimits } from './limits.js'
import type { Platform } from './platform.js'
import { openPlatformNumber } from './platform-number-check.js'
import { type SdJwtParts, splitSdJwt } from './sd-jwt.js'
import { proveKeyBinding } from './sd-jwt-verify.js'
import { assertAudience } from './validity.js'
import { signatureAlgorithms } from './algorithms.js'
import type { StatusReference } from './status-claim.js'
import type { Trust } from './trust.js'
import { assertTrustListCurrent, MAX_TRUST_LIST_GRACE_SECONDS } from './trust-list.js'

/** How far the wallet's clock may be ahead of ours. */
const KEY_BINDING_MAX_FUTURE_SECONDS = 60

/** What a verifier demands of one presentation; nothing in it can be left out. */
export type Demands = {
  /** The verifier's full identifier, prefix included; `aud` must equal it. */
  readonly audience: string
  /** The nonce of this request, handed out once. */
  readonly nonce: string
  readonly keyBindingMaxAgeSeconds: number
  /**
   * How far the wallet's clock may be ahead of ours; 60 unless stated. More only where the age of the
   * nonce decides, as at a gate whose visitors' clocks may be wrong.
   */
  readonly keyBindingMaxFutureSeconds?: number
  readonly now: Date
  readonly freshness: FreshnessPolicy
  /** The `vct` that answer the request. */
  readonly types: readonly string[]
  /** Best liked first; one of them must be satisfied. An empty set asks for no claim. */
  readonly claimSets: readonly (readonly ClaimDemand[])[]
  /** Who opens platform numbers; `null` refuses an answer that shows one. */
  readonly platform: Platform | null
}

/** A presentation that passed every check, and only what was asked for in it. */
export type VerifiedPresentation = {
  readonly issuer: string
  readonly vct: string
  /** Never with `platform_number`: what opened it is `platformNumber`. */
  readonly claims: JsonObject
  /** The platform's own number for the person, checked; `null` when none was asked for. */
  readonly platformNumber: string | null
  readonly issuedAt: Date
  readonly expiresAt: Date
  /** RFC 7638 thumbprint of the holder's key. */
  readonly holderKey: string
  readonly freshness: Freshness
  /** `guardian`: shown by a guardian for a child; an account key must keep the two apart. */
  readonly role: 'self' | 'guardian'
}

/**
 * Verifies a presentation: the checks stand in their order below, and the first that fails names
 * itself. What costs little comes before what costs a signature: the issuer's place on the trust
 * list, and whether this answers our request at all.
 *
 * The caller has taken the session before, so that a nonce is judged once.
 *
 * @throws CredentialError with the code of the step that failed; for a status: `status_invalid`
 * (revoked), `status_suspended`, `status_unavailable`, `status_list_stale`, `status_list_expired`,
 * `status_required`, `clock_behind`, each with its verdict as `freshness`; for a platform number: `platform_number_unopened`,
 * `platform_number_r_missing`, `platform_number_invalid`, `platform_number_mismatch`.
 * @see RFC 9901 §7.3, SD-JWT VC §2.4, Token Status List §8.3, OpenID4VP 1.0 §14
 */
export async function verifyPresentation(
  trust: Trust,
  presentation: string,
  demands: Demands,
): Promise<VerifiedPresentation> {
  try {
    return await judgePresentation(trust, presentation, demands)
  } catch (error) {
    throw toldByClock(error, trust, demands)
  }
}

async function judgePresentation(
  trust: Trust,
  presentation: string,
  demands: Demands,
): Promise<VerifiedPresentation> {
  const now = epochSeconds(demands.now)
  // Form
  const parts = splitSdJwt(presentation, credentialLimits)
  const certificate = readIssuedCertificate(parts.jwt)
  // Issuer trusted, for this type, by this key; then whether it answers this request
  assertTrustListCurrent(trust.trustList, demands.now, demands.freshness.trustListGraceSeconds)
  const { issuer, key } = findIssuerKey(trust, certificate, now)
  assertTypeAsked(certificate, demands.types)
  const binding = readBinding(parts, demands, now)
  // Signature
  await verifyJws(certificate.jwt, key.key)
  // Validity
  const judging = { now, policy: demands.freshness }
  assertStillValid(certificate, () => judgeFreshness(trust, issuer, certificate, judging), now)
  assertAudience(certificate.jwt.payload, demands.audience)
  // Disclosures
  const { view, hashAlgorithm } = discloseClaims(certificate, parts, 'verifier')
  // Key binding
  const holderJwk = readHolderKey(view.payload)
  assertSdHash(binding.payload, parts.boundText, hashAlgorithm)
  await proveKeyBinding(binding, holderJwk)
  // Status
  const freshness = judgeFreshness(trust, issuer, certificate, judging)
  // Query
  const answered = satisfyDemands(view, demands.claimSets)
  // Platform number: the dearest check, so the last one
  const opened = openPlatformNumber({
    claims: answered,
    payload: view.payload,
    binding: binding.payload,
    platform: demands.platform,
  })
  return {
    issuer: certificate.issuer,
    vct: certificate.vct,
    claims: opened.claims,
    platformNumber: opened.platformNumber,
    issuedAt: new Date(certificate.issuedAt * 1000),
    expiresAt: new Date(certificate.expiresAt * 1000),
    holderKey: jwkThumbprint(holderJwk),
    freshness,
    role: readRole(view.payload),
  }
}

/** A certificate as its holder received it. */
export type ReceivedCredential = {
  readonly issuer: string
  readonly vct: string
  readonly issuedAt: Date
  readonly expiresAt: Date
  readonly status: StatusReference | null
  /** All claims, processed. */
  readonly claims: JsonObject
}

/**
 * The holder's own check of a certificate that arrives: everything a verifier would check but the
 * status, the key in it is the holder's, no mandatory claim is missing, nothing was presented to
 * somebody before.
 *
 * @throws CredentialError with the code of the step that failed; `cnf_invalid_key` for another key.
 * @see RFC 9901 §7.2
 */
export async function verifyReceivedCredential(
  trust: Trust,
  credential: string,
  options: { readonly now: Date; readonly holderJwk: PublicJwk },
): Promise<ReceivedCredential> {
  const now = epochSeconds(options.now)
  const parts = splitSdJwt(credential, credentialLimits)
  if (parts.keyBindingJwt !== null) {
    throw new CredentialError('kb_unexpected', 'An issuer sends a certificate without key binding.')
  }
  const certificate = readIssuedCertificate(parts.jwt)
  assertTrustListCurrent(trust.trustList, options.now, MAX_TRUST_LIST_GRACE_SECONDS)
  const { issuer, key } = findIssuerKey(trust, certificate, now)
  await verifyJws(certificate.jwt, key.key)
  assertValidity(certificate, now)
  const { view } = discloseClaims(certificate, parts, 'holder')
  if (!sameKey(readHolderKey(view.payload), options.holderJwk)) {
    throw new CredentialError('cnf_invalid_key', 'The certificate is bound to another key.')
  }
  return {
    issuer: certificate.issuer,
    vct: certificate.vct,
    issuedAt: new Date(certificate.issuedAt * 1000),
    expiresAt: new Date(certificate.expiresAt * 1000),
    status: readStatusReference(certificate, issuer),
    claims: view.payload,
  }
}

/** `assertValidity`; a certificate past its end is refused with the verdict that says so. */
function assertStillValid(
  certificate: IssuedCertificate,
  judge: () => Freshness,
  now: number,
): void {
  try {
    assertValidity(certificate, now)
  } catch (error) {
    if (error instanceof CredentialError && error.code === 'time_expired') judge()
    throw error
  }
}

function assertTypeAsked(certificate: IssuedCertificate, types: readonly string[]): void {
  if (types.includes(certificate.vct)) return
  throw new CredentialError('type_not_allowed', 'A certificate of another type was asked for.')
}

/** Everything about the key binding but `sd_hash` and signature, which come with the certificate. */
function readBinding(parts: SdJwtParts, demands: Demands, now: number): UnverifiedJwt {
  if (parts.keyBindingJwt === null) {
    throw new CredentialError('kb_missing', 'The presentation has no key binding: present again.')
  }
  return readKeyBinding(parts.keyBindingJwt, {
    mode: 'required',
    audience: demands.audience,
    nonce: demands.nonce,
    maxAgeSeconds: demands.keyBindingMaxAgeSeconds,
    maxFutureSeconds: demands.keyBindingMaxFutureSeconds ?? KEY_BINDING_MAX_FUTURE_SECONDS,
    now,
    clockSkewSeconds: 0,
    algorithms: signatureAlgorithms,
    maxDepth: credentialLimits.maxDepth,
  })
}

function readHolderKey(payload: JsonObject): PublicJwk {
  return readConfirmationKey(payload['cnf'], { allowDidKey: false })
}
