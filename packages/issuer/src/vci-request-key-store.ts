import type { Database, Migration } from '@netcert/agent'
import type { Kysely } from 'kysely'
import type { WithStep } from './issuer-key-store.js'
import type { IssuerSchema } from './issuer-schema-store.js'

export type RequestKeySchema = {
  /**
   * Keys that requests to this issuer are encrypted to. The public half stands inside the seal, too:
   * whoever can only write to the database cannot have us announce a key of theirs.
   */
  vci_request_keys: { generation: number; kid: string; sealed: string; created_at: number }
}

export type StoredRequestKey = RequestKeySchema['vci_request_keys']

/** The table of the keys that requests are encrypted to. */
export const requestKeyMigrations: readonly Migration[] = [
  { name: '0013-request-keys', up: createTable },
]

async function createTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('vci_request_keys')
    .addColumn('generation', 'integer', (column) => column.primaryKey())
    .addColumn('kid', 'varchar(64)', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
}

/** All SQL about keys that requests are encrypted to. */
export type RequestKeyStore = {
  /** Newest first. */
  list(): Promise<readonly StoredRequestKey[]>
  /** Of processes that begin one generation at once the first wins, and the others use its key. */
  put(key: StoredRequestKey): Promise<void>
  /** The same together with what else is to be committed; whoever comes second fails, and both fail. */
  rotate(key: StoredRequestKey, also: WithStep): Promise<void>
  /** Forgets all generations before one, in the log of the database, too, as far as it can. */
  eraseBefore(generation: number): Promise<void>
}

/** The table `vci_request_keys` behind {@link RequestKeyStore}. */
export function createRequestKeyStore(database: Database<IssuerSchema>): RequestKeyStore {
  const { kysely } = database
  return {
    list: () =>
      kysely.selectFrom('vci_request_keys').selectAll().orderBy('generation', 'desc').execute(),
    async put(key) {
      await kysely
        .insertInto('vci_request_keys')
        .values(key)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    rotate: (key, also) =>
      database.transaction(async (trx) => {
        await trx.insertInto('vci_request_keys').values(key).execute()
        await also(trx)
      }),
    async eraseBefore(generation) {
      await kysely.deleteFrom('vci_request_keys').where('generation', '<', generation).execute()
      // A reader that is busy keeps old pages; the next checkpoint of anybody takes them.
      await database.checkpoint().catch(() => {})
    },
  }
}
