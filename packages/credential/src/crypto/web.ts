/**
 * Cryptography in browsers and workers: WebCrypto for keys and signatures, @noble/hashes where
 * `subtle.digest` would be many times slower, @noble/curves for points, fflate for ZLIB: these two in files
 * of their own, so that a page loads them when it needs them. The same names, promises and refusals as
 * `node.ts`.
 */
import { SIGNATURE_BYTES, type SignatureAlgorithm } from '../algorithms.js'
import { CredentialError } from '../errors.js'
import { algorithmOfJwk, type PrivateJwk, type PublicJwk } from '../jwk.js'

export type { HashAlgorithm, SignatureAlgorithm } from '../algorithms.js'
export { hash, hashBase64Url, hmacSha256 } from './web-hashes.js'
export { randomBytes } from './web-random.js'
export { decompressP256, isEd25519Point, isP256Point } from './web-points.js'
export { deflateZlib, inflateZlib } from './web-zlib.js'
export {
  bytesFromBase64Url,
  bytesToBase64Url,
  textFromBase64Url,
  textsToBase64Url,
  textToBase64Url,
  textToBytes,
} from './plain-base64url.js'

/** A public key ready for use; opaque, made by `importVerifyingKey`. */
export type VerifyingKey = { readonly alg: SignatureAlgorithm; readonly handle: CryptoKey }

/** A private key ready for use; opaque, made by `importSigningKey` or `generateSigningKey`. */
export type SigningKey = { readonly alg: SignatureAlgorithm; readonly handle: CryptoKey }

const algorithms = {
  ES256: {
    key: { name: 'ECDSA', namedCurve: 'P-256' },
    signature: { name: 'ECDSA', hash: 'SHA-256' },
  },
  EdDSA: { key: { name: 'Ed25519' }, signature: { name: 'Ed25519' } },
} as const

const utf8 = new TextEncoder()

/**
 * Makes a public key usable. The point of a P-256 key is checked by WebCrypto; Ed25519 keys were
 * checked when they were read, and one off the curve verifies nothing.
 *
 * @throws CredentialError `invalid_public_key` when the point is not on the curve.
 */
export async function importVerifyingKey(jwk: PublicJwk): Promise<VerifyingKey> {
  const alg = algorithmOfJwk(jwk)
  try {
    return { alg, handle: await importKey(jwk, alg, 'verify') }
  } catch (cause) {
    throw new CredentialError('invalid_public_key', 'The public key is not a point of its curve.', {
      cause,
    })
  }
}

/** True only for a 64-octet signature of `data` by `key`; a string is taken as ASCII. */
export async function verifySignature(
  key: VerifyingKey,
  data: Uint8Array | string,
  signature: Uint8Array,
): Promise<boolean> {
  if (signature.length !== SIGNATURE_BYTES) return false
  return crypto.subtle.verify(
    algorithms[key.alg].signature,
    key.handle,
    source(signature),
    source(typeof data === 'string' ? utf8.encode(data) : data),
  )
}

/** @throws CredentialError `invalid_jwk` when the private key does not fit its public half. */
export async function importSigningKey(jwk: PrivateJwk): Promise<SigningKey> {
  const alg = algorithmOfJwk(jwk)
  try {
    return { alg, handle: await importKey(jwk, alg, 'sign') }
  } catch (cause) {
    throw new CredentialError('invalid_jwk', 'The private key cannot be read.', { cause })
  }
}

/** 64-octet signature of `data`. */
export async function signData(key: SigningKey, data: Uint8Array): Promise<Uint8Array> {
  const signature = algorithms[key.alg].signature
  return new Uint8Array(await crypto.subtle.sign(signature, key.handle, source(data)))
}

/** A fresh key pair; the private half can never be exported. */
export async function generateSigningKey(
  alg: SignatureAlgorithm,
): Promise<{ readonly key: SigningKey; readonly jwk: PublicJwk }> {
  const usages: KeyUsage[] = ['sign', 'verify']
  const pair = (await crypto.subtle.generateKey(
    algorithms[alg].key,
    false,
    usages,
  )) as CryptoKeyPair
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  const jwk = (alg === 'ES256' ? { kty, crv, x, y } : { kty, crv, x }) as PublicJwk
  return { key: { alg, handle: pair.privateKey }, jwk }
}

function importKey(
  jwk: PublicJwk | PrivateJwk,
  alg: SignatureAlgorithm,
  usage: KeyUsage,
): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', { ...jwk }, algorithms[alg].key, false, [usage])
}

/** TypeScript tells shared buffers apart; none reaches this file. */
function source(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}
