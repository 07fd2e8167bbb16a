/**
 * Platform numbers by blind evaluation: one number for each person and platform, which the issuer
 * makes possible without seeing the platform. An export of its own, since loading the curve takes
 * longer than a verifier of facts may take to start.
 *
 * @see docs/formats/platform-number.md
 */
import { hash, randomBytes } from '@netcert/credential/crypto'
import { expand } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { encodeBase64Url } from './base64url.js'
import {
  type BlindPoint,
  type BlindScalar,
  encodePoint,
  hashToPoint,
  invertScalar,
  parsePoint,
  parseScalar,
  scalarFromUniform,
} from './blind-point.js'
import { crockfordCheckDigits, crockfordSymbol, NUMBER_SYMBOLS } from './crockford-number.js'
import { CredentialError } from './errors.js'
import type { BlindedNumber, Blinding, Platform } from './platform.js'

export {
  type BlindedNumber,
  type Blinding,
  formatPlatformNumber,
  type Platform,
  parsePlatformNumber,
  readBlindedNumber,
} from './platform.js'

const SECRET_BYTES = 32
/** RFC 9380 §5: 128 bits more than the order, so that the remainder is as good as uniform. */
const WIDE_BYTES = 48
/** Multiples of H(id) kept by a platform: 0.4 MB, and a check that costs half. */
const WINDOW_BITS = 6
const MAX_ID_CHARACTERS = 256

const keyInfo = utf8('netcert/platform-number/v1/key')
const outPrefix = 'netcert/platform-number/v1/out|'

/** What the issuer's answer for a person hangs on; neither ever leaves the issuer. */
export type PersonSecrets = {
  /** `K_pn`, 32 bytes: the issuer's, for all persons. */
  readonly key: Uint8Array
  /** 32 random bytes of the person. */
  readonly salt: Uint8Array
}

/**
 * The wallet's step: a fresh blinding of a platform's identifier. `b` is uniformly random whatever
 * the platform is, so it tells the issuer nothing; `r` opens it again.
 *
 * @throws TypeError when `platformId` is empty, too long or not well-formed text.
 */
export function blindPlatformId(platformId: string): Blinding {
  const r = drawScalar()
  return { r: r.text, b: encodePoint(hashId(platformId).multiply(r.scalar)) }
}

/**
 * The issuer's step: answers a blinded platform with the person's key, for the claim
 * `platform_number`.
 *
 * @throws CredentialError `platform_number_invalid` when `b` is not a point of the curve in its one
 * form; TypeError when a secret is not 32 bytes.
 */
export function evaluateBlinded(options: PersonSecrets & { readonly b: string }): BlindedNumber {
  const blinded = parsePoint(options.b)
  return { b: options.b, e: encodePoint(blinded.multiply(personKey(options))) }
}

/**
 * The platform's side: computes H(id) and its multiples once, then opens numbers.
 *
 * @throws TypeError when `platformId` is empty, too long or not well-formed text.
 */
export function createPlatform(platformId: string): Platform {
  const base = hashId(platformId).precompute(WINDOW_BITS, false)
  const platform: Omit<Platform, symbol> = {
    id: platformId,
    openNumber: ({ b, e, r }) => {
      const blinding = parseScalar(r)
      const [blinded, evaluated] = [parsePoint(b), parsePoint(e)]
      if (!base.multiply(blinding).equals(blinded)) throw mismatch()
      return numberOf(platformId, evaluated.multiply(invertScalar(blinding)))
    },
  }
  // The one place where a platform is made: the brand has no value of its own.
  return Object.freeze(platform) as Platform
}

/**
 * The number of a person at a platform, without a wallet. For the issuer's re-identification on a
 * lawful order alone.
 *
 * @throws TypeError for an identifier that is none, or a secret that is not 32 bytes.
 */
export function unblindedNumber(options: PersonSecrets & { readonly platformId: string }): string {
  const { platformId, ...secrets } = options
  return numberOf(platformId, hashId(platformId).multiply(personKey(secrets)))
}

/**
 * `unblindedNumber` for many persons at one platform: what does not depend on the person is computed
 * once, which makes a search several times as fast.
 *
 * @throws TypeError as `unblindedNumber`
 */
export function createNumberSearch(platformId: string): (secrets: PersonSecrets) => string {
  const base = hashId(platformId).precompute(WINDOW_BITS, false)
  return (secrets) => numberOf(platformId, base.multiply(personKey(secrets)))
}

function hashId(platformId: string): BlindPoint {
  // A lone surrogate has no UTF-8: two identifiers would become one.
  const fits = platformId.length >= 1 && platformId.length <= MAX_ID_CHARACTERS
  if (!fits || /\p{Surrogate}/u.test(platformId)) {
    throw new TypeError('A platform is named by 1 to 256 characters of well-formed text.')
  }
  return hashToPoint(utf8(platformId))
}

function drawScalar(): { readonly text: string; readonly scalar: BlindScalar } {
  for (;;) {
    const text = encodeBase64Url(randomBytes(SECRET_BYTES))
    try {
      return { text, scalar: parseScalar(text) }
    } catch {
      // Zero, or the order and above: one draw in 2^32. Drawing again keeps it uniform.
    }
  }
}

/** k_u of docs/formats/platform-number.md: 1 + (HKDF-Expand(K_pn, label || salt, 48) mod (n-1)). */
function personKey({ key, salt }: PersonSecrets): BlindScalar {
  if (key.length !== SECRET_BYTES || salt.length !== SECRET_BYTES) {
    throw new TypeError('The key of platform numbers and the salt of a person are 32 bytes each.')
  }
  return scalarFromUniform(expand(sha256, key, joined(keyInfo, salt), WIDE_BYTES))
}

function numberOf(platformId: string, point: BlindPoint): string {
  const digest = hash('sha-256', joined(utf8(`${outPrefix}${platformId}|`), point.toBytes(true)))
  let symbols = ''
  for (let bit = 0; symbols.length < NUMBER_SYMBOLS; bit += 5) {
    const two = ((digest[bit >> 3] ?? 0) << 8) | (digest[(bit >> 3) + 1] ?? 0)
    symbols += crockfordSymbol(two >> (11 - (bit & 7)))
  }
  return `P${symbols}${crockfordCheckDigits(symbols)}`
}

function mismatch(): CredentialError {
  return new CredentialError(
    'platform_number_mismatch',
    'The platform number was made for another platform: present the copy made for this one.',
  )
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length)
  bytes.set(head)
  bytes.set(tail, head.length)
  return bytes
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
