import type { IKey, ManagedKeyInfo, TKeyType } from '@veramo/core-types'
import { AbstractKeyStore } from '@veramo/key-manager'
import type { Database } from './database.js'
import { AgentError } from './errors.js'
import type { KeyStoreSchema } from './key-schema.js'
import type { KeyStore } from './key-store.js'
import { managedKey, NETCERT_KMS } from './veramo-key-form.js'

const CACHED_KEYS = 1_000

/**
 * What Veramo's KeyManager knows of keys. Ours are not written twice: their row in `keys` is the
 * truth, so that a key made by a role is at once a key of the agent. Keys of other key management
 * systems have rows of their own.
 *
 * KeyManager asks for the key before every signature, hence the cache.
 */
export class VeramoKeyStore extends AbstractKeyStore {
  readonly #database: Database<KeyStoreSchema>
  readonly #keys: KeyStore
  readonly #cache = new Map<string, IKey>()

  constructor(database: Database<KeyStoreSchema>, keys: KeyStore) {
    super()
    this.#database = database
    this.#keys = keys
  }

  async importKey(args: Partial<IKey>): Promise<boolean> {
    const { kid, kms, type, publicKeyHex, meta } = args
    if (kid === undefined || kms === undefined || type === undefined) {
      throw new TypeError('a key needs kid, kms and type')
    }
    this.#cache.delete(kid)
    if (kms === NETCERT_KMS) return (await this.#keys.get(kid)) !== undefined
    const row = { kms, type, public_key_hex: publicKeyHex ?? '', meta: JSON.stringify(meta ?? {}) }
    await this.#database.kysely
      .insertInto('veramo_keys')
      .values({ kid, ...row })
      .onConflict((conflict) => conflict.column('kid').doUpdateSet(row))
      .execute()
    return true
  }

  /** @throws AgentError `key_unknown`. */
  async getKey({ kid }: { kid: string }): Promise<IKey> {
    const cached = this.#cache.get(kid)
    if (cached !== undefined) return { ...cached }
    const stored = await this.#keys.get(kid)
    const key = stored === undefined ? await this.#foreignKey(kid) : managedKey(stored)
    this.#cache.set(kid, key)
    const oldest = this.#cache.keys().next()
    if (this.#cache.size > CACHED_KEYS && !oldest.done) this.#cache.delete(oldest.value)
    return { ...key }
  }

  async deleteKey({ kid }: { kid: string }): Promise<boolean> {
    await this.#database.kysely.deleteFrom('veramo_keys').where('kid', '=', kid).execute()
    this.#cache.delete(kid)
    return true
  }

  async listKeys(): Promise<ManagedKeyInfo[]> {
    const rows = await this.#database.kysely.selectFrom('veramo_keys').selectAll().execute()
    return [...(await this.#keys.list()).map(managedKey), ...rows.map(foreignKey)]
  }

  async #foreignKey(kid: string): Promise<IKey> {
    const { kysely } = this.#database
    const query = kysely.selectFrom('veramo_keys').selectAll().where('kid', '=', kid)
    const row = await query.executeTakeFirst()
    if (row === undefined) throw new AgentError('key_unknown', 'the agent has no key of this kid')
    return foreignKey(row)
  }
}

function foreignKey(row: KeyStoreSchema['veramo_keys']): ManagedKeyInfo {
  const { kid, kms, type, public_key_hex: publicKeyHex, meta } = row
  return { kid, kms, type: type as TKeyType, publicKeyHex, meta: JSON.parse(meta) as object }
}
