import { decompressP256, isEd25519Point } from '@netcert/credential/crypto'
import type { DIDResolver, Service, VerificationMethod } from 'did-resolver'
import type { SignatureAlgorithm } from './algorithms.js'
import { decodeBase58, encodeBase58 } from './base58.js'
import { decodeBase64Url, encodeBase64Url } from './base64url.js'
import { CredentialError } from './errors.js'
import { algorithmOfJwk, type PublicJwk, parsePublicJwk } from './jwk.js'

const PREFIX = 'did:key:'
const MAX_DID_CHARACTERS = 256

/** What a did:key identifier says. `keyId` is its one verification method, `did#multibase`. */
export type ResolvedDidKey = {
  readonly did: string
  readonly keyId: string
  readonly jwk: PublicJwk
  readonly alg: SignatureAlgorithm
}

/** Multicodec table: the codes as unsigned varints, the key lengths of did:key v0.9 §3.1.2. */
const multicodecs = [
  { code: 0xed, varint: [0xed, 0x01], keyBytes: 32, jwkOf: ed25519Jwk },
  { code: 0x1200, varint: [0x80, 0x24], keyBytes: 33, jwkOf: p256Jwk },
] as const

/**
 * The did:key identifier of a public key: one key, one name.
 *
 * @throws CredentialError as `parsePublicJwk`
 */
export function createDidKey(jwk: PublicJwk): string {
  const key = parsePublicJwk(jwk)
  const x = decodeBase64Url(key.x)
  if (key.kty === 'OKP') return `${PREFIX}z${encodeBase58(Uint8Array.of(0xed, 0x01, ...x))}`
  const odd = (decodeBase64Url(key.y)[31] ?? 0) & 1
  return `${PREFIX}z${encodeBase58(Uint8Array.of(0x80, 0x24, 0x02 + odd, ...x))}`
}

/**
 * Resolves a did:key identifier. Only the canonical spelling is taken: base58btc, shortest varint, a
 * compressed point for P-256, no fragment, at most 256 characters.
 *
 * @throws CredentialError `invalid_did`, `unsupported_multibase`, `too_large`, `invalid_multicodec`,
 * `unsupported_key_type`, `invalid_public_key_length`, `invalid_public_key`
 * @see did:key v0.9 §3.1.1, §3.1.2
 */
export function resolveDidKey(did: unknown): ResolvedDidKey {
  if (typeof did !== 'string' || !did.startsWith(PREFIX)) {
    throw new CredentialError('invalid_did', 'Only did:key identifiers are supported.')
  }
  if (did.length > MAX_DID_CHARACTERS) {
    throw new CredentialError(
      'too_large',
      `A did:key has at most ${MAX_DID_CHARACTERS} characters.`,
    )
  }
  const multibase = did.slice(PREFIX.length)
  if (multibase.startsWith('u')) {
    throw new CredentialError('unsupported_multibase', 'A did:key is written in base58btc (z).')
  }
  if (!multibase.startsWith('z') || multibase.length === 1) {
    throw new CredentialError('invalid_did', 'A did:key is written in base58btc (z).')
  }
  const jwk = keyOf(decodeBase58(multibase.slice(1)))
  return { did, keyId: `${did}#${multibase}`, jwk, alg: algorithmOfJwk(jwk) }
}

/**
 * The key behind a DID URL, whose fragment must be the identifier's own multibase value.
 *
 * @throws CredentialError `invalid_did_url`, or as `resolveDidKey`
 */
export function dereferenceDidKey(url: unknown): PublicJwk {
  const hash = typeof url === 'string' ? url.indexOf('#') : -1
  if (typeof url !== 'string' || hash < 0) {
    throw new CredentialError('invalid_did_url', 'A key is named by a DID URL with a fragment.')
  }
  const resolved = resolveDidKey(url.slice(0, hash))
  if (url !== resolved.keyId) {
    throw new CredentialError('invalid_did_url', 'The fragment is not the key of this did:key.')
  }
  return resolved.jwk
}

/** An entry for the `Resolver` of did-resolver; errors become `invalidDid` results, as it expects. */
export function didKeyResolver(): { readonly key: DIDResolver } {
  return {
    key: async (did) => {
      try {
        return {
          didResolutionMetadata: { contentType: 'application/did+ld+json' },
          didDocument: createDidDocument(resolveDidKey(did)),
          didDocumentMetadata: {},
        }
      } catch (error) {
        if (!(error instanceof CredentialError)) throw error
        return {
          didResolutionMetadata: { error: 'invalidDid', message: error.message },
          didDocument: null,
          didDocumentMetadata: {},
        }
      }
    },
  }
}

function createDidDocument(resolved: ResolvedDidKey) {
  const { did, keyId, jwk } = resolved
  const method: VerificationMethod = {
    id: keyId,
    type: 'JsonWebKey2020',
    controller: did,
    publicKeyJwk: jwk,
  }
  const service: Service[] = []
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
    id: did,
    verificationMethod: [method],
    authentication: [keyId],
    assertionMethod: [keyId],
    capabilityDelegation: [keyId],
    capabilityInvocation: [keyId],
    service,
  }
}

function keyOf(bytes: Uint8Array): PublicJwk {
  const { code, length } = readVarint(bytes)
  const codec = multicodecs.find((row) => row.code === code)
  if (codec === undefined) {
    throw new CredentialError('unsupported_key_type', 'Only P-256 and Ed25519 keys are supported.')
  }
  // One key, one name: a code in more octets than it needs would be a second spelling.
  if (length !== codec.varint.length) {
    throw new CredentialError('invalid_multicodec', 'The key code is not in its shortest form.')
  }
  const key = bytes.subarray(length)
  if (key.length !== codec.keyBytes) {
    throw new CredentialError(
      'invalid_public_key_length',
      `The public key does not have ${codec.keyBytes} octets.`,
    )
  }
  const jwk = codec.jwkOf(key)
  if (jwk === undefined) {
    throw new CredentialError('invalid_public_key', 'The public key is not a point of its curve.')
  }
  return jwk
}

/** Unsigned varint of at most four octets; the table's longest code needs two. */
function readVarint(bytes: Uint8Array): { code: number; length: number } {
  let code = 0
  for (let at = 0; at < 4 && at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    code += (byte & 0x7f) << (7 * at)
    if (byte < 0x80) return { code, length: at + 1 }
  }
  throw new CredentialError('invalid_multicodec', 'The key code is cut off or too long.')
}

function ed25519Jwk(key: Uint8Array): PublicJwk | undefined {
  return isEd25519Point(key) ? { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(key) } : undefined
}

function p256Jwk(key: Uint8Array): PublicJwk | undefined {
  if (key[0] !== 0x02 && key[0] !== 0x03) return undefined
  const x = key.slice(1)
  const y = decompressP256(x, key[0] === 0x03)
  if (y === undefined) return undefined
  return { kty: 'EC', crv: 'P-256', x: encodeBase64Url(x), y: encodeBase64Url(y) }
}
