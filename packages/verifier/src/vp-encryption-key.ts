import { createEncryptionKey, type EncryptionPrivateJwk } from '@netcert/protocol'
import { type AnswerMode, randomText } from './vp-session.js'

/** A fresh key for one request, so that no answer to another opens here; null for clear modes. */
export async function encryptionKeyFor(mode: AnswerMode): Promise<EncryptionPrivateJwk | null> {
  return mode.endsWith('.jwt') ? createEncryptionKey(randomText()) : null
}
