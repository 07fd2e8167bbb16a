import { randomUUID } from 'node:crypto'
import type { TKeyType } from '@veramo/core-types'
import {
  AbstractPrivateKeyStore,
  type ImportablePrivateKey,
  type ManagedPrivateKey,
} from '@veramo/key-manager'
import type { Database } from './database.js'
import { AgentError, isUniqueViolation } from './errors.js'
import type { KeyStoreSchema } from './key-schema.js'
import type { Vault } from './vault.js'

/**
 * Private keys for other key management systems of Veramo (for example kms-local with secp256k1),
 * sealed like our own. Our own system needs none of this: its keys never leave it.
 */
export class SealedPrivateKeyStore extends AbstractPrivateKeyStore {
  readonly #database: Database<KeyStoreSchema>
  readonly #vault: Vault

  constructor(database: Database<KeyStoreSchema>, vault: Vault) {
    super()
    this.#database = database
    this.#vault = vault
  }

  /** @throws AgentError `key_exists`. */
  async importKey(args: ImportablePrivateKey): Promise<ManagedPrivateKey> {
    const { type, privateKeyHex, alias = randomUUID() } = args
    const sealed = this.#vault.seal(new TextEncoder().encode(privateKeyHex), context(alias, type))
    try {
      const row = { alias, type, sealed }
      await this.#database.kysely.insertInto('veramo_private_keys').values(row).execute()
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw new AgentError('key_exists', 'a private key with this alias exists; use another alias')
    }
    return { alias, type, privateKeyHex }
  }

  /** @throws AgentError `key_unknown`, `sealed_wrong`. */
  async getKey({ alias }: { alias: string }): Promise<ManagedPrivateKey> {
    const { kysely } = this.#database
    const query = kysely.selectFrom('veramo_private_keys').selectAll().where('alias', '=', alias)
    const row = await query.executeTakeFirst()
    if (row === undefined) throw new AgentError('key_unknown', 'there is no such private key')
    return this.#open(row)
  }

  async deleteKey({ alias }: { alias: string }): Promise<boolean> {
    const { kysely } = this.#database
    const query = kysely.deleteFrom('veramo_private_keys').where('alias', '=', alias)
    return (await query.executeTakeFirst()).numDeletedRows === 1n
  }

  async listKeys(): Promise<ManagedPrivateKey[]> {
    const rows = await this.#database.kysely.selectFrom('veramo_private_keys').selectAll().execute()
    return rows.map((row) => this.#open(row))
  }

  #open(row: KeyStoreSchema['veramo_private_keys']): ManagedPrivateKey {
    const { alias, type } = row
    const plain = this.#vault.unseal(row.sealed, context(alias, type))
    return { alias, type: type as TKeyType, privateKeyHex: new TextDecoder().decode(plain) }
  }
}

function context(alias: string, type: string): string {
  return `netcert/veramo-private-key/v1|${type}|${alias}`
}
