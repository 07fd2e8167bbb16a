import type { Migration } from '@netcert/agent'
import type { Kysely } from 'kysely'

/** Tables of erasing: the receipts that can be asked for again, and whether files are clean. */
export type ErasureSchema = {
  /** Receipts of the last weeks, sealed; found by whoever cancelled, and by nobody else. */
  erasure_receipts: {
    id: string
    /** Keyed hash of the reference in the authentic source. */
    citizen_tag: string
    /** Keyed hash of the tag of the network number: not the one the person's row had. */
    number_tag: string
    wrapped_key: string
    sealed: string
    erased_at: number
    until: number
  }
  /**
   * Row 1 counts erasures that were committed, and those whose bytes are gone from the files. Row 2:
   * up to which one (`finished`) the file was built anew, and when (`asked`, seconds since 1970).
   */
  erasure_state: { id: number; asked: number; finished: number }
}

/** The steps of the schema. */
export const erasureMigrations: readonly Migration[] = [{ name: '0037-erasure', up: createTables }]

async function createTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('erasure_receipts')
    .addColumn('id', 'varchar(40)', (column) => column.primaryKey())
    .addColumn('citizen_tag', 'varchar(64)', (column) => column.notNull())
    .addColumn('number_tag', 'varchar(64)', (column) => column.notNull().unique())
    .addColumn('wrapped_key', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('erased_at', 'bigint', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('erasure_receipts_citizen')
    .on('erasure_receipts')
    .columns(['citizen_tag', 'erased_at'])
    .execute()
  await db.schema
    .createTable('erasure_state')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('asked', 'bigint', (column) => column.notNull())
    .addColumn('finished', 'bigint', (column) => column.notNull())
    .execute()
  await (db as Kysely<ErasureSchema>)
    .insertInto('erasure_state')
    .values({ id: 1, asked: 0, finished: 0 })
    .execute()
}
