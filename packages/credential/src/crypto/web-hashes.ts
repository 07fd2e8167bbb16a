import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import type { HashAlgorithm } from '../algorithms.js'
import { bytesToBase64Url } from './plain-base64url.js'

const hashes = { 'sha-256': sha256, 'sha-384': sha384, 'sha-512': sha512 } as const

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
