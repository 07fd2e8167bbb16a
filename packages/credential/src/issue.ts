import { hashBase64Url } from '@netcert/credential/crypto'
import { encodeTextBase64Url } from './base64url.js'
import type { CertificateType } from './certificate-types.js'
import { type CertifiedSigner, issuerNameOf, keyHeaderOf } from './certified-signer.js'
import { type PackedClaims, type PackingTools, packClaims } from './claim-packing.js'
import { epochSeconds } from './epoch-seconds.js'
import { CredentialError } from './errors.js'
import type { JsonObject } from './json.js'
import { type PublicJwk, readPublicJwk } from './jwk.js'
import { signEncoded } from './jws.js'
import { credentialLimits } from './limits.js'
import { createDecoyDigest, createSalt } from './salt.js'
import { joinSdJwt } from './sd-jwt.js'
import type { Signer } from './signer.js'

/** Where the status of a certificate stands: entry `index` of the list at `uri`. */
export type StatusReference = { readonly uri: string; readonly index: number }

export type CreateCredentialOptions = {
  readonly type: CertificateType
  /** The issuer's key; its did:key is `iss`, or what it is certified for. */
  readonly signer: Signer | CertifiedSigner
  /** The holder's key, whose possession the caller has had proven. */
  readonly holderJwk: PublicJwk
  /** The claims of the type: disclosable ones and those that are always visible. */
  readonly claims: JsonObject
  /** Both instants are rounded down to the hour, so that they tell no one copy from another. */
  readonly issuedAt: Date
  readonly expiresAt: Date
  readonly status: StatusReference | null
  /**
   * Whether the header names a did:key issuer's key although it follows from `iss`: wallets of
   * others ask for a `kid` beside a DID. Left out unless asked for, since every octet counts in a
   * QR code. A key that does not follow from `iss` is always named.
   */
  readonly namesKey?: boolean
}

export type CreateBatchOptions = Omit<CreateCredentialOptions, 'holderJwk' | 'status'> & {
  readonly copies: readonly {
    readonly holderJwk: PublicJwk
    readonly status: StatusReference | null
  }[]
}

const HOUR_SECONDS = 3600
const HASH = 'sha-256'
const packingTools: PackingTools = {
  salt: createSalt,
  digest: (encoded) => hashBase64Url(HASH, encoded),
  decoy: createDecoyDigest,
}

/**
 * Mints one certificate: an SD-JWT VC `<jwt>~<disclosure>~…~` in which each claim that the type
 * makes disclosable is a Disclosure of its own, and decoys fill every `_sd` to a fixed length.
 *
 * @throws CredentialError `unknown_claim`, `mandatory_claim_missing`, `reserved_name_misuse`,
 * `claim_invalid`, `too_deep`, `too_large`, and as `readPublicJwk`
 * @see RFC 9901 §4, SD-JWT VC §2.2
 */
export async function createCredential(options: CreateCredentialOptions): Promise<string> {
  const { signer } = options
  const packed = packClaims(options.type, options.claims, packingTools)
  const payload = encodeTextBase64Url(payloadText(options, packed))
  const jwt = await signEncoded(headerOf(signer, options.namesKey === true), payload, signer)
  return bounded(joinSdJwt(jwt, packed.disclosures))
}

/**
 * The payload as JSON text, joined by hand: most of it is digests and numbers, which need no
 * escaping, and the serializer takes twice as long over them.
 */
function payloadText(options: CreateCredentialOptions, packed: PackedClaims): string {
  const { type, signer } = options
  const iat = wholeHour(options.issuedAt)
  const exp = wholeHour(options.expiresAt)
  if (exp <= iat) {
    throw new CredentialError(
      'claim_invalid',
      'A certificate ends at least an hour after its start.',
    )
  }
  const text =
    `{"iss":${JSON.stringify(issuerNameOf(signer))},"vct":${JSON.stringify(type.vct)}` +
    `,"vct#integrity":${JSON.stringify(type.integrity)},"iat":${iat},"exp":${exp}` +
    `,"cnf":{"jwk":${jwkText(readPublicJwk(options.holderJwk))}}` +
    statusMember(options) +
    visibleMembers(packed.visible)
  // The digests are sorted: they are random, so this order tells nothing (RFC 9901 §4.2.4.1). A
  // payload without disclosable claims has no _sd at all (SD-JWT VC §2.2.2.5).
  return packed.digests.length === 0
    ? `${text},"_sd_alg":"${HASH}"}`
    : `${text},"_sd_alg":"${HASH}","_sd":["${packed.digests.join('","')}"]}`
}

