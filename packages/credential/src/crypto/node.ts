/**
 * Cryptography on Node: synchronous node:crypto and node:zlib. The same names, promises and
 * refusals as `web.ts`; which of the two is loaded is decided by the export condition.
 */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  ECDH,
  generateKeyPair,
  KeyObject,
  hash as nodeHash,
  sign as nodeSign,
  verify as nodeVerify,
  randomFillSync,
  webcrypto,
} from 'node:crypto'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { deflateSync, inflateSync } from 'node:zlib'
import type * as NobleEd25519 from '@noble/curves/ed25519.js'
import { type HashAlgorithm, SIGNATURE_BYTES, type SignatureAlgorithm } from '../algorithms.js'
import { derFromRawSignature, MAX_DER_BYTES, rawFromDerSignature } from '../ecdsa-signature.js'
import { CredentialError } from '../errors.js'
import { algorithmOfJwk, type PrivateJwk, type PublicJwk } from '../jwk.js'
import { latin1Bytes, plain } from './buffer-base64url.js'

export type { HashAlgorithm, SignatureAlgorithm } from '../algorithms.js'
export {
  bytesFromBase64Url,
  bytesToBase64Url,
  textFromBase64Url,
  textsToBase64Url,
  textToBase64Url,
  textToBytes,
} from './buffer-base64url.js'

/** A public key ready for use; opaque, made by `importVerifyingKey`. */
export type VerifyingKey = { readonly alg: SignatureAlgorithm; readonly handle: KeyObject }

/** A private key ready for use; opaque, made by `importSigningKey` or `generateSigningKey`. */
export type SigningKey = { readonly alg: SignatureAlgorithm; readonly handle: KeyObject }

const hashNames = { 'sha-256': 'sha256', 'sha-384': 'sha384', 'sha-512': 'sha512' } as const

/** Digest of `data`; a string is hashed as UTF-8. */
export function hash(alg: HashAlgorithm, data: Uint8Array | string): Uint8Array {
  return plain(nodeHash(hashNames[alg], data, 'buffer'))
}

/** Digest as base64url, the form SD-JWT uses everywhere. */
export function hashBase64Url(alg: HashAlgorithm, data: Uint8Array | string): string {
  return nodeHash(hashNames[alg], data, 'base64url')
}

/** HMAC-SHA-256 (RFC 2104). */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return plain(createHmac('sha256', key).update(data).digest())
}

const POOL_BYTES = 4096
let pool = new Uint8Array(0)
let used = 0

/** `length` fresh random bytes from the system, drawn in blocks; no byte is ever given twice. */
export function randomBytes(length: number): Uint8Array {
  if (length > POOL_BYTES) return randomFillSync(new Uint8Array(length))
  if (used + length > pool.length) {
    // A new block instead of a refill: slices already given away must never change.
    pool = randomFillSync(new Uint8Array(POOL_BYTES))
    used = 0
  }
  const bytes = pool.subarray(used, used + length)
  used += length
  return bytes
}

/** True when (x, y), 32 octets each, is a point of P-256. */
export function isP256Point(x: Uint8Array, y: Uint8Array): boolean {
  return convertP256(Uint8Array.of(0x04, ...x, ...y), 'compressed') !== undefined
}

/** y of the P-256 point with this x and parity, 32 octets, or undefined when there is none. */
export function decompressP256(x: Uint8Array, odd: boolean): Uint8Array | undefined {
  return convertP256(Uint8Array.of(odd ? 0x03 : 0x02, ...x), 'uncompressed')?.slice(33)
}

/**
 * True for the canonical encoding of a point of Ed25519 that is not of small order. With a
 * small-order key a signature can verify for any message; OpenSSL takes them.
 */
export function isEd25519Point(key: Uint8Array): boolean {
  const { ed25519 } = loadNoble()
  try {
    return !ed25519.Point.fromBytes(key, false).isSmallOrder()
  } catch {
    return false
  }
}

/**
 * Makes a public key usable. The point of a P-256 key is checked by OpenSSL; Ed25519 keys were
 * checked when they were read, and one off the curve verifies nothing.
 *
 * @throws CredentialError `invalid_public_key` when the point is not on the curve.
 */
export async function importVerifyingKey(jwk: PublicJwk): Promise<VerifyingKey> {
  try {
    const handle =
      jwk.kty === 'EC' ? await importPoint(jwk) : createPublicKey({ key: jwk, format: 'jwk' })
    return { alg: algorithmOfJwk(jwk), handle }
  } catch (cause) {
    throw new CredentialError('invalid_public_key', 'The public key is not a point of its curve.', {
      cause,
    })
  }
}

