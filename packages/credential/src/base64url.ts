import {
  bytesFromBase64Url,
  bytesToBase64Url,
  textFromBase64Url,
  textToBase64Url,
} from '@netcert/credential/crypto'
import { CredentialError } from './errors.js'

/** base64url without padding (RFC 7515 §2). */
export function encodeBase64Url(bytes: Uint8Array): string {
  return bytesToBase64Url(bytes)
}

/** base64url of the UTF-8 bytes of `text`. */
export function encodeTextBase64Url(text: string): string {
  return textToBase64Url(text)
}

/**
 * Decodes canonical base64url only: no padding, no blank, no `+` or `/`, and no spare bits, so that
 * the same bytes never travel under two texts (RFC 4648 §3.5).
 *
 * @throws CredentialError `bad_base64url`
 */
export function decodeBase64Url(text: string): Uint8Array {
  const bytes = bytesFromBase64Url(text)
  if (bytes === undefined) throw notCanonical()
  return bytes
}

/**
 * Decodes base64url to text that must be UTF-8. A byte order mark is kept, for the JSON parser to
 * refuse (RFC 8259 §8.1).
 *
 * @throws CredentialError `bad_base64url`, `bad_utf8`
 */
export function decodeTextBase64Url(text: string): string {
  const decoded = textOf(text)
  if (decoded === undefined) throw notCanonical()
  return decoded
}

function textOf(text: string): string | undefined {
  try {
    return textFromBase64Url(text)
  } catch (cause) {
    throw new CredentialError('bad_utf8', 'A part is not UTF-8 text; encode it as UTF-8.', {
      cause,
    })
  }
}

function notCanonical(): CredentialError {
  return new CredentialError(
    'bad_base64url',
    'A part is not canonical base64url without padding; send it as the issuer made it.',
  )
}
