import type { Migration } from '@netcert/agent'
import { type Kysely, sql } from 'kysely'
import { createTrigger } from './trigger-store.js'

/** What becomes of the keys that certificates and status lists are signed with. */
export type IssuerKeySchema = {
  /** No row stands for the first key of a use until there is a second. */
  issuer_keys: {
    /** Of the key store. */
    alias: string
    /** `credential`, `status`, `registrar`, `pack` or `root`. */
    key_use: string
    did: string
    /** `next`, `active`, `retired` or `revoked`, and never back. */
    state: string
    /** The window on the trust list. */
    not_before: number
    not_after: number
    /** When a trust list that names it was first written to where verifiers fetch it. */
    published_at: number | null
    activated_at: number | null
    retired_at: number | null
    revoked_at: number | null
    /** What it signed from then on, or is shown from then on, is not believed; null for others. */
    revoked_since: number | null
  }
}

/** The steps of the schema. */
export function issuerKeyMigrations(engine: 'sqlite' | 'postgres'): readonly Migration[] {
  return [{ name: '0023-issuer-keys', up: (db) => createTable(db, engine) }]
}

async function createTable(db: Kysely<unknown>, engine: 'sqlite' | 'postgres'): Promise<void> {
  await db.schema
    .createTable('issuer_keys')
    .addColumn('alias', 'varchar(128)', (column) => column.primaryKey())
    .addColumn('key_use', 'varchar(16)', (column) => column.notNull())
    .addColumn('did', 'varchar(128)', (column) => column.notNull().unique())
    .addColumn('state', 'varchar(8)', (column) => column.notNull())
    .addColumn('not_before', 'bigint', (column) => column.notNull())
    .addColumn('not_after', 'bigint', (column) => column.notNull())
    .addColumn('published_at', 'bigint')
    .addColumn('activated_at', 'bigint')
    .addColumn('retired_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .execute()
  // Two processes that rotate at once: one of them finds its step taken.
  for (const state of ['next', 'active']) {
    await sql`create unique index ${sql.raw(`issuer_keys_one_${state}`)} on issuer_keys (key_use)
      where state = ${sql.lit(state)}`.execute(db)
  }
  const rank = (row: 'old' | 'new') =>
    `(case ${row}.state when 'next' then 0 when 'active' then 1 when 'retired' then 2 else 3 end)`
  await createTrigger(db, engine, {
    name: 'issuer_keys_only_forward',
    event: 'update on issuer_keys',
    when:
      `${rank('new')} < ${rank('old')} or old.alias <> new.alias or old.did <> new.did ` +
      'or old.key_use <> new.key_use or new.not_after > old.not_after',
    text: 'a key never goes back to an earlier state',
  })
  const text = 'keys stay on record'
  await createTrigger(db, engine, {
    name: 'issuer_keys_stay',
    event: 'delete on issuer_keys',
    text,
  })
}
