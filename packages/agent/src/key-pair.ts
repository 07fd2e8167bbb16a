import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  sign,
} from 'node:crypto'
import {
  encodeBase64Url,
  type PublicJwk,
  rawFromDerSignature,
  type SignatureAlgorithm,
} from '@netcert/credential'
import { AgentError } from './errors.js'

/** The kinds of key a store keeps. */
export type KeyType = 'P-256' | 'Ed25519'

/** A fresh key: its public half, and its private half as PKCS #8 (RFC 5208), to be sealed. */
export type KeyPair = { readonly jwk: PublicJwk; readonly privateKey: Uint8Array }

const DER = {
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
} as const

/**
 * Makes a key pair on the thread pool. Never with `generateKeyPairSync`: on Node 20 that, followed
 * by a JWK export, hangs the process after some thousand keys.
 */
export function generateKey(type: KeyType): Promise<KeyPair> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, spki: Buffer, pkcs8: Buffer): void => {
      if (error) reject(error)
      else resolve({ jwk: jwkOfSpki(type, spki), privateKey: new Uint8Array(pkcs8) })
    }
    if (type === 'P-256') generateKeyPair('ec', { namedCurve: 'P-256', ...DER }, done)
    else generateKeyPair('ed25519', DER, done)
  })
}

/** PKCS #8 up to the 32 bytes of the private key itself (RFC 5915 §3, RFC 8410 §7). */
const PKCS8_PREFIX: Readonly<Record<KeyType, Uint8Array>> = {
  'P-256': Buffer.from(
    '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420',
    'hex',
  ),
  Ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
}

/**
 * A key pair from a private key of 32 bytes: the scalar of P-256, the seed of Ed25519.
 *
 * @throws AgentError `key_damaged` when it is not a private key of the curve.
 */
export function keyPairOf(type: KeyType, privateKey: Uint8Array): KeyPair {
  try {
    if (privateKey.length !== 32) throw new RangeError('not 32 bytes')
    // Reading PKCS #8, OpenSSL takes zero and numbers beyond the order; here it does not.
    if (type === 'P-256') createECDH('prime256v1').setPrivateKey(privateKey)
    const bare = Buffer.concat([PKCS8_PREFIX[type], privateKey])
    const key = createPrivateKey({ key: bare, format: 'der', type: 'pkcs8' })
    const pkcs8 = key.export({ format: 'der', type: 'pkcs8' })
    return { jwk: importPrivateKey(type, pkcs8).jwk, privateKey: new Uint8Array(pkcs8) }
  } catch {
    throw new AgentError('key_damaged', `this is no private key of ${type}; import another one`)
  }
}

/** The signature algorithm of a type: a key signs with one and no other (RFC 8725 §3.1). */
export function algorithmOf(type: KeyType): SignatureAlgorithm {
  return type === 'P-256' ? 'ES256' : 'EdDSA'
}

/** Reads a private key; `jwk` is what its public half truly is, whatever the row says. */
export function importPrivateKey(
  type: KeyType,
  pkcs8: Uint8Array,
): { readonly key: KeyObject; readonly jwk: PublicJwk } {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return { key, jwk: jwkOfSpki(type, spki) }
}

/** Reads a private key for WebCrypto, which gives it to nobody. */
export function importWebKey(type: KeyType, pkcs8: Uint8Array): Promise<CryptoKey> {
  const algorithm = type === 'P-256' ? { name: 'ECDSA', namedCurve: 'P-256' } : { name: 'Ed25519' }
  return crypto.subtle.importKey('pkcs8', Buffer.from(pkcs8), algorithm, false, ['sign'])
}

/** Signs, giving the raw 64 bytes of JWS (RFC 7518 §3.4, RFC 8037 §3.1). */
export function signRaw(type: KeyType, key: KeyObject, data: Uint8Array): Uint8Array {
  if (type === 'Ed25519') return new Uint8Array(sign(null, data, key))
  // DER and our own conversion: the ieee-p1363 option of Node costs several times the signature.
  return rawFromDerSignature(sign('sha256', data, key))
}

/** In SubjectPublicKeyInfo the key itself stands last: 32 bytes, or 04 | x | y. */
function jwkOfSpki(type: KeyType, spki: Uint8Array): PublicJwk {
  const last = (from: number, to: number): string =>
    encodeBase64Url(new Uint8Array(spki.subarray(spki.length - from, spki.length - to)))
  if (type === 'Ed25519') return { kty: 'OKP', crv: 'Ed25519', x: last(32, 0) }
  return { kty: 'EC', crv: 'P-256', x: last(64, 32), y: last(32, 0) }
}
