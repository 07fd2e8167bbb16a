import { p256, p256_hasher } from '@noble/curves/nist.js'
import { decodeBase64Url, encodeBase64Url } from './base64url.js'
import { CredentialError } from './errors.js'

/** A point of P-256 other than the identity. */
export type BlindPoint = InstanceType<typeof p256.Point>

/** A number in [1, n-1], n the order of P-256. */
export type BlindScalar = bigint

const { Point } = p256
const { Fn } = Point

const POINT_CHARACTERS = 44
const SCALAR_CHARACTERS = 43

/** RFC 9380 §3.1: of this use and this version alone. */
const DST = 'netcert/platform-number/v1/P256_XMD:SHA-256_SSWU_RO_'

/** @see RFC 9380 §8.2, P256_XMD:SHA-256_SSWU_RO_ */
export function hashToPoint(message: Uint8Array): BlindPoint {
  return p256_hasher.hashToCurve(message, { DST })
}

/**
 * Reads a compressed point in base64url. The identity has no such form, and P-256 has no points of
 * small order, so whatever is on the curve is fit for use.
 *
 * @throws CredentialError `platform_number_invalid`
 */
export function parsePoint(text: string): BlindPoint {
  return reading(() => {
    if (text.length !== POINT_CHARACTERS) throw new TypeError('not a compressed point')
    return Point.fromBytes(decodeBase64Url(text))
  })
}

/** The compressed form (SEC 1 §2.3.3) in base64url, as the claim and the wire hold a point. */
export function encodePoint(point: BlindPoint): string {
  return encodeBase64Url(point.toBytes(true))
}

/**
 * Reads 32 bytes in base64url, big-endian; 0 and the order and above are refused.
 *
 * @throws CredentialError `platform_number_invalid`
 */
export function parseScalar(text: string): BlindScalar {
  return reading(() => {
    if (text.length !== SCALAR_CHARACTERS) throw new TypeError('not 32 bytes')
    const scalar = Fn.fromBytes(decodeBase64Url(text))
    if (!Fn.isValidNot0(scalar)) throw new TypeError('zero')
    return scalar
  })
}

/** r⁻¹ modulo the order. */
export function invertScalar(scalar: BlindScalar): BlindScalar {
  return Fn.inv(scalar)
}

/** 1 + (bytes as a big-endian integer mod (n-1)): never zero. */
export function scalarFromUniform(bytes: Uint8Array): BlindScalar {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return 1n + (value % (Fn.ORDER - 1n))
}

/** What cannot be read is refused with one code: why does not matter to anybody honest. */
function reading<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (cause) {
    throw new CredentialError(
      'platform_number_invalid',
      'A point or a blinding of a platform number is not what it must be: get a new copy.',
      { cause },
    )
  }
}
