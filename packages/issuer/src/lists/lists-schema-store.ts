import type { Migration } from '@netcert/agent'
import { type Kysely, sql } from 'kysely'
import { createTrigger } from '../trigger-store.js'

/** What was published last, and what could not be. Nothing here is about a person. */
export type ListsSchema = {
  /** The newest version of each status list of people, as whoever publishes at that tick writes it. */
  published_lists: {
    list: number
    /** Of `status_lists`; only grows. */
    version: number
    /** The tick whose version this is, seconds since 1970. */
    tick: number
    token: string
    /** SHA-256 over signer and entries: whether a new version would say anything else. */
    content: string
    issued_at: number
    expires_at: number
  }
  /** How the last run of each step of a publication went, in any process. */
  publication_steps: {
    step: string
    /** When it was last done whole; 0 before the first time. */
    done_at: number
    /** Since when it fails; null while it does not. */
    failed_at: number | null
    /** Failures one after another. */
    failures: number
    /** Code of the last failure. */
    code: string | null
  }
}

/** The steps of the schema. */
export function listsMigrations(engine: 'sqlite' | 'postgres'): readonly Migration[] {
  return [{ name: '0038-lists', up: (db) => change(db, engine) }]
}

async function change(db: Kysely<unknown>, engine: 'sqlite' | 'postgres'): Promise<void> {
  await createTables(db)
  await db.schema.alterTable('issuer_keys').addColumn('revoked_since', 'bigint').execute()
  await db.schema
    .alterTable('registrar_lists')
    .addColumn('registrar', 'varchar(128)', (column) => column.notNull().defaultTo('registrar-1'))
    .execute()
  await createTrigger(db, engine, {
    name: 'issuer_keys_stay_revoked_since',
    event: 'update on issuer_keys',
    when:
      'old.revoked_since is not null and ' +
      '(new.revoked_since is null or new.revoked_since > old.revoked_since)',
    text: 'what was not believed is not believed again',
  })
  await createTrigger(db, engine, {
    name: 'registrar_lists_keep_registrar',
    event: 'update on registrar_lists',
    when: 'new.registrar <> old.registrar',
    text: 'a list stays with the key of its accreditations',
  })
  await createTrigger(db, engine, {
    name: 'published_lists_only_grow',
    event: 'update on published_lists',
    when: 'new.version < old.version or new.issued_at < old.issued_at',
    text: 'a published list never goes back',
  })
  await sql`update issuer_keys set revoked_since = not_before where state = 'revoked'`.execute(db)
}

async function createTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('published_lists')
    .addColumn('list', 'integer', (column) => column.primaryKey())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('tick', 'bigint', (column) => column.notNull())
    .addColumn('token', 'text', (column) => column.notNull())
    .addColumn('content', 'varchar(64)', (column) => column.notNull())
    .addColumn('issued_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('publication_steps')
    .addColumn('step', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('done_at', 'bigint', (column) => column.notNull())
    .addColumn('failed_at', 'bigint')
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('code', 'varchar(64)')
    .execute()
}
