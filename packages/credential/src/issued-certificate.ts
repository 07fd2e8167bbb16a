import { type HashAlgorithm, hashAlgorithms, signatureAlgorithms } from './algorithms.js'
import { certificateTypes } from './certificate-types.js'
import { CredentialError } from './errors.js'
import { verifyIntegrity } from './integrity.js'
import type { IssuedView } from './issued-view.js'
import { namedKeyId } from './issuer-key-name.js'
import { type JsonObject, memberOf } from './json.js'
import { parseJws, type UnverifiedJwt } from './jws.js'
import { credentialLimits } from './limits.js'
import type { SdJwtParts } from './sd-jwt.js'
import { processSdJwt } from './sd-jwt-process.js'
import { assertVisibleClaims, readTypes } from './sd-jwt-vc-rules.js'
import { readHashAlgorithm } from './sd-jwt-verify.js'
import { assertTimes } from './validity.js'
import { findKey, type IssuerTrust, type Trust, type TrustedKeyHandle } from './trust.js'
import { assertTypeRules, type MetadataRole } from './type-metadata-rules.js'

const CERTIFICATE_TYP = 'dc+sd-jwt'

/** How far our clock may lag behind the issuer's; `exp` gets no such allowance. */
const CLOCK_SKEW_SECONDS = 60
const HOUR_SECONDS = 3600

/** The issuer-signed part of a certificate: right in form, signature not checked yet. */
export type IssuedCertificate = {
  readonly jwt: UnverifiedJwt
  readonly issuer: string
  readonly vct: string
  /** Seconds since 1970. */
  readonly issuedAt: number
  readonly expiresAt: number
}

/**
 * Reads the issuer-signed part: form, `typ`, and the claims every certificate has.
 *
 * @throws CredentialError `typ_mismatch`, `header_invalid`, `required_claim_missing`,
 * `issuer_untrusted`, `vct_invalid`, `aka_vcts_invalid`, `time_malformed`, or as `parseJws`
 * @see SD-JWT VC §2.2
 */
export function readIssuedCertificate(text: string): IssuedCertificate {
  const { maxDepth } = credentialLimits
  const jwt = parseJws(text, { algorithms: signatureAlgorithms, maxDepth })
  if (jwt.header['typ'] !== CERTIFICATE_TYP) {
    throw new CredentialError('typ_mismatch', `The typ of a certificate is ${CERTIFICATE_TYP}.`)
  }
  const issuer = required(jwt.payload, 'iss')
  if (typeof issuer !== 'string') {
    throw new CredentialError('issuer_untrusted', 'The iss of a certificate is a string.')
  }
  required(jwt.payload, 'cnf')
  required(jwt.payload, 'vct')
  return {
    jwt,
    issuer,
    vct: readTypes(jwt.payload).vct,
    issuedAt: time(jwt.payload, 'iat'),
    expiresAt: time(jwt.payload, 'exp'),
  }
}

/**
 * The one key that may have signed: the issuer's own, listed for certificates of this type, counting
 * when it signed and now. Nothing in the certificate chooses a key that is not listed for its `iss`.
 *
 * @param now - Seconds since 1970.
 * @throws CredentialError `issuer_untrusted`, `header_invalid`, `x5c_invalid`, `key_not_of_issuer`,
 * `key_use_not_allowed`, `type_not_allowed`, `key_outside_window`, `key_revoked`
 * @see SD-JWT VC §2.5, §7.3, §7.7
 */
