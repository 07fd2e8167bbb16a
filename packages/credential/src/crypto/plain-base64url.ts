/** base64url in plain JavaScript, for platforms without a native one. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const utf8 = new TextEncoder()
const digits = new Map(Array.from(ALPHABET, (symbol, digit) => [symbol, digit]))

/** base64url without padding. */
export function bytesToBase64Url(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 6; ) {
      bits -= 6
      text += ALPHABET.charAt((held >> bits) & 63)
    }
    held &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + ALPHABET.charAt((held << (6 - bits)) & 63)
}

/** Decodes canonical base64url without padding; undefined for anything else. */
export function bytesFromBase64Url(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let bits = 0
  let held = 0
  let at = 0
  for (const symbol of text) {
    const digit = digits.get(symbol)
    if (digit === undefined) return undefined
    held = (held << 6) | digit
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at] = held >> bits
      at += 1
      held &= (1 << bits) - 1
    }
  }
  // A lone last symbol holds no octet; spare bits that are not zero would be a second spelling.
  return held !== 0 || text.length % 4 === 1 ? undefined : bytes
}

/** The UTF-8 octets of `text`. */
export function textToBytes(text: string): Uint8Array {
  return utf8.encode(text)
}

/** `textToBase64Url` of each text. */
export function textsToBase64Url(texts: readonly string[]): string[] {
  return texts.map(textToBase64Url)
}

/** base64url of the UTF-8 octets of `text`, without padding. */
export function textToBase64Url(text: string): string {
  return bytesToBase64Url(utf8.encode(text))
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The text in canonical base64url of UTF-8 octets; undefined when it is not canonical. A byte order
 * mark is kept.
 *
 * @throws TypeError when the octets are not UTF-8.
 */
export function textFromBase64Url(text: string): string | undefined {
  const bytes = bytesFromBase64Url(text)
  return bytes && strictUtf8.decode(bytes)
}
