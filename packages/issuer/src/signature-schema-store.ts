import type { Migration } from '@netcert/agent'
import { type Generated, type Kysely, sql } from 'kysely'
import { createTrigger } from './trigger-store.js'

/** What was signed, apart from what was planned, so that the two can be compared. */
export type SignatureSchema = {
  /**
   * One row for each batch that was signed, written before any of its signatures leaves the signer.
   * It says nothing that the plan does not say, and no time. Numbers only grow.
   */
  signatures: { number: Generated<number>; batch: string; copies: number }
  /** One row. */
  signing_state: {
    id: number
    /** When signatures and plans did not agree; nothing is signed until an operator has looked. */
    halted_at: number | null
    /** Rows that did not agree and that an operator has looked into. */
    accepted: number
  }
}

/** The steps of the schema; what was issued before them counts as signed. */
export function signatureMigrations(engine: 'sqlite' | 'postgres'): readonly Migration[] {
  return [{ name: '0012-signatures', up: (db) => createTables(db, engine) }]
}

async function createTables(db: Kysely<unknown>, engine: 'sqlite' | 'postgres'): Promise<void> {
  const number =
    engine === 'sqlite'
      ? 'integer primary key autoincrement'
      : 'bigint generated always as identity primary key'
  await sql`create table signatures (number ${sql.raw(number)}, batch varchar(40) not null unique,
    copies integer not null)`.execute(db)
  await db.schema
    .createTable('signing_state')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('halted_at', 'bigint')
    .addColumn('accepted', 'integer', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('vci_deferred_batch').on('vci_deferred').column('batch').execute()
  await sql`insert into signing_state (id, halted_at, accepted) values (1, null, 0)`.execute(db)
  // What was planned and perhaps not signed can be delivered still where a transaction waits for it.
  await sql`insert into signatures (batch, copies)
    select id, copies from batches where id not in (select batch from vci_deferred
      where batch is not null and delivered_at is null and credentials is null)`.execute(db)
  const text = 'what was signed stays counted'
  for (const event of ['update', 'delete'] as const) {
    const name = `signatures_no_${event}`
    await createTrigger(db, engine, { name, event: `${event} on signatures`, text })
  }
}
