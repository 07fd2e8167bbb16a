import { CompactEncrypt, compactDecrypt } from 'jose'
import { ProtocolError } from './errors.js'

/** Iterations that a stranger's file may ask for: enough for ours, not enough to stop a machine. */
const MAX_ITERATIONS = 1_000_000
const ALGORITHM = 'PBES2-HS512+A256KW'
const ENCRYPTION = 'A256GCM'

/**
 * Encrypts a text under a code that people type: a compact JWE.
 *
 * @param options - `code`: as it is typed, canonical. `iterations` of PBKDF2: a code of 100 random
 *   bits needs few, one that a person chose needs 210,000 or more.
 * @see RFC 7518 §4.8
 */
export function encryptWithCode(
  text: string,
  options: { readonly code: string; readonly iterations: number; readonly typ: string },
): Promise<string> {
  const { code, iterations, typ } = options
  const encoder = new TextEncoder()
  return new CompactEncrypt(encoder.encode(text))
    .setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION, typ })
    .setKeyManagementParameters({ p2c: iterations })
    .encrypt(encoder.encode(code))
}

/**
 * Opens what {@link encryptWithCode} made.
 *
 * @throws ProtocolError `encrypted_message_malformed`: the code does not open it, or it was changed.
 * @see RFC 7518 §4.8
 */
export async function decryptWithCode(
  jwe: string,
  options: { readonly code: string; readonly typ: string },
): Promise<string> {
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(
      jwe,
      new TextEncoder().encode(options.code),
      {
        keyManagementAlgorithms: [ALGORITHM],
        contentEncryptionAlgorithms: [ENCRYPTION],
        maxPBES2Count: MAX_ITERATIONS,
      },
    )
    if (protectedHeader.typ !== options.typ) throw new TypeError('another typ')
    return new TextDecoder('utf-8', { fatal: true }).decode(plaintext)
  } catch (cause) {
    throw new ProtocolError(
      'encrypted_message_malformed',
      'The code does not open this file, or the file is damaged.',
      { cause },
    )
  }
}
