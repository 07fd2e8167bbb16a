import type { Migration } from '@netcert/agent'
import type { Kysely } from 'kysely'
import { createTrigger } from './trigger-store.js'

/** Tables of the registrar: platforms and what they may ask. Nothing here is about a person. */
export type RegistrarSchema = {
  platforms: {
    id: string
    /** The registration, as JSON; what people may read in the public register. */
    registration: string
    /** Of the company register: an id never passes to another operator. */
    operator: string
    /** Thumbprint of the request key: no two platforms sign with one. */
    request_key: string
    /** What names look like at a glance; see `nameSkeleton`. */
    skeleton_zh: string
    skeleton_en: string
    registered_at: number
    changed_at: number
    /** The tombstone: the id stays taken. */
    removed_at: number | null
    removed_reason: string | null
  }
  accreditations: {
    /** `jti` of the token. */
    id: string
    platform: string
    purpose: string
    list: number
    sequence: number
    issued_at: number
    expires_at: number
    token: string
    revoked_at: number | null
    revoked_reason: string | null
  }
  /** As `status_lists` of the issuer: numbers only grow, indices are a keyed permutation of them. */
  registrar_lists: {
    list: number
    next_sequence: number
    version: number
    published_at: number
    /** Alias of the key that signs it and the accreditations on it. */
    registrar: string
    /** As of `status_lists`. */
    closed_from: number | null
  }
  platform_reports: {
    id: string
    accreditation: string
    platform: string
    code: string
    /** JSON: type and claim path of what was asked too much. */
    findings: string
    /** What the registrar itself decides about the request: `allow` … `refuse`, or `unreadable`. */
    decision: string
    /** SHA-256 of the signed request object: the same request counts once. */
    request: string
    /** To the hour: a finer time could tell who reported. */
    reported_at: number
  }
}

/** The steps of the registrar's schema. */
export function registrarMigrations(engine: 'sqlite' | 'postgres'): readonly Migration[] {
  return [
    { name: '0021-registrar', up: createTables },
    { name: '0022-registrar-one-way', up: (db) => createRules(db, engine) },
  ]
}

async function createTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('platforms')
    .addColumn('id', 'varchar(128)', (column) => column.primaryKey())
    .addColumn('registration', 'text', (column) => column.notNull())
    .addColumn('operator', 'varchar(64)', (column) => column.notNull())
    .addColumn('request_key', 'varchar(64)', (column) => column.notNull().unique())
    .addColumn('skeleton_zh', 'varchar(512)', (column) => column.notNull())
    .addColumn('skeleton_en', 'varchar(512)', (column) => column.notNull())
    .addColumn('registered_at', 'bigint', (column) => column.notNull())
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .addColumn('removed_at', 'bigint')
    .addColumn('removed_reason', 'varchar(32)')
    .execute()
  await createAccreditations(db)
  await db.schema
    .createTable('platform_reports')
    .addColumn('id', 'varchar(40)', (column) => column.primaryKey())
    .addColumn('accreditation', 'varchar(128)', (column) => column.notNull())
    .addColumn('platform', 'varchar(128)', (column) => column.notNull())
    .addColumn('code', 'varchar(40)', (column) => column.notNull())
    .addColumn('findings', 'text', (column) => column.notNull())
    .addColumn('decision', 'varchar(16)', (column) => column.notNull())
    .addColumn('request', 'varchar(64)', (column) => column.notNull().unique())
    .addColumn('reported_at', 'bigint', (column) => column.notNull())
    .execute()
}

async function createAccreditations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('accreditations')
    .addColumn('id', 'varchar(128)', (column) => column.primaryKey())
    .addColumn('platform', 'varchar(128)', (column) => column.notNull())
    .addColumn('purpose', 'varchar(64)', (column) => column.notNull())
    .addColumn('list', 'integer', (column) => column.notNull())
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('issued_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('token', 'text', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .addColumn('revoked_reason', 'varchar(32)')
    .addUniqueConstraint('accreditations_sequence', ['list', 'sequence'])
    .execute()
  await db.schema
    .createIndex('accreditations_platform')
    .on('accreditations')
    .columns(['platform', 'purpose'])
    .execute()
  await db.schema
    .createTable('registrar_lists')
    .addColumn('list', 'integer', (column) => column.primaryKey())
    .addColumn('next_sequence', 'integer', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('published_at', 'bigint', (column) => column.notNull())
    .execute()
}

/** What no statement may undo, not even one of our own making. */
const ONE_WAY = [
  {
    name: 'platforms_id_stays',
    table: 'platforms',
    when: 'old.id <> new.id or old.operator <> new.operator',
    text: 'a platform id stays with its operator',
  },
  {
    name: 'platforms_removed_stays',
    table: 'platforms',
    when: 'old.removed_at is not null',
    text: 'a removed platform stays removed',
  },
  {
    name: 'accreditations_revoked_stays',
    table: 'accreditations',
    when: 'old.revoked_at is not null and new.revoked_at is null',
    text: 'revoked stays revoked',
  },
  {
    name: 'accreditations_index_stays',
    table: 'accreditations',
    when: 'old.list <> new.list or old.sequence <> new.sequence or old.platform <> new.platform',
    text: 'an accreditation keeps its status index',
  },
  {
    name: 'registrar_lists_only_grow',
    table: 'registrar_lists',
    when: 'new.next_sequence < old.next_sequence or new.version < old.version',
    text: 'a status list only grows',
  },
] as const

async function createRules(db: Kysely<unknown>, engine: 'sqlite' | 'postgres'): Promise<void> {
  for (const { name, table, when, text } of ONE_WAY) {
    await createTrigger(db, engine, { name, event: `update on ${table}`, when, text })
  }
  for (const table of ['platforms', 'accreditations', 'registrar_lists']) {
    const name = `${table}_stay`
    await createTrigger(db, engine, { name, event: `delete on ${table}`, text: 'rows stay' })
  }
}
