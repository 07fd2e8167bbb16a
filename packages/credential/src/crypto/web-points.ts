import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'

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

function p256Point(encoded: Uint8Array): Uint8Array | undefined {
  try {
    return p256.Point.fromBytes(encoded).toBytes(false)
  } catch {
    return undefined
  }
}
