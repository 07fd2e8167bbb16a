import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'

/** Fewer stand in some megabytes of random ones by chance: a short name in UTF-16, for example. */
const LEAST_BYTES = 5

/** The forms a value could lie in a file in, by name; for tests that search files byte by byte. */
export function valueEncodings(value: string): ReadonlyMap<string, Buffer> {
  const utf8 = Buffer.from(value, 'utf8')
  const forms = new Map<string, Buffer>([
    ['utf-8', utf8],
    ['utf-16le', Buffer.from(value, 'utf16le')],
    ['utf-16be', Buffer.from(value, 'utf16le').swap16()],
    ['hex', Buffer.from(utf8.toString('hex'))],
    ['HEX', Buffer.from(utf8.toString('hex').toUpperCase())],
    ['url', Buffer.from(encodeURIComponent(value))],
    ['json', Buffer.from(jsonEscapes(value))],
    ['reversed', Buffer.from(Array.from(value).toReversed().join(''))],
    ['zlib', deflateSync(utf8).subarray(2, -4)],
  ])
  for (const encoding of ['base64', 'base64url'] as const) {
    for (const shift of [0, 1, 2]) forms.set(`${encoding} +${shift}`, inner(utf8, encoding, shift))
  }
  // A plain hash of an 18-digit number is no secret: all numbers can be counted through.
  for (const algorithm of ['md5', 'sha1', 'sha256']) {
    const digest = createHash(algorithm).update(utf8).digest()
    forms.set(algorithm, digest)
    forms.set(`${algorithm} hex`, Buffer.from(digest.toString('hex')))
    forms.set(`${algorithm} base64url`, Buffer.from(digest.toString('base64url')))
  }
  return new Map([...forms].filter(([, { length }]) => length >= LEAST_BYTES))
}

/** Names of the encodings of `value` that occur in `bytes`. */
export function encodingsFound(bytes: Buffer, value: string): string[] {
  return [...valueEncodings(value)].flatMap(([name, form]) => (bytes.includes(form) ? [name] : []))
}

/** The part of a base64 text that is the same whatever stands before and after the value. */
function inner(bytes: Buffer, encoding: 'base64' | 'base64url', shift: number): Buffer {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes, Buffer.alloc(2)]).toString(encoding)
  const first = Math.ceil((shift * 8) / 6)
  const last = Math.floor(((shift + bytes.length) * 8) / 6)
  return Buffer.from(whole.slice(first, last))
}

function jsonEscapes(value: string): string {
  return Array.from({ length: value.length }, (_, at) => {
    const unit = value.charCodeAt(at)
    return unit < 0x80 ? value.charAt(at) : `\\u${unit.toString(16).padStart(4, '0')}`
  }).join('')
}
