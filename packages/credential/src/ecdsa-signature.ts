/**
 * The two spellings of an ECDSA P-256 signature: 64 octets `r || s` on the wire (RFC 7518 §3.4) and
 * ASN.1 DER inside OpenSSL and most hardware. Converting here is cheaper than asking node:crypto to.
 */

const COORDINATE_BYTES = 32

/** Length of the longest DER form: two integers of 33 octets and their heads. */
export const MAX_DER_BYTES = 72

/**
 * DER of a raw 64-octet signature. Zero and out-of-range values are left for the verifier to refuse.
 *
 * @param target - Where to write, at least `MAX_DER_BYTES` long; the result is a view of it.
 */
export function derFromRawSignature(
  raw: Uint8Array,
  target: Uint8Array = new Uint8Array(MAX_DER_BYTES),
): Uint8Array {
  const r = integerStart(raw, 0)
  const s = integerStart(raw, COORDINATE_BYTES)
  const rPad = (raw[r] ?? 0) >> 7
  const sPad = (raw[s] ?? 0) >> 7
  const rLength = COORDINATE_BYTES - r + rPad
  const sLength = 2 * COORDINATE_BYTES - s + sPad
  const der = target.subarray(0, 6 + rLength + sLength)
  der[0] = 0x30
  der[1] = 4 + rLength + sLength
  der[2] = 0x02
  der[3] = rLength
  der[4] = 0 // stays where the first bit of r is set
  der.set(raw.subarray(r, COORDINATE_BYTES), 4 + rPad)
  der[4 + rLength] = 0x02
  der[5 + rLength] = sLength
  der[6 + rLength] = 0
  der.set(raw.subarray(s, 2 * COORDINATE_BYTES), 6 + rLength + sPad)
  return der
}

/**
 * Raw 64 octets of a DER signature made by a trusted signer.
 *
 * @throws TypeError when `der` is not the DER form of two positive integers of at most 32 octets.
 */
export function rawFromDerSignature(der: Uint8Array): Uint8Array {
  const raw = new Uint8Array(2 * COORDINATE_BYTES)
  if (der[0] !== 0x30 || der[1] !== der.length - 2) throw new TypeError('not a DER signature')
  const sAt = copyInteger(der, 2, raw, 0)
  const end = copyInteger(der, sAt, raw, COORDINATE_BYTES)
  if (end !== der.length) throw new TypeError('not a DER signature')
  return raw
}

function integerStart(raw: Uint8Array, from: number): number {
  let at = from
  while (at < from + COORDINATE_BYTES - 1 && raw[at] === 0) at += 1
  return at
}

function copyInteger(der: Uint8Array, at: number, raw: Uint8Array, offset: number): number {
  const end = at + 2 + (der[at + 1] ?? 0)
  let start = at + 2
  if (der[start] === 0) start += 1
  if (der[at] !== 0x02 || end > der.length || end - start > COORDINATE_BYTES || end <= start) {
    throw new TypeError('not a DER signature')
  }
  raw.set(der.subarray(start, end), offset + COORDINATE_BYTES - (end - start))
  return end
}
