/**
 * Cryptography in browsers and workers: WebCrypto for keys and signatures, @noble/hashes where
 * `subtle.digest` would be many times slower, @noble/curves for points, fflate for ZLIB. The same names, promises and refusals
 * as `node.ts`.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { unzlibSync, zlibSync } from 'fflate'
import { type HashAlgorithm, SIGNATURE_BYTES, type SignatureAlgorithm } from '../algorithms.js'
import { CredentialError } from '../errors.js'
import { algorithmOfJwk, type PrivateJwk, type PublicJwk } from '../jwk.js'
import { bytesToBase64Url } from './plain-base64url.js'

export type { HashAlgorithm, SignatureAlgorithm } from '../algorithms.js'
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

const hashes = { 'sha-256': sha256, 'sha-384': sha384, 'sha-512': sha512 } as const

const algorithms = {
  ES256: {
    key: { name: 'ECDSA', namedCurve: 'P-256' },
    signature: { name: 'ECDSA', hash: 'SHA-256' },
  },
  EdDSA: { key: { name: 'Ed25519' }, signature: { name: 'Ed25519' } },
} as const

const utf8 = new TextEncoder()

/** Digest of `data`; a string is hashed as UTF-8. */
export function hash(alg: HashAlgorithm, data: Uint8Array | string): Uint8Array {
  return hashes[alg](typeof data === 'string' ? utf8.encode(data) : data)
}

/** Digest as base64url, the form SD-JWT uses everywhere. */
export function hashBase64Url(alg: HashAlgorithm, data: Uint8Array | string): string {
  return bytesToBase64Url(hash(alg, data))
}

/** HMAC-SHA-256 (RFC 2104). */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(sha256, key, data)
}

/** `length` fresh random bytes from the system. */
export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}

/** True when (x, y), 32 octets each, is a point of P-256. */
export function isP256Point(x: Uint8Array, y: Uint8Array): boolean {
  return p256Point(Uint8Array.of(0x04, ...x, ...y)) !== undefined
}

/** y of the P-256 point with this x and parity, 32 octets, or undefined when there is none. */
export function decompressP256(x: Uint8Array, odd: boolean): Uint8Array | undefined {
  return p256Point(Uint8Array.of(odd ? 0x03 : 0x02, ...x))?.slice(33)
}

/**
 * True for the canonical encoding of a point of Ed25519 that is not of small order. With a
 * small-order key a signature can verify for any message.
 */
export function isEd25519Point(key: Uint8Array): boolean {
  try {
    return !ed25519.Point.fromBytes(key, false).isSmallOrder()
  } catch {
    return false
  }
}

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

/**
 * Inflates ZLIB data (RFC 1950) of at most `maxBytes` output.
 *
 * @throws CredentialError `status_list_too_large` beyond `maxBytes`, `status_list_malformed` for
 * anything else that is not exactly one ZLIB stream: raw DEFLATE, gzip, a preset dictionary, a wrong
 * checksum, bytes missing or left over.
 */
export function inflateZlib(data: Uint8Array, maxBytes: number): Uint8Array {
  const output = inflateInto(data, maxBytes)
  if (output === undefined) {
    throw new CredentialError('status_list_malformed', 'The list is not ZLIB data.')
  }
  if (output.length > maxBytes) {
    throw new CredentialError(
      'status_list_too_large',
      `The list inflates beyond ${maxBytes} bytes.`,
    )
  }
  const end = data.length - CHECKSUM_BYTES
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  if (view.getUint32(end) !== adler32(output)) {
    throw new CredentialError('status_list_malformed', 'The checksum of the list is wrong.')
  }
  // fflate does not tell how much it consumed. A stream that still inflates without its last byte
  // had bytes left over.
  const shorter = new Uint8Array(data.length - 1)
  shorter.set(data.subarray(0, end - 1))
  if (inflateInto(shorter, output.length) !== undefined) {
    throw new CredentialError('status_list_malformed', 'Bytes follow the end of the ZLIB data.')
  }
  return output
}

/** ZLIB data (RFC 1950), level 6. */
export function deflateZlib(data: Uint8Array): Uint8Array {
  return zlibSync(data, { level: 6 })
}

const CHECKSUM_BYTES = 4

function inflateInto(data: Uint8Array, maxBytes: number): Uint8Array | undefined {
  if (data.length < 2 + CHECKSUM_BYTES + 1) return undefined
  try {
    // One byte more than allowed: fflate silently cuts what does not fit.
    return unzlibSync(data, { out: new Uint8Array(maxBytes + 1) })
  } catch {
    return undefined
  }
}

/** RFC 1950 §8.2, which fflate writes and does not check. */
function adler32(data: Uint8Array): number {
  let a = 1
  let b = 0
  for (let start = 0; start < data.length; start += 3800) {
    for (const byte of data.subarray(start, start + 3800)) {
      a += byte
      b += a
    }
    a %= 65521
    b %= 65521
  }
  return b * 65536 + a
}

function p256Point(encoded: Uint8Array): Uint8Array | undefined {
  try {
    return p256.Point.fromBytes(encoded).toBytes(false)
  } catch {
    return undefined
  }
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