/** The coordinates are canonical base64url by now. */
function jwkText(jwk: PublicJwk): string {
  return jwk.kty === 'EC'
    ? `{"kty":"EC","crv":"P-256","x":"${jwk.x}","y":"${jwk.y}"}`
    : `{"kty":"OKP","crv":"Ed25519","x":"${jwk.x}"}`
}

function visibleMembers(visible: JsonObject): string {
  const text = JSON.stringify(visible)
  return text === '{}' ? '' : `,${text.slice(1, -1)}`
}

/**
 * Mints copies of one certificate that nobody can link: no digest, salt, holder key, status entry
 * or time below the hour is the same in two of them.
 *
 * @throws CredentialError `copies_not_unlinkable` when two copies would have the same key or status
 * entry, and as `createCredential`
 * @see RFC 9901 §10.1
 */
export async function createBatch(options: CreateBatchOptions): Promise<string[]> {
  const { copies, type, signer, claims, issuedAt, expiresAt, namesKey = false } = options
  const keys = new Set(copies.map(({ holderJwk }) => `${holderJwk.kty} ${holderJwk.x}`))
  const entries = copies.flatMap(({ status }) => (status ? [`${status.index} ${status.uri}`] : []))
  if (keys.size !== copies.length || new Set(entries).size !== entries.length) {
    throw new CredentialError(
      'copies_not_unlinkable',
      'Two copies have the same holder key or status entry; give each its own.',
    )
  }
  const credentials: string[] = []
  for (const { holderJwk, status } of copies) {
    const one = { type, signer, claims, issuedAt, expiresAt, namesKey, holderJwk, status }
    credentials.push(await createCredential(one))
  }
  return credentials
}

function wholeHour(instant: Date): number {
  const seconds = epochSeconds(instant)
  if (!Number.isFinite(seconds)) throw new TypeError('not a valid instant')
  return seconds - (seconds % HOUR_SECONDS)
}

function statusMember(options: CreateCredentialOptions): string {
  const { status, type } = options
  if (status === null) return ''
  const allowed = type.claims.some((rule) => rule.path.length === 1 && rule.path[0] === 'status')
  if (!allowed || !Number.isSafeInteger(status.index) || status.index < 0 || status.uri === '') {
    throw new CredentialError(
      'claim_invalid',
      'This type has no status, or the status entry is not a URI and a position.',
    )
  }
  return `,"status":{"status_list":{"idx":${status.index},"uri":${JSON.stringify(status.uri)}}}`
}

// Without `kid`: with did:key the key follows from `iss`.
const headers = {
  ES256: encodeTextBase64Url('{"alg":"ES256","typ":"dc+sd-jwt"}'),
  EdDSA: encodeTextBase64Url('{"alg":"EdDSA","typ":"dc+sd-jwt"}'),
} as const

function headerOf(signer: Signer | CertifiedSigner, namesKey: boolean): string {
  if (issuerNameOf(signer) === signer.did && !namesKey) return headers[signer.alg]
  const header = { alg: signer.alg, typ: 'dc+sd-jwt', ...keyHeaderOf(signer) }
  return encodeTextBase64Url(JSON.stringify(header))
}

/** Nobody would read a longer one. */
function bounded(credential: string): string {
  if (credential.length <= credentialLimits.maxBytes) return credential
  throw new CredentialError(
    'too_large',
    `The certificate is longer than ${credentialLimits.maxBytes} bytes; use a smaller portrait.`,
  )
}
