import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'
import { AgentError } from './errors.js'

/*
 * A sealed value, base64url: version (1) | nonce (12) | ciphertext | tag (16).
 * AES-256-GCM (NIST SP 800-38D) under one key; the version byte and the context are associated
 * data, so that a value moved to another row, column or key version does not open.
 */

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const OVERHEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES

/** A key, and the number it is known by in what it sealed. */
export type SealingKey = { readonly key: KeyObject; readonly version: number }

/** Seals `plain` under a fresh random nonce. One key must not seal more than 2^32 values. */
export function sealBox(sealing: SealingKey, plain: Uint8Array, context: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, sealing.key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(associatedData(sealing.version, context))
  const head = Buffer.from([sealing.version])
  const parts = [head, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]
  return Buffer.concat(parts).toString('base64url')
}

/**
 * Opens what `sealBox` made with the same key and context.
 *
 * @throws AgentError `sealed_malformed`, `sealed_version` for another key version, `sealed_wrong`
 *   when key, context or bytes differ.
 */
export function openBox(sealing: SealingKey, sealed: string, context: string): Uint8Array {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < OVERHEAD_BYTES || bytes.toString('base64url') !== sealed) {
    throw new AgentError('sealed_malformed', 'a sealed value is damaged; restore it from a backup')
  }
  if (bytes[0] !== sealing.version) {
    throw new AgentError(
      'sealed_version',
      `a value was sealed with key version ${bytes[0]}, this key is version ${sealing.version}; use the key file it was sealed with`,
    )
  }
  const nonce = bytes.subarray(1, 1 + NONCE_BYTES)
  const decipher = createDecipheriv(ALGORITHM, sealing.key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(associatedData(sealing.version, context))
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
  try {
    const start = decipher.update(bytes.subarray(1 + NONCE_BYTES, bytes.length - TAG_BYTES))
    return new Uint8Array(Buffer.concat([start, decipher.final()]))
  } catch {
    throw new AgentError(
      'sealed_wrong',
      'a sealed value does not open: another key sealed it, or it was moved or changed; check the key file, or restore the row from a backup',
    )
  }
}

function associatedData(version: number, context: string): Uint8Array {
  return Buffer.concat([Buffer.from([version]), Buffer.from(context, 'utf8')])
}
