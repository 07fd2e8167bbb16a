/**
 * Text and base64url on Node's Buffer. Texts pass through one scratch buffer: everything here is
 * synchronous, so nobody else can write in between, and the garbage collection of a Buffer for each
 * text costs more than the coding itself.
 */

const scratch = Buffer.allocUnsafeSlow(256 * 1024)
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The UTF-8 octets of `text`. Many times cheaper than TextEncoder, which makes a buffer each time. */
export function textToBytes(text: string): Uint8Array {
  return plain(Buffer.from(text))
}

/** The octets of a text of characters below 256. Read it before anything else passes through here. */
export function latin1Bytes(text: string): Uint8Array {
  if (text.length > scratch.length) return Buffer.from(text, 'latin1')
  return scratch.subarray(0, scratch.write(text, 'latin1'))
}

/** base64url of the UTF-8 octets of `text`, without padding. */
export function textToBase64Url(text: string): string {
  // UTF-8 needs at most three octets for each UTF-16 unit.
  if (text.length * 3 > scratch.length) return Buffer.from(text).toString('base64url')
  return scratch.toString('base64url', 0, scratch.write(text))
}

/** `textToBase64Url` of each text. They are written at once: a call for each costs as much as the rest. */
export function textsToBase64Url(texts: readonly string[]): string[] {
  const together = texts.join('')
  if (together.length * 3 > scratch.length) return texts.map(textToBase64Url)
  const isAscii = scratch.write(together) === together.length
  let from = 0
  return texts.map((text) => {
    const start = from
    from += isAscii ? text.length : Buffer.byteLength(text)
    return scratch.toString('base64url', start, from)
  })
}

/** base64url without padding. */
export function bytesToBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')
}

/** Decodes canonical base64url without padding; undefined for anything else. */
export function bytesFromBase64Url(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64url')
  // Buffer forgives everything, even symbols whose low octet alone is one. Encoding back is the one
  // complete test: every stray character, padding or spare bit shows.
  return bytes.toString('base64url') === text ? plain(bytes) : undefined
}

/**
 * The text in canonical base64url of UTF-8 octets; undefined when it is not canonical. A byte order
 * mark is kept.
 *
 * @throws TypeError when the octets are not UTF-8.
 */
export function textFromBase64Url(text: string): string | undefined {
  if (text.length > scratch.length) {
    const bytes = bytesFromBase64Url(text)
    return bytes && strictUtf8.decode(bytes)
  }
  const length = scratch.write(text, 'base64url')
  if (scratch.toString('base64url', 0, length) !== text) return undefined
  return strictUtf8.decode(scratch.subarray(0, length))
}

/** The same bytes without Buffer's own `slice` and `toString`, so that both platforms give the same. */
export function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
