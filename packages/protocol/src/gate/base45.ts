import { malformed } from './code-marks.js'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const BASE = ALPHABET.length

const valueOf: ReadonlyMap<string, number> = new Map(
  Array.from(ALPHABET, (symbol, value) => [symbol, value]),
)

/**
 * Base45: three characters of the QR code's alphanumeric mode for two octets, two for a last one.
 *
 * @see RFC 9285 §4
 */
export function encodeBase45(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 2) {
    const [first = 0, second] = bytes.subarray(at, at + 2)
    let value = second === undefined ? first : first * 256 + second
    for (let left = second === undefined ? 2 : 3; left > 0; left -= 1) {
      text += ALPHABET.charAt(value % BASE)
      value = Math.floor(value / BASE)
    }
  }
  return text
}

/**
 * Decodes Base45 and nothing but Base45: no lower case, no value beyond two octets, no odd end. Each
 * sequence of octets has one text.
 *
 * @throws ProtocolError `gate_code`
 * @see RFC 9285 §4, §6
 */
export function decodeBase45(text: string): Uint8Array {
  if (text.length % 3 === 1) throw malformed('its length is not that of Base45')
  const bytes = new Uint8Array(Math.floor((text.length * 2) / 3))
  let written = 0
  for (let at = 0; at < text.length; at += 3) {
    const symbols = text.slice(at, at + 3)
    const value = numberOf(symbols)
    const isLast = symbols.length === 2
    if (value > (isLast ? 0xff : 0xffff)) throw malformed('a group is beyond its octets')
    if (!isLast) {
      bytes[written] = value >> 8
      written += 1
    }
    bytes[written] = value & 0xff
    written += 1
  }
  return bytes
}

/** The least significant character comes first. */
function numberOf(symbols: string): number {
  let value = 0
  for (let at = symbols.length - 1; at >= 0; at -= 1) {
    const digit = valueOf.get(symbols.charAt(at))
    if (digit === undefined) throw malformed('a character is not of Base45')
    value = value * BASE + digit
  }
  return value
}