const p256 = { name: 'ECDSA', namedCurve: 'P-256' }

/**
 * Imports the uncompressed point. OpenSSL refuses coordinates that are out of range or off the curve
 * (EC_POINT_oct2point); the order of P-256 is prime, so every such point has full order. Importing
 * the JWK instead multiplies the point by the order to find that out, which costs as much as half a
 * verification.
 */
async function importPoint(jwk: { readonly x: string; readonly y: string }): Promise<KeyObject> {
  if (jwk.x.length !== 43 || jwk.y.length !== 43) throw new TypeError('not 32 octets')
  const point = Buffer.allocUnsafe(65)
  point[0] = 0x04
  point.write(jwk.x, 1, 'base64url')
  point.write(jwk.y, 33, 'base64url')
  return KeyObject.from(await webcrypto.subtle.importKey('raw', point, p256, true, ['verify']))
}

/** True only for a 64-octet signature of `data` by `key`; a string is taken as ASCII. */
export function verifySignature(
  key: VerifyingKey,
  data: Uint8Array | string,
  signature: Uint8Array,
): boolean | Promise<boolean> {
  if (signature.length !== SIGNATURE_BYTES) return false
  const message = typeof data === 'string' ? latin1Bytes(data) : data
  if (key.alg === 'EdDSA') return nodeVerify(null, message, key.handle, signature)
  return nodeVerify('sha256', message, key.handle, derFromRawSignature(signature, der))
}

// Filled and read within one synchronous call.
const der = Buffer.allocUnsafeSlow(MAX_DER_BYTES)

/** @throws CredentialError `invalid_jwk` when the private key does not fit its public half. */
export function importSigningKey(jwk: PrivateJwk): SigningKey | Promise<SigningKey> {
  try {
    return { alg: algorithmOfJwk(jwk), handle: createPrivateKey({ key: jwk, format: 'jwk' }) }
  } catch (cause) {
    throw new CredentialError('invalid_jwk', 'The private key cannot be read.', { cause })
  }
}

/** 64-octet signature of `data`. */
export function signData(key: SigningKey, data: Uint8Array): Uint8Array | Promise<Uint8Array> {
  if (key.alg === 'EdDSA') return plain(nodeSign(null, data, key.handle))
  return rawFromDerSignature(nodeSign('sha256', data, key.handle))
}

const generate = promisify(generateKeyPair)

/** A fresh key pair; the private half stays inside the handle. */
export async function generateSigningKey(
  alg: SignatureAlgorithm,
): Promise<{ readonly key: SigningKey; readonly jwk: PublicJwk }> {
  // Asynchronous on purpose: the synchronous form followed by a JWK export can hang on Node 20.
  const pair =
    alg === 'ES256' ? await generate('ec', { namedCurve: 'P-256' }) : await generate('ed25519')
  const jwk = pair.publicKey.export({ format: 'jwk' }) as PublicJwk
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
  try {
    // `info` tells how much input was consumed: zlib itself ignores what follows the stream.
    const { buffer, engine } = inflateSync(data, {
      maxOutputLength: maxBytes,
      info: true,
    }) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } }
    if (engine.bytesWritten === data.length) return plain(buffer)
  } catch (cause) {
    const code = (cause as { code?: unknown }).code
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new CredentialError(
        'status_list_too_large',
        `The list inflates beyond ${maxBytes} bytes.`,
      )
    }
    throw new CredentialError('status_list_malformed', 'The list is not ZLIB data.', { cause })
  }
  throw new CredentialError('status_list_malformed', 'Bytes follow the end of the ZLIB data.')
}

/** ZLIB data (RFC 1950), level 6. */
export function deflateZlib(data: Uint8Array): Uint8Array {
  return plain(deflateSync(data, { level: 6 }))
}

function convertP256(point: Uint8Array, form: 'compressed' | 'uncompressed') {
  try {
    return plain(ECDH.convertKey(point, 'prime256v1', undefined, undefined, form) as Buffer)
  } catch {
    return undefined
  }
}

// Loaded with the first Ed25519 key: the import alone would cost a verifier more than its start.
let noble: typeof NobleEd25519 | undefined

function loadNoble(): typeof NobleEd25519 {
  noble ??= createRequire(import.meta.url)('@noble/curves/ed25519.js') as typeof noble
  if (noble === undefined) throw new TypeError('@noble/curves is not installed')
  return noble
}
