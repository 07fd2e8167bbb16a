import type { Migration } from '@netcert/agent'
import type { Kysely } from 'kysely'
import { createTrigger } from './trigger-store.js'

/** Tables about platform numbers, presence checks and re-identification. */
export type NumberSchema = {
  /** What outlives a cancelled person for a while, so that enrolling again is no second account. */
  number_cool_downs: {
    /** Keyed hash of the document number; the key stands in no database. */
    tag: string
    /** The salt of the person's platform numbers. */
    sealed: string
    until: number
  }
  /** Checks of the last minutes; each goes into one copy. */
  presence_checks: {
    person: string
    /** A whole minute. */
    checked_at: number
    face: number
    /** The batch it goes into, once there is one. */
    batch: string | null
  }
  /** Who may take part in a re-identification. */
  number_officers: {
    /** Thumbprint of the key (RFC 7638). */
    id: string
    name_code: string
    /** Public key, JSON. */
    jwk: string
    registered_at: number
    revoked_at: number | null
  }
  /** Every search for the person behind a number, found or not. No number stands here. */
  number_cases: {
    id: string
    case_number: string
    first_officer: string
    second_officer: string
    at: number
    /** 1 or 0; null while it is searched for, and for good when that broke off. */
    found: number | null
  }
}

/** The tables of officers, cases, presence checks and waits. */
export function numberMigrations(engine: 'sqlite' | 'postgres'): readonly Migration[] {
  return [
    {
      name: '0020-platform-numbers',
      up: async (db) => {
        await createNumberTables(db)
        await createCaseTables(db)
        await createRules(db, engine)
      },
    },
  ]
}

async function createNumberTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('number_cool_downs')
    .addColumn('tag', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('presence_checks')
    .addColumn('person', 'varchar(40)', (column) => column.primaryKey())
    .addColumn('checked_at', 'bigint', (column) => column.notNull())
    .addColumn('face', 'integer', (column) => column.notNull())
    .addColumn('batch', 'varchar(40)')
    .execute()
}

async function createCaseTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('number_officers')
    .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('name_code', 'varchar(64)', (column) => column.notNull().unique())
    .addColumn('jwk', 'text', (column) => column.notNull())
    .addColumn('registered_at', 'bigint', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .execute()
  await db.schema
    .createTable('number_cases')
    .addColumn('id', 'varchar(40)', (column) => column.primaryKey())
    .addColumn('case_number', 'varchar(64)', (column) => column.notNull())
    .addColumn('first_officer', 'varchar(64)', (column) => column.notNull())
    .addColumn('second_officer', 'varchar(64)', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('found', 'integer')
    .execute()
}

/** What no statement may undo: who asked for whom stays on record. */
async function createRules(db: Kysely<unknown>, engine: 'sqlite' | 'postgres'): Promise<void> {
  for (const table of ['number_officers', 'number_cases']) {
    const name = `${table}_stay`
    await createTrigger(db, engine, { name, event: `delete on ${table}`, text: 'rows stay' })
  }
  await createTrigger(db, engine, {
    name: 'number_cases_decided_stays',
    event: 'update on number_cases',
    when: 'old.found is not null',
    text: 'a case stays as it was',
  })
  await createTrigger(db, engine, {
    name: 'number_officers_revoked_stays',
    event: 'update on number_officers',
    when: 'old.revoked_at is not null or old.jwk <> new.jwk or old.id <> new.id',
    text: 'an officer stays as registered, or revoked',
  })
}
