import type { Migration } from '@netcert/agent'
import type { Kysely } from 'kysely'
import { createTrigger } from '../trigger-store.js'

/** Offline packs that were built. Nothing here is about a person. */
export type PackSchema = {
  /** One row, from the first pack on: the last number and date given to one; both only grow. */
  pack_counter: {
    id: number
    sequence: number
    /** Seconds since 1970: no pack is dated before the one with the number below. */
    issued_at: number
  }
  packs: {
    sequence: number
    issued_at: number
    /** SHA-256 of the manifest of the full pack, base64url. */
    digest: string
    bytes: number
    entries: number
  }
}

/** The steps of the schema. */
export function packMigrations(engine: 'sqlite' | 'postgres'): readonly Migration[] {
  return [{ name: '0040-packs', up: (db) => createTables(db, engine) }]
}

async function createTables(db: Kysely<unknown>, engine: 'sqlite' | 'postgres'): Promise<void> {
  await db.schema
    .createTable('pack_counter')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('issued_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('packs')
    .addColumn('sequence', 'bigint', (column) => column.primaryKey())
    .addColumn('issued_at', 'bigint', (column) => column.notNull())
    .addColumn('digest', 'varchar(64)', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('entries', 'integer', (column) => column.notNull())
    .execute()
  await createTrigger(db, engine, {
    name: 'pack_counter_only_grows',
    event: 'update on pack_counter',
    when: 'new.sequence <= old.sequence or new.issued_at < old.issued_at',
    text: 'a number of a pack is never given twice',
  })
}
