import { randomBelow } from './chance.js'
import type { Database, KeyStoreSchema } from '@netcert/agent'
import type { Kysely } from 'kysely'
import type { IssuanceTables } from './issuance-store.js'
import { appendEntry, type LedgerTables } from './ledger-store.js'
import type { BatchRow, BatchSummary, CopyRow, WalletStore, WriteEntry } from './stores.js'

/** A row as a table has it. */
export type Writable<Row> = { -readonly [Column in keyof Row]: Row[Column] }

/** The tables of a wallet, beside those of its key store. Times in seconds since 1970. */
export type WalletTables = KeyStoreSchema &
  IssuanceTables &
  LedgerTables & {
    wallet_batches: Writable<BatchRow>
    wallet_copies: Writable<CopyRow>
    /** The ledger of wallets from before there was a chain; emptied when one is opened. */
    wallet_disclosures: { id: string; disclosed_at: number; sealed: string }
  }

/** The steps of the schema, to follow those of the key store. */
export const walletMigrations = [
  {
    name: '0002-wallet',
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('wallet_batches')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('kind', 'varchar(16)', (column) => column.notNull())
        .addColumn('vct', 'text', (column) => column.notNull())
        .addColumn('issuer', 'text', (column) => column.notNull())
        .addColumn('issued_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('received_at', 'bigint', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('wallet_copies')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('batch_id', 'varchar(32)', (column) => column.notNull())
        .addColumn('key_alias', 'varchar(128)', (column) => column.notNull().unique())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('used_at', 'bigint')
        .addColumn('audience_tag', 'varchar(64)')
        .execute()
      await db.schema
        .createIndex('wallet_copies_by_batch')
        .on('wallet_copies')
        .columns(['batch_id', 'used_at'])
        .execute()
      await db.schema
        .createTable('wallet_disclosures')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('disclosed_at', 'bigint', (column) => column.notNull())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .execute()
    },
  },
] as const

/** The step after those of the ledger: whom a certificate is about. */
export const wardMigrations = [
  {
    name: '0005-wallet-wards',
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('wallet_batches').addColumn('ward_id', 'varchar(32)').execute()
    },
  },
] as const

/** A batch has ten copies or so; a longer one is drawn from in parts. */
const MOST_COPIES_READ = 32

/** All of the wallet's SQL. */
export class DatabaseWalletStore implements WalletStore {
  readonly #database: Database<WalletTables>

  constructor(database: Database<WalletTables>) {
    this.#database = database
  }

  async keyAlias(did: string): Promise<string | undefined> {
    const row = await this.#database.kysely
      .selectFrom('keys')
      .select('alias')
      .where('did', '=', did)
      .executeTakeFirst()
    return row?.alias
  }

  async putBatch(batch: BatchRow, copies: readonly CopyRow[]): Promise<boolean> {
    return this.#database
      .transaction(async (trx) => {
        for (const copy of copies) {
          const { numInsertedOrUpdatedRows } = await trx
            .insertInto('wallet_copies')
            .values(copy)
            .onConflict((conflict) => conflict.column('key_alias').doNothing())
            .executeTakeFirstOrThrow()
          if (numInsertedOrUpdatedRows !== 1n) throw new KeyTaken()
        }
        await trx.insertInto('wallet_batches').values(batch).execute()
        return true
      })
      .catch((error: unknown) => {
        if (error instanceof KeyTaken) return false
        throw error
      })
  }

  async batches(now: number): Promise<BatchSummary[]> {
    const rows = await this.#database.kysely
      .selectFrom('wallet_batches as batch')
      .innerJoin('wallet_copies as copy', 'copy.batch_id', 'batch.id')
      .where('batch.expires_at', '>', now)
      .groupBy([
        'batch.id',
        'batch.kind',
        'batch.vct',
        'batch.issuer',
        'batch.issued_at',
        'batch.expires_at',
        'batch.received_at',
        'batch.ward_id',
      ])
      .selectAll('batch')
      .select((eb) => [
        eb.fn.count<number>('copy.id').as('copies'),
        eb.fn.count<number>('copy.used_at').as('used'),
      ])
      .orderBy('batch.received_at', 'desc')
      .orderBy('batch.id')
      .execute()
    return rows.map(({ copies, used, ...batch }) => ({
      ...batch,
      copies: Number(copies),
      remaining: Number(copies) - Number(used),
    }))
  }

  async anyCopyOf(batch: string, now: number): Promise<CopyRow | undefined> {
    const rows = await this.#database.kysely
      .selectFrom('wallet_copies')
      .selectAll()
      .where('batch_id', '=', batch)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .limit(MOST_COPIES_READ)
      .execute()
    return rows.length === 0 ? undefined : rows[randomBelow(rows.length)]
  }

  async useOnce(copy: CopyRow, now: number, entry: WriteEntry): Promise<boolean> {
    return this.#database.transaction(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('wallet_copies')
        .set({ used_at: now, sealed: '' })
        .where('id', '=', copy.id)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows !== 1n) return false
      await trx.deleteFrom('keys').where('alias', '=', copy.key_alias).execute()
      await appendEntry(trx, entry)
      return true
    })
  }

  async useAt(copy: CopyRow, tag: string, now: number, entry: WriteEntry): Promise<boolean> {
    return this.#database.transaction(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('wallet_copies')
        .set({ audience_tag: tag })
        .where('id', '=', copy.id)
        .where((eb) => eb.or([eb('audience_tag', 'is', null), eb('audience_tag', '=', tag)]))
        .where('expires_at', '>', now)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows !== 1n) return false
      await appendEntry(trx, entry)
      return true
    })
  }

  async discard({ id }: CopyRow, now: number): Promise<void> {
    await this.#database.kysely
      .updateTable('wallet_copies')
      .set({ used_at: now, sealed: '' })
      .where('id', '=', id)
      .where('used_at', 'is', null)
      .execute()
  }

  async forgetExpired(now: number): Promise<void> {
    await this.#database.transaction(async (trx) => {
      const expired = trx.selectFrom('wallet_copies').where('expires_at', '<=', now)
      await trx.deleteFrom('keys').where('alias', 'in', expired.select('key_alias')).execute()
      await trx.deleteFrom('wallet_copies').where('expires_at', '<=', now).execute()
      await trx.deleteFrom('wallet_batches').where('expires_at', '<=', now).execute()
    })
  }
}

class KeyTaken extends Error {}
