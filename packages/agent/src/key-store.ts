import type { Signer } from '@netcert/credential'
import type { Kysely } from 'kysely'
import type { Database } from './database.js'
import { AgentError, isUniqueViolation } from './errors.js'
import { generateKey, type KeyType, keyPairOf } from './key-pair.js'
import {
  type KeyRow,
  type StoredKey,
  sealContext,
  sealedRow,
  signerOf,
  storedKey,
  webKeyOf,
} from './key-row.js'
import type { KeyStoreSchema } from './key-schema.js'
import { checkMasterKey } from './master-key-check.js'
import type { Vault } from './vault.js'

const ALIAS = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/
/** Signers kept ready; a wallet may have thousands of one-time keys that sign once. */
const CACHED_SIGNERS = 1_000
const ROWS_PER_INSERT = 200

/** Signing keys in the database, each sealed for its alias and type. */
export type KeyStore = {
  /** @throws AgentError `key_exists`, `alias_malformed`. */
  create(options: { readonly alias: string; readonly type: KeyType }): Promise<StoredKey>
  /** All or none, in the order of `aliases`. @throws AgentError as `create`. */
  createMany(options: {
    readonly aliases: readonly string[]
    readonly type: KeyType
  }): Promise<StoredKey[]>
  /** Takes in a key made elsewhere: 32 bytes. @throws AgentError as `create`, and `key_damaged`. */
  importKey(options: {
    readonly alias: string
    readonly type: KeyType
    readonly privateKey: Uint8Array
  }): Promise<StoredKey>
  /** Ready to sign. @throws AgentError `key_unknown`, `key_damaged`, `sealed_wrong`. */
  signer(alias: string): Promise<Signer>
  /** A handle of WebCrypto that signs and cannot be exported. @throws AgentError as `signer`. */
  signingKey(alias: string): Promise<CryptoKey>
  /**
   * Seals a key apart that still is sealed with the database's own master key. `false` when it was
   * sealed apart already.
   *
   * @throws AgentError `key_unknown`, `sealed_wrong` when neither opens it.
   */
  sealApart(alias: string): Promise<boolean>
  get(alias: string): Promise<StoredKey | undefined>
  /** Every key, by alias. */
  list(): Promise<StoredKey[]>
  /** Forgets a key for good; deleting one that is not there is no failure. */
  delete(alias: string): Promise<void>
}

/**
 * Keys that are sealed with another master key than the rest of the database: whoever has the
 * database and its master key still cannot sign with them. The vault is opened when one is used.
 */
export type KeysApart = {
  readonly aliases: { readonly has: (alias: string) => boolean }
  readonly vault: () => Promise<Vault>
}

export type OpenKeyStoreOptions<S extends KeyStoreSchema> = {
  readonly database: Database<S>
  readonly vault: Vault
  readonly apart?: KeysApart
}

/**
 * Opens the key store of a database that holds `keyStoreMigrations`.
 *
 * @throws AgentError `master_key_wrong` when the vault is not the one of this database.
 */
export async function openKeyStore<S extends KeyStoreSchema>(
  options: OpenKeyStoreOptions<S>,
): Promise<KeyStore> {
  await checkMasterKey(options)
  return new DatabaseKeyStore(
    options.database as unknown as Database<KeyStoreSchema>,
    options.vault,
    options.apart,
  )
}

class DatabaseKeyStore implements KeyStore {
  readonly #database: Database<KeyStoreSchema>
  readonly #vault: Vault
  readonly #apart: KeysApart | undefined
  readonly #signers = new Map<string, Promise<Signer>>()

  constructor(database: Database<KeyStoreSchema>, vault: Vault, apart: KeysApart | undefined) {
    this.#database = database
    this.#vault = vault
    this.#apart = apart
  }

  async create(options: { alias: string; type: KeyType }): Promise<StoredKey> {
    const [key] = await this.createMany({ aliases: [options.alias], type: options.type })
    if (key === undefined) throw new TypeError('one alias gives one key')
    return key
  }

