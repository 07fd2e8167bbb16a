import {
  createDidKey,
  type PublicJwk,
  parsePublicJwk,
  resolveDidKey,
  type Signer,
} from '@netcert/credential'
import type { Kysely } from 'kysely'
import type { Database } from './database.js'
import { AgentError, isUniqueViolation } from './errors.js'
import {
  algorithmOf,
  generateKey,
  importPrivateKey,
  type KeyPair,
  type KeyType,
  keyPairOf,
  signRaw,
} from './key-pair.js'
import type { KeyStoreSchema } from './key-schema.js'
import { checkMasterKey } from './master-key-check.js'
import type { Vault } from './vault.js'

const ALIAS = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/
/** Signers kept ready; a wallet may have thousands of one-time keys that sign once. */
const CACHED_SIGNERS = 1_000
const ROWS_PER_INSERT = 200

/** What may be known of a key: everything but the private half. */
export type StoredKey = {
  readonly alias: string
  readonly type: KeyType
  readonly did: string
  /** The did:key URL, `did#fragment`. */
  readonly keyId: string
  readonly jwk: PublicJwk
  readonly createdAt: Date
}

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
  get(alias: string): Promise<StoredKey | undefined>
  /** Every key, by alias. */
  list(): Promise<StoredKey[]>
  /** Forgets a key for good; deleting one that is not there is no failure. */
  delete(alias: string): Promise<void>
}

export type OpenKeyStoreOptions<S extends KeyStoreSchema> = {
  readonly database: Database<S>
  readonly vault: Vault
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
  )
}

type KeyRow = KeyStoreSchema['keys']

class DatabaseKeyStore implements KeyStore {
  readonly #database: Database<KeyStoreSchema>
  readonly #vault: Vault
  readonly #signers = new Map<string, Promise<Signer>>()

  constructor(database: Database<KeyStoreSchema>, vault: Vault) {
    this.#database = database
    this.#vault = vault
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
      rows.push(...part.map((alias, at) => sealedRow(this.#vault, { alias, type }, pairs[at])))
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
    const [key] = await this.#insert([sealedRow(this.#vault, options, pair)])
    if (key === undefined) throw new TypeError('one row gives one key')
    return key
  }

  signer(alias: string): Promise<Signer> {
    const cached = this.#signers.get(alias)
    if (cached !== undefined) return cached
    const loading = this.#load(alias)
    this.#signers.set(alias, loading)
    // What failed once may succeed later; only successes are kept.
    loading.catch(() => this.#signers.delete(alias))
    const oldest = this.#signers.keys().next()
    if (this.#signers.size > CACHED_SIGNERS && !oldest.done) this.#signers.delete(oldest.value)
    return loading
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

  async #load(alias: string): Promise<Signer> {
    const row = await this.#row(alias)
    if (row === undefined) {
      throw new AgentError('key_unknown', `there is no key with the alias ${JSON.stringify(alias)}`)
    }
    return signerOf(storedKey(row), this.#vault.unseal(row.sealed, sealContext(row)))
  }
}

/** A signer over a private key, once it is shown to belong to the row's public key. */
function signerOf(stored: StoredKey, privateKey: Uint8Array): Signer {
  const { type, did, keyId } = stored
  const { key, jwk } = importPrivateKey(type, privateKey)
  privateKey.fill(0)
  if (createDidKey(jwk) !== did || resolveDidKey(did).keyId !== keyId) {
    throw new AgentError(
      'key_damaged',
      'the public half of a key row is not that of its private half; restore it from a backup',
    )
  }
  return { did, keyId, alg: algorithmOf(type), sign: (data) => signRaw(type, key, data) }
}

function sealedRow(
  vault: Vault,
  name: { readonly alias: string; readonly type: KeyType },
  pair: KeyPair | undefined,
): KeyRow {
  if (pair === undefined) throw new TypeError('each alias has a key')
  const { alias, type } = name
  const did = createDidKey(pair.jwk)
  const sealed = vault.seal(pair.privateKey, sealContext({ alias, type }))
  pair.privateKey.fill(0)
  return {
    alias,
    type,
    did,
    key_id: resolveDidKey(did).keyId,
    jwk: JSON.stringify(pair.jwk),
    sealed,
    created_at: Math.floor(Date.now() / 1_000),
  }
}

/** Alias and type are bound to the sealed key: two swapped rows do not sign for one another. */
function sealContext(row: { readonly alias: string; readonly type: string }): string {
  return `netcert/key/v1|${row.type}|${row.alias}`
}

function storedKey(row: KeyRow): StoredKey {
  const { alias, type, did, key_id: keyId } = row
  if (type !== 'P-256' && type !== 'Ed25519') {
    throw new AgentError('key_damaged', 'a key row names an unknown type; restore it from a backup')
  }
  const jwk = parsePublicJwk(JSON.parse(row.jwk))
  return { alias, type, did, keyId, jwk, createdAt: new Date(row.created_at * 1_000) }
}

function assertAlias(alias: string): void {
  if (ALIAS.test(alias)) return
  throw new AgentError(
    'alias_malformed',
    'a key alias has 1 to 128 letters, digits, dots, colons, hyphens or underscores',
  )
}
