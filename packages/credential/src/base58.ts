import { CredentialError } from './errors.js'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const digitOf: ReadonlyMap<string, number> = new Map(
  Array.from(ALPHABET, (symbol, digit) => [symbol, digit]),
)

/** base58btc. Quadratic in the length: only for short values such as keys. */
export function encodeBase58(bytes: Uint8Array): string {
  const digits: number[] = []
  for (const byte of bytes) {
    let carry = byte
    for (let at = 0; at < digits.length; at += 1) {
      carry += (digits[at] ?? 0) << 8
      digits[at] = carry % 58
      carry = Math.floor(carry / 58)
    }
    for (; carry > 0; carry = Math.floor(carry / 58)) digits.push(carry % 58)
  }
  const zeros = leading(bytes, 0)
  const symbols = digits.toReversed().map((digit) => ALPHABET.charAt(digit))
  return ALPHABET.charAt(0).repeat(zeros) + symbols.join('')
}

/**
 * Decodes base58btc. Quadratic in the length: bound it before.
 *
 * @throws CredentialError `invalid_did` for a symbol outside the alphabet.
 */
export function decodeBase58(text: string): Uint8Array {
  const bytes: number[] = []
  for (const symbol of text) {
    const digit = digitOf.get(symbol)
    if (digit === undefined) {
      throw new CredentialError('invalid_did', 'The identifier is not base58btc.')
    }
    let carry = digit
    for (let at = 0; at < bytes.length; at += 1) {
      carry += (bytes[at] ?? 0) * 58
      bytes[at] = carry & 0xff
      carry >>= 8
    }
    for (; carry > 0; carry >>= 8) bytes.push(carry & 0xff)
  }
  const zeros = leading(text, ALPHABET.charAt(0))
  const decoded = new Uint8Array(zeros + bytes.length)
  decoded.set(bytes.toReversed(), zeros)
  return decoded
}

function leading<T>(items: ArrayLike<T>, item: T): number {
  let count = 0
  while (count < items.length && items[count] === item) count += 1
  return count
}
