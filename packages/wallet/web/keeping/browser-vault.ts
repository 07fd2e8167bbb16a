import {
  bytesFromBase64Url,
  bytesToBase64Url,
  randomBytes,
  textToBytes,
} from '@netcert/credential/crypto'
import type { Vault } from '@netcert/wallet/rules'
import { gcm } from '@noble/ciphers/aes.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'

const KEY_BYTES = 32
const NONCE_BYTES = 12

/** A vault that can be closed. */
export type BrowserVault = Vault & {
  /** Overwrites its keys. Whoever still works with it fails: nothing is ever sealed under zeros. */
  close(): void
}

/**
 * A vault over the key that a passkey or a PIN opened: AES-256-GCM, as the vault of a Node wallet. Not
 * WebCrypto's, since a line of the ledger is sealed inside a transaction that waits for nothing else.
 *
 * @param master - 32 bytes; overwrite them once this returns
 */
export function browserVault(master: Uint8Array): BrowserVault {
  const sealing = derive(master, 'netcert/browser-vault/seal/v1')
  const deriving = derive(master, 'netcert/browser-vault/derive/v1')
  let isOpen = true
  const open = (key: Uint8Array) => {
    if (!isOpen) throw new TypeError('the vault is closed')
    return key
  }
  return {
    seal(plain, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const sealed = gcm(open(sealing), nonce, textToBytes(context)).encrypt(plain)
      return bytesToBase64Url(Uint8Array.of(...nonce, ...sealed))
    },
    unseal(sealed, context) {
      const bytes = bytesFromBase64Url(sealed)
      if (bytes === undefined) throw new TypeError('a sealed value is damaged')
      const nonce = bytes.subarray(0, NONCE_BYTES)
      return gcm(open(sealing), nonce, textToBytes(context)).decrypt(bytes.subarray(NONCE_BYTES))
    },
    deriveKey: (info) => derive(open(deriving), info),
    close() {
      isOpen = false
      sealing.fill(0)
      deriving.fill(0)
    },
  }
}

function derive(key: Uint8Array, info: string): Uint8Array {
  return hkdf(sha256, key, undefined, textToBytes(info), KEY_BYTES)
}
