import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { readMasterKey } from './master-key.js'
import { openBox, type SealingKey, sealBox } from './sealed-box.js'

const KEY_BYTES = 32
const DATA_KEY_CONTEXT = 'netcert/data-key/v1|'

/**
 * A key of one person or thing. Deleting its wrapped form makes unreadable, everywhere and in every
 * copy, whatever it sealed.
 */
export type DataKey = {
  /** Seals bytes; `context` names table, row and column, and must be the same on opening. */
  seal(plain: Uint8Array, context: string): string
  /** @throws AgentError `sealed_wrong`, `sealed_malformed` or `sealed_version`. */
  unseal(sealed: string, context: string): Uint8Array
}

/** Everything the master key does. It stands in no database; what it sealed may. */
export type Vault = {
  /** Seals bytes; `context` names table, row and column, and must be the same on opening. */
  seal(plain: Uint8Array, context: string): string
  /** @throws AgentError `sealed_wrong`, `sealed_malformed` or `sealed_version`. */
  unseal(sealed: string, context: string): Uint8Array
  /** 32 bytes that only this master key gives for `info` (HKDF-SHA256, RFC 5869). */
  deriveKey(info: string): Uint8Array
  /** A fresh data key, and its form for the database. */
  createDataKey(context: string): { readonly dataKey: DataKey; readonly wrapped: string }
  /** @throws AgentError as `unseal`. */
  openDataKey(wrapped: string, context: string): DataKey
}

/**
 * Opens the vault of a master key file.
 *
 * @throws AgentError `master_key_missing`, `master_key_exposed` or `master_key_malformed`.
 */
export async function openVault(options: { readonly masterKeyFile: string }): Promise<Vault> {
  const { bytes, version } = await readMasterKey(options.masterKeyFile)
  // Keys for different uses are derived, so that no two uses ever share one.
  const master = createSecretKey(bytes)
  bytes.fill(0)
  const sealing = { key: createSecretKey(derive(master, 'netcert/vault/seal/v1')), version }
  return {
    seal: (plain, context) => sealBox(sealing, plain, context),
    unseal: (sealed, context) => openBox(sealing, sealed, context),
    deriveKey: (info) => derive(master, `netcert/vault/derive/v1|${info}`),
    createDataKey: (context) => {
      const key = randomBytes(KEY_BYTES)
      const wrapped = sealBox(sealing, key, DATA_KEY_CONTEXT + context)
      return { dataKey: dataKeyOf(key), wrapped }
    },
    openDataKey: (wrapped, context) =>
      dataKeyOf(openBox(sealing, wrapped, DATA_KEY_CONTEXT + context)),
  }
}

function dataKeyOf(bytes: Uint8Array): DataKey {
  const sealing: SealingKey = { key: createSecretKey(bytes), version: 1 }
  bytes.fill(0)
  return {
    seal: (plain, context) => sealBox(sealing, plain, context),
    unseal: (sealed, context) => openBox(sealing, sealed, context),
  }
}

function derive(master: KeyObject, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', master, new Uint8Array(0), info, KEY_BYTES))
}
