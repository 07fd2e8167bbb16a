/**
 * Point checks for public keys: P-256 decompression, Ed25519 validity. Only public values pass
 * through here, so plain BigInt arithmetic, which is not constant in time, is fine.
 */

// P-256, SEC 2 §2.4.2
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn

// Ed25519, RFC 8032 §5.1
const Q = (1n << 255n) - 19n
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n

// y of the points whose order divides 8: the neutral element, order 2, order 4, and the two of order 8
const ORDER_8_Y = 2707385501144840649318225287225658788936804267575313519463743609750303402022n
const smallOrderY: ReadonlySet<bigint> = new Set([1n, Q - 1n, 0n, ORDER_8_Y, Q - ORDER_8_Y])

/** True when (x, y), 32 octets each, is a point of P-256. */
export function isP256Point(x: Uint8Array, y: Uint8Array): boolean {
  const x0 = fromBigEndian(x)
  const y0 = fromBigEndian(y)
  if (x0 >= P || y0 >= P) return false
  return (y0 * y0 - curveRightSide(x0)) % P === 0n
}

/** y of the P-256 point with this x and parity, 32 octets, or undefined when there is none. */
export function decompressP256(x: Uint8Array, odd: boolean): Uint8Array | undefined {
  const x0 = fromBigEndian(x)
  if (x0 >= P) return undefined
  const square = modulo(curveRightSide(x0), P)
  const root = power(square, (P + 1n) / 4n, P)
  if ((root * root) % P !== square) return undefined
  return toBigEndian((root & 1n) === (odd ? 1n : 0n) ? root : P - root)
}

/**
 * True for an encoding that is canonical and not of small order; it may still be off the curve, in
 * which case no signature verifies. Cheap enough for a key that was never seen.
 */
export function isEd25519Encoding(key: Uint8Array): boolean {
  if (key.length !== 32) return false
  const y = fromLittleEndian(key) & ((1n << 255n) - 1n)
  // With a small-order key a signature can verify for any message.
  return y < Q && !smallOrderY.has(y)
}

/** True for the canonical encoding of a point of Ed25519 that is not of small order. */
export function isEd25519Point(key: Uint8Array): boolean {
  if (!isEd25519Encoding(key)) return false
  const y = fromLittleEndian(key) & ((1n << 255n) - 1n)
  const y2 = (y * y) % Q
  // RFC 8032 §5.1.3 steps 2 and 3: x² = u/v, one exponentiation. x = 0 only where y is ±1, refused
  // above.
  const u = modulo(y2 - 1n, Q)
  const v = (D * y2 + 1n) % Q
  const v3 = (((v * v) % Q) * v) % Q
  const root = (u * v3 * power((u * v3 * v3 * v) % Q, (Q - 5n) / 8n, Q)) % Q
  const check = (v * ((root * root) % Q)) % Q
  return check === u || check === modulo(-u, Q)
}

function curveRightSide(x: bigint): bigint {
  return x * x * x - 3n * x + B
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let factor = modulo(base, modulus)
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % modulus
    factor = (factor * factor) % modulus
  }
  return result
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus
  return rest < 0n ? rest + modulus : rest
}

function fromBigEndian(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 32)
  return (
    (view.getBigUint64(0) << 192n) |
    (view.getBigUint64(8) << 128n) |
    (view.getBigUint64(16) << 64n) |
    view.getBigUint64(24)
  )
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 32)
  return (
    (view.getBigUint64(24, true) << 192n) |
    (view.getBigUint64(16, true) << 128n) |
    (view.getBigUint64(8, true) << 64n) |
    view.getBigUint64(0, true)
  )
}

function toBigEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32)
  const view = new DataView(bytes.buffer)
  for (let word = 0; word < 4; word += 1) {
    view.setBigUint64(word * 8, BigInt.asUintN(64, value >> BigInt(192 - 64 * word)))
  }
  return bytes
}
