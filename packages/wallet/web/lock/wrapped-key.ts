import { randomBytes, textToBytes } from '@netcert/credential/crypto'
import { gcm } from '@noble/ciphers/aes.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { WrappedKey } from './lock-records.js'

const KEY_BYTES = 32
const NONCE_BYTES = 12

/** Which way in a key was sealed for: one record put in the place of another does not open. */
export type WayIn = 'pin' | 'passkey'

/**
 * Seals the vault's key.
 *
 * @param secrets - what the person gives (from PIN or passkey), and what this browser alone has
 */
export function wrapKey(
  way: WayIn,
  master: Uint8Array,
  options: { readonly salt: Uint8Array; readonly secrets: readonly Uint8Array[] },
): WrappedKey {
  const { salt, secrets } = options
  const nonce = randomBytes(NONCE_BYTES).slice()
  return { salt, nonce, sealed: gcm(wrapping(way, secrets, salt), nonce).encrypt(master) }
}

/** The vault's key, or null where a secret is another one or the record was changed. */
export function unwrapKey(
  way: WayIn,
  wrapped: WrappedKey,
  secrets: readonly Uint8Array[],
): Uint8Array | null {
  try {
    const { salt, nonce, sealed } = wrapped
    const master = gcm(wrapping(way, secrets, salt), nonce).decrypt(sealed)
    return master.length === KEY_BYTES ? master : null
  } catch {
    return null
  }
}

/** HMAC-SHA-256 by this browser's own key, which nobody can copy out of it. */
export async function deviceSecret(device: CryptoKey, salt: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', device, new Uint8Array(salt)))
}

/** A key for {@link deviceSecret}. */
export function createDeviceKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
}

function wrapping(way: WayIn, secrets: readonly Uint8Array[], salt: Uint8Array): Uint8Array {
  const both = Uint8Array.from(secrets.flatMap((secret) => [...secret]))
  return hkdf(sha256, both, salt, textToBytes(`netcert/wallet-lock/${way}/v1`), KEY_BYTES)
}
