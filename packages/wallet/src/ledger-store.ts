import type { Database } from '@netcert/agent'
import type { Kysely, Transaction } from 'kysely'
import type { WalletTables, Writable } from './store.js'
import type { LedgerRow, LedgerStore, WriteEntry } from './stores.js'

/** Tables of the ledger: sealed lines, each of which holds the hash of the one before. */
export type LedgerTables = {
  wallet_ledger: Writable<LedgerRow>
  /** One row: where the chain ends, so that lines cut off at the end are missed. */
  wallet_ledger_head: { name: string; position: number; hash: string }
}

/** Name of the one row that says where the chain ends. */
const HEAD = 'ledger'

/** The steps of the schema, to follow those of issuance. */
export const ledgerMigrations = [
  {
    name: '0004-wallet-ledger',
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('wallet_ledger')
        .addColumn('position', 'bigint', (column) => column.primaryKey())
        .addColumn('recorded_at', 'bigint', (column) => column.notNull())
        .addColumn('platform_tag', 'varchar(64)')
        .addColumn('sealed', 'text', (column) => column.notNull())
        .execute()
      await db.schema
        .createIndex('wallet_ledger_by_platform')
        .on('wallet_ledger')
        .columns(['platform_tag', 'recorded_at'])
        .execute()
      await db.schema
        .createTable('wallet_ledger_head')
        .addColumn('name', 'varchar(16)', (column) => column.primaryKey())
        .addColumn('position', 'bigint', (column) => column.notNull())
        .addColumn('hash', 'varchar(64)', (column) => column.notNull())
        .execute()
      const typed = db as Kysely<WalletTables>
      await typed
        .insertInto('wallet_ledger_head')
        .values({ name: HEAD, position: 0, hash: '' })
        .execute()
    },
  },
] as const

/** Hangs a line on the chain, in the transaction that does what the line is about. */
export async function appendEntry(
  trx: Transaction<WalletTables>,
  write: WriteEntry,
): Promise<void> {
  // The update takes the row: of two writers one waits and then sees the other's line.
  const { position, hash: previous } = await trx
    .updateTable('wallet_ledger_head')
    .set((eb) => ({ position: eb('position', '+', 1) }))
    .where('name', '=', HEAD)
    .returning(['position', 'hash'])
    .executeTakeFirstOrThrow()
  const { row, hash } = write({ position, previous })
  await trx.insertInto('wallet_ledger').values(row).execute()
  await trx.updateTable('wallet_ledger_head').set({ hash }).where('name', '=', HEAD).execute()
}

/** SQL of the ledger. */
export class DatabaseLedgerStore implements LedgerStore {
  readonly #database: Database<WalletTables>

  constructor(database: Database<WalletTables>) {
    this.#database = database
  }

  async append(entries: readonly WriteEntry[]): Promise<void> {
    await this.#database.transaction(async (trx) => {
      for (const entry of entries) await appendEntry(trx, entry)
    })
  }

  entries(): Promise<LedgerRow[]> {
    return this.#database.kysely
      .selectFrom('wallet_ledger')
      .selectAll()
      .orderBy('position')
      .execute()
  }

  entriesOf(platformTag: string, since = 0): Promise<LedgerRow[]> {
    return this.#database.kysely
      .selectFrom('wallet_ledger')
      .selectAll()
      .where('platform_tag', '=', platformTag)
      .where('recorded_at', '>=', since)
      .orderBy('position')
      .execute()
  }

  entriesSince(since: number): Promise<LedgerRow[]> {
    return this.#database.kysely
      .selectFrom('wallet_ledger')
      .selectAll()
      .where('recorded_at', '>=', since)
      .orderBy('position')
      .execute()
  }

  head(): Promise<{ readonly position: number; readonly hash: string }> {
    return this.#database.kysely
      .selectFrom('wallet_ledger_head')
      .select(['position', 'hash'])
      .where('name', '=', HEAD)
      .executeTakeFirstOrThrow()
  }

  /** Takes over the lines of a wallet that was made before there was a chain, oldest first. */
  async adopt(write: (line: WalletTables['wallet_disclosures']) => WriteEntry): Promise<void> {
    const { kysely } = this.#database
    const any = await kysely.selectFrom('wallet_disclosures').select('id').limit(1).execute()
    if (any.length === 0) return
    await this.#database.transaction(async (trx) => {
      const lines = await trx
        .selectFrom('wallet_disclosures')
        .selectAll()
        .orderBy('disclosed_at')
        .orderBy('id')
        .execute()
      for (const line of lines) {
        const gone = await trx
          .deleteFrom('wallet_disclosures')
          .where('id', '=', line.id)
          .executeTakeFirstOrThrow()
        // Another process may be opening the same wallet.
        if (gone.numDeletedRows === 1n) await appendEntry(trx, write(line))
      }
    })
  }
}
