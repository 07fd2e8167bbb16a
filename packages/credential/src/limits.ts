import { CredentialError } from './errors.js'

/** Bounds that hold before anything is parsed, so that no token decides how much work it causes. */
export type TokenLimits = {
  /** Length of the whole serialized text. */
  readonly maxBytes: number
  /** Nesting of objects and arrays in any one JSON text, and of the processed payload. */
  readonly maxDepth: number
  readonly maxDisclosures: number
}

/** The bounds of a credential or presentation: 64 KiB, depth 32, 256 disclosures. */
export const credentialLimits: TokenLimits = {
  maxBytes: 64 * 1024,
  maxDepth: 32,
  maxDisclosures: 256,
}

/** @throws CredentialError `too_large` when `text` is longer than `maxBytes`. */
export function assertLength(text: string, maxBytes: number): void {
  if (text.length > maxBytes) {
    throw new CredentialError('too_large', `The text is longer than ${maxBytes} bytes; shorten it.`)
  }
}
