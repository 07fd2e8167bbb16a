import { hmacSha256, textToBytes } from '@netcert/credential/crypto'

/** HMAC-SHA-256 of a text as hexadecimal digits: a name that only the owner of the key can give. */
export function keyedTag(key: Uint8Array, text: string): string {
  return hexOf(hmacSha256(key, textToBytes(text)))
}

/** Bytes as lower-case hexadecimal digits. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