export function findIssuerKey(
  trust: Trust,
  certificate: IssuedCertificate,
  now: number,
): { readonly issuer: IssuerTrust; readonly key: TrustedKeyHandle } {
  const issuer = trust.issuers.get(certificate.issuer)
  if (issuer === undefined) {
    throw new CredentialError(
      'issuer_untrusted',
      'The issuer is not on the trust list: import the newest list or refuse the certificate.',
    )
  }
  const named = namedKeyId(issuer.entry.mechanism, certificate.jwt.header)
  const keyId = absoluteKeyId(named, certificate.issuer)
  const key = findKey(issuer, 'credential', keyId)
  if (key === undefined) {
    const listed = issuer.keys.some((other) => other.keyId === keyId)
    throw new CredentialError(
      listed ? 'key_use_not_allowed' : 'key_not_of_issuer',
      'The certificate is signed by a key that is not listed for its issuer’s certificates.',
    )
  }
  if (!issuer.types.has(certificate.vct)) {
    throw new CredentialError(
      'type_not_allowed',
      'The issuer may not issue certificates of this type.',
    )
  }
  // `iat` is rounded down to the hour, so the first hour of a key counts from its beginning.
  const from = key.notBefore - (key.notBefore % HOUR_SECONDS)
  const signedInside = certificate.issuedAt >= from && certificate.issuedAt <= key.notAfter
  if (!signedInside || now < key.notBefore || now > key.notAfter) {
    throw new CredentialError(
      key.revokedAt === null ? 'key_outside_window' : 'key_revoked',
      'The key of the certificate did not count when it signed, or does not now.',
    )
  }
  return { issuer, key }
}

/**
 * Checks the times of a certificate.
 *
 * @param now - Seconds since 1970.
 * @throws CredentialError `time_expired`, `time_not_yet_valid`, `time_malformed`
 */
export function assertValidity(certificate: IssuedCertificate, now: number): void {
  const { payload } = certificate.jwt
  assertTimes(payload, { now, clockSkewSeconds: 0, rejectFutureIat: false })
  if (certificate.issuedAt > now + CLOCK_SKEW_SECONDS) {
    throw new CredentialError(
      'time_not_yet_valid',
      'The certificate was issued in the future: set the clock.',
    )
  }
}

/**
 * Puts the Disclosures in and holds the result against the rules of the format and of its type.
 *
 * @throws CredentialError as `processSdJwt`, `assertVisibleClaims`, `assertTypeRules` and
 * `verifyIntegrity`
 * @see RFC 9901 §7.1 steps 3 to 5, SD-JWT VC §5.7, §6
 */
export function discloseClaims(
  certificate: IssuedCertificate,
  parts: SdJwtParts,
  role: MetadataRole,
): { readonly view: IssuedView; readonly hashAlgorithm: HashAlgorithm } {
  const hashAlgorithm = readHashAlgorithm(certificate.jwt.payload['_sd_alg'], hashAlgorithms)
  const { payload, structure } = processSdJwt({
    payload: certificate.jwt.payload,
    disclosures: parts.disclosures,
    hashAlgorithm,
    limits: credentialLimits,
  })
  assertVisibleClaims(payload, structure)
  const view = { payload, structure }
  const type = certificateTypes.get(certificate.vct)
  if (type !== undefined) {
    assertTypeRules(type, view, role)
    const integrity = payload['vct#integrity']
    if (integrity !== type.integrity) verifyIntegrity(type.documentText, integrity)
  }
  return { view, hashAlgorithm }
}

/**
 * Whom the certificate speaks for: its holder, or somebody the holder is guardian of.
 *
 * @throws CredentialError `claim_invalid` for another representation than by a guardian.
 */
export function readRole(payload: JsonObject): 'self' | 'guardian' {
  const representation = memberOf(payload, 'rep')
  if (representation === undefined) return 'self'
  if (representation === 'guardian') return 'guardian'
  throw new CredentialError(
    'claim_invalid',
    'The certificate is shown on behalf in an unknown way.',
  )
}

/** A relative DID URL is one of the issuer's own (DID Core §3.2.2); without a name it is its only one. */
function absoluteKeyId(named: unknown, issuer: string): unknown {
  if (named === undefined) return defaultKeyId(issuer)
  return typeof named === 'string' && named.startsWith('#') ? `${issuer}${named}` : named
}

/** Without `kid`, the key that `iss` itself names. */
function defaultKeyId(did: string): string {
  return `${did}#${did.slice('did:key:'.length)}`
}

function required(payload: JsonObject, name: string) {
  const value = memberOf(payload, name)
  if (value !== undefined) return value
  throw new CredentialError('required_claim_missing', `The certificate has no visible ${name}.`)
}

function time(payload: JsonObject, name: string): number {
  const value = required(payload, name)
  if (typeof value === 'number') return value
  throw new CredentialError('time_malformed', `The claim ${name} is not a number of seconds.`)
}
