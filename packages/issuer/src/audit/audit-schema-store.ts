import type { Migration } from '@netcert/agent'
import type { Kysely } from 'kysely'
import { createTrigger } from '../trigger-store.js'

/** What was done at this issuer, by whom; nothing about a person stands here. */
export type AuditSchema = {
  audit_log: {
    /** 1, 2, 3 … without a gap. */
    sequence: number
    at: number
    event: string
    /** Thumbprint of an operator's key, or what kind of caller it was. */
    actor: string
    /** A random reference of this issuer, or a name of its own keys. */
    subject: string | null
    /** JSON: codes, counts and times. */
    details: string
    /** The operator's signature over the entry without its place in the chain. */
    signature: string | null
    /** `hash` of the entry before. */
    previous: string
    hash: string
  }
  /** One row: where the chain ends. Whoever adds to it holds this row until they have committed. */
  audit_tail: { id: number; sequence: number; hash: string }
}

/** `previous` of the first entry. */
export const CHAIN_BEGIN = '0'.repeat(43)

/** The steps of the schema. */
export function auditMigrations(engine: 'sqlite' | 'postgres'): readonly Migration[] {
  return [{ name: '0030-audit', up: (db) => createTables(db, engine) }]
}

async function createTables(db: Kysely<unknown>, engine: 'sqlite' | 'postgres'): Promise<void> {
  await db.schema
    .createTable('audit_log')
    .addColumn('sequence', 'bigint', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('event', 'varchar(48)', (column) => column.notNull())
    .addColumn('actor', 'varchar(64)', (column) => column.notNull())
    .addColumn('subject', 'varchar(128)')
    .addColumn('details', 'text', (column) => column.notNull())
    .addColumn('signature', 'text')
    .addColumn('previous', 'varchar(64)', (column) => column.notNull())
    .addColumn('hash', 'varchar(64)', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('audit_tail')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'varchar(64)', (column) => column.notNull())
    .execute()
  await (db as Kysely<AuditSchema>)
    .insertInto('audit_tail')
    .values({ id: 1, sequence: 0, hash: CHAIN_BEGIN })
    .execute()
  const text = 'what was done stays on record'
  for (const event of ['update', 'delete'] as const) {
    const name = `audit_log_no_${event}`
    await createTrigger(db, engine, { name, event: `${event} on audit_log`, text })
  }
  await createTrigger(db, engine, {
    name: 'audit_tail_only_grows',
    event: 'update on audit_tail',
    when: 'new.sequence < old.sequence',
    text: 'the audit log only grows',
  })
}