  async createMany(options: { aliases: readonly string[]; type: KeyType }): Promise<StoredKey[]> {
    const { aliases, type } = options
    for (const alias of aliases) assertAlias(alias)
    const rows: KeyRow[] = []
    for (let start = 0; start < aliases.length; start += ROWS_PER_INSERT) {
      const part = aliases.slice(start, start + ROWS_PER_INSERT)
      const pairs = await Promise.all(part.map(() => generateKey(type)))
      const vaults = await Promise.all(part.map((alias) => this.#vaultOf(alias)))
      rows.push(
        ...vaults.map((vault, at) => sealedRow(vault, { alias: part[at] ?? '', type }, pairs[at])),
      )
    }
    return this.#insert(rows)
  }

  async importKey(options: {
    alias: string
    type: KeyType
    privateKey: Uint8Array
  }): Promise<StoredKey> {
    assertAlias(options.alias)
    const pair = keyPairOf(options.type, options.privateKey)
    const [key] = await this.#insert([sealedRow(await this.#vaultOf(options.alias), options, pair)])
    if (key === undefined) throw new TypeError('one row gives one key')
    return key
  }

  signer(alias: string): Promise<Signer> {
    const cached = this.#signers.get(alias)
    if (cached !== undefined) return cached
    const loading = this.#open(alias, signerOf)
    this.#signers.set(alias, loading)
    // What failed once may succeed later; only successes are kept.
    loading.catch(() => this.#signers.delete(alias))
    const oldest = this.#signers.keys().next()
    if (this.#signers.size > CACHED_SIGNERS && !oldest.done) this.#signers.delete(oldest.value)
    return loading
  }

  signingKey(alias: string): Promise<CryptoKey> {
    return this.#open(alias, webKeyOf)
  }

  async sealApart(alias: string): Promise<boolean> {
    if (this.#apart?.aliases.has(alias) !== true) throw new TypeError('that key is not kept apart')
    const vault = await this.#apart.vault()
    const row = await this.#row(alias)
    if (row === undefined) throw keyUnknown(alias)
    const context = sealContext(row)
    if (opens(vault, row.sealed, context)) return false
    const privateKey = this.#vault.unseal(row.sealed, context)
    const sealed = vault.seal(privateKey, context)
    privateKey.fill(0)
    const { kysely } = this.#database
    await kysely.updateTable('keys').set({ sealed }).where('alias', '=', alias).execute()
    this.#signers.delete(alias)
    return true
  }

  async get(alias: string): Promise<StoredKey | undefined> {
    const row = await this.#row(alias)
    return row === undefined ? undefined : storedKey(row)
  }

  async list(): Promise<StoredKey[]> {
    const { kysely } = this.#database
    const rows = await kysely.selectFrom('keys').selectAll().orderBy('alias').execute()
    return rows.map(storedKey)
  }

  async delete(alias: string): Promise<void> {
    this.#signers.delete(alias)
    await this.#database.kysely.deleteFrom('keys').where('alias', '=', alias).execute()
    this.#signers.delete(alias)
  }

  async #insert(rows: readonly KeyRow[]): Promise<StoredKey[]> {
    try {
      await this.#insertAll(rows)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw new AgentError('key_exists', 'this key or alias exists already; use another alias')
    }
    return rows.map(storedKey)
  }

  async #insertAll(rows: readonly KeyRow[]): Promise<void> {
    const insert = (db: Kysely<KeyStoreSchema>, start: number) =>
      db
        .insertInto('keys')
        .values(rows.slice(start, start + ROWS_PER_INSERT))
        .execute()
    // A single statement needs no transaction of its own and may share one with its neighbours.
    if (rows.length <= ROWS_PER_INSERT) {
      if (rows.length > 0) await insert(this.#database.kysely, 0)
      return
    }
    await this.#database.transaction(async (trx) => {
      for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) await insert(trx, start)
    })
  }

  #row(alias: string): Promise<KeyRow | undefined> {
    const { kysely } = this.#database
    return kysely.selectFrom('keys').selectAll().where('alias', '=', alias).executeTakeFirst()
  }

  async #open<Key>(
    alias: string,
    make: (stored: StoredKey, privateKey: Uint8Array) => Key | Promise<Key>,
  ): Promise<Key> {
    const row = await this.#row(alias)
    if (row === undefined) throw keyUnknown(alias)
    const vault = await this.#vaultOf(alias)
    return make(storedKey(row), vault.unseal(row.sealed, sealContext(row)))
  }

  async #vaultOf(alias: string): Promise<Vault> {
    return this.#apart?.aliases.has(alias) === true ? this.#apart.vault() : this.#vault
  }
}

function opens(vault: Vault, sealed: string, context: string): boolean {
  try {
    vault.unseal(sealed, context).fill(0)
    return true
  } catch (error) {
    if (error instanceof AgentError && error.code === 'sealed_wrong') return false
    throw error
  }
}

function keyUnknown(alias: string): AgentError {
  return new AgentError('key_unknown', `there is no key with the alias ${JSON.stringify(alias)}`)
}

function assertAlias(alias: string): void {
  if (ALIAS.test(alias)) return
  throw new AgentError(
    'alias_malformed',
    'a key alias has 1 to 128 letters, digits, dots, colons, hyphens or underscores',
  )
}
