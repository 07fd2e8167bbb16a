import type { IIdentifier, IService } from '@veramo/core-types'
import { AbstractDIDStore } from '@veramo/did-manager'
import type { Database } from './database.js'
import { AgentError, isUniqueViolation } from './errors.js'
import type { KeyStoreSchema } from './key-schema.js'
import type { StoredKey } from './key-row.js'
import type { KeyStore } from './key-store.js'
import { DID_KEY_PROVIDER } from './did-key-provider.js'
import { managedKey } from './veramo-key-form.js'
import type { VeramoKeyStore } from './veramo-key-store.js'

export type VeramoDidStoreOptions = {
  readonly database: Database<KeyStoreSchema>
  readonly keys: KeyStore
  readonly veramoKeys: VeramoKeyStore
}

type DidRow = KeyStoreSchema['veramo_dids']

/**
 * What Veramo's DIDManager knows of identifiers. Every key in our store is one by itself, did:key
 * being nothing but the key; rows of its own has only what Veramo changed or imported. So a crash
 * between "key made" and "identifier stored" leaves a whole identifier, never an orphan key.
 */
export class VeramoDidStore extends AbstractDIDStore {
  readonly #database: Database<KeyStoreSchema>
  readonly #keys: KeyStore
  readonly #veramoKeys: VeramoKeyStore

  constructor(options: VeramoDidStoreOptions) {
    super()
    this.#database = options.database
    this.#keys = options.keys
    this.#veramoKeys = options.veramoKeys
  }

  /** @throws AgentError `did_exists` when the alias names another identifier. */
  async importDID(identifier: IIdentifier): Promise<boolean> {
    const { did, alias } = identifier
    const key = alias === undefined ? undefined : await this.#keys.get(alias)
    if (key !== undefined && key.did !== did) throw aliasTaken()
    const row = didRow(identifier)
    try {
      await this.#database.kysely
        .insertInto('veramo_dids')
        .values({ did, ...row })
        .onConflict((conflict) => conflict.column('did').doUpdateSet(row))
        .execute()
    } catch (error) {
      throw isUniqueViolation(error) ? aliasTaken() : error
    }
    return true
  }

  /** @throws AgentError `did_unknown`. */
  async getDID(args: { did: string } | { alias: string }): Promise<IIdentifier> {
    const row = await this.#row(args)
    if (row !== undefined) return this.#identifier(row)
    const key = 'did' in args ? await this.#keyOf(args.did) : await this.#keys.get(args.alias)
    if (key === undefined) {
      throw new AgentError('did_unknown', 'the agent manages no such identifier; create it first')
    }
    return keyIdentifier(key)
  }

  async deleteDID({ did }: { did: string }): Promise<boolean> {
    await this.#database.kysely.deleteFrom('veramo_dids').where('did', '=', did).execute()
    return true
  }

  async listDIDs(args: { alias?: string; provider?: string }): Promise<IIdentifier[]> {
    const rows = await this.#database.kysely.selectFrom('veramo_dids').selectAll().execute()
    const written = new Set(rows.map((row) => row.did))
    const identifiers = await Promise.all(rows.map((row) => this.#identifier(row)))
    for (const key of await this.#keys.list()) {
      if (!written.has(key.did)) identifiers.push(keyIdentifier(key))
    }
    return identifiers.filter(
      ({ alias, provider }) =>
        (args.alias === undefined || args.alias === alias) &&
        (args.provider === undefined || args.provider === provider),
    )
  }

  #row(args: { did: string } | { alias: string }): Promise<DidRow | undefined> {
    const query = this.#database.kysely.selectFrom('veramo_dids').selectAll()
    const found =
      'did' in args ? query.where('did', '=', args.did) : query.where('alias', '=', args.alias)
    return found.executeTakeFirst()
  }

  async #keyOf(did: string): Promise<StoredKey | undefined> {
    const { kysely } = this.#database
    const row = await kysely
      .selectFrom('keys')
      .select('alias')
      .where('did', '=', did)
      .executeTakeFirst()
    return row === undefined ? undefined : this.#keys.get(row.alias)
  }

  async #identifier(row: DidRow): Promise<IIdentifier> {
    const kids = JSON.parse(row.key_ids) as string[]
    return {
      did: row.did,
      provider: row.provider,
      keys: await Promise.all(kids.map((kid) => this.#veramoKeys.getKey({ kid }))),
      services: JSON.parse(row.services) as IService[],
      ...(row.alias === null ? {} : { alias: row.alias }),
      ...(row.controller_key === null ? {} : { controllerKeyId: row.controller_key }),
    }
  }
}

function keyIdentifier(key: StoredKey): IIdentifier {
  const { did, alias } = key
  const keys = [managedKey(key)]
  return { did, alias, provider: DID_KEY_PROVIDER, controllerKeyId: alias, keys, services: [] }
}

function didRow(identifier: IIdentifier): Omit<DidRow, 'did'> {
  return {
    alias: identifier.alias ?? null,
    provider: identifier.provider,
    controller_key: identifier.controllerKeyId ?? null,
    key_ids: JSON.stringify(identifier.keys.map((key) => key.kid)),
    services: JSON.stringify(identifier.services),
  }
}

function aliasTaken(): AgentError {
  return new AgentError('did_exists', 'another identifier has this alias; use another alias')
}
