import type { Migration } from '@netcert/agent'
import { type Kysely, sql } from 'kysely'

/** Tables of applications, of what proved them, and of the documents people are found by. */
export type ApplicationSchema = {
  applications: {
    id: string
    state: string
    /** Why it was refused; a code. */
    reason: string | null
    /** Counts changes, so that a decision is about what was looked at. */
    version: number
    assurance_asked: string
    /** The level that was reached; null until it is approved. */
    assurance: string | null
    /** What a presentation made for it has as its nonce. */
    nonce: string
    /** Reference in the authentic source, once the person was found there. */
    citizen: string | null
    /** Reference of the guardian who applies or consents. */
    guardian: string | null
    /** Configuration ids, JSON. */
    types: string
    /** Digest of the purposes that were consented to, and the language they were read in. */
    consent_purposes: string
    consent_language: string
    /** What was stated, under a key of its own; null as soon as it is decided. */
    wrapped_key: string | null
    sealed: string | null
    /** 1 when its offer enrolled the person; a withdrawal then undoes that. */
    enrolled_here: number
    submitted_at: number
    changed_at: number
  }
  application_evidence: {
    application: string
    kind: string
    /** 1 or 0. */
    passed: number
    /** A code: how it passed, or why not. */
    outcome: string
    /** Hash of a statement that counts once, whatever it is brought for. */
    once_hash: string | null
    at: number
  }
  /** Every offer that was made for an application: whoever redeemed one of them is held to it. */
  application_offers: { offer: string; application: string }
  /** Every document an enrolled person is found by. */
  person_documents: {
    /** Keyed hash of the document number; the key stands in no database. */
    tag: string
    person: string
  }
}

/** The steps of the schema. */
export const applicationMigrations: readonly Migration[] = [
  { name: '0033-applications', up: createTables },
  { name: '0034-person-documents', up: createDocuments },
]

async function createTables(db: Kysely<unknown>): Promise<void> {
  await createApplications(db)
  await createEvidence(db)
}

async function createApplications(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('applications')
    .addColumn('id', 'varchar(40)', (column) => column.primaryKey())
    .addColumn('state', 'varchar(16)', (column) => column.notNull())
    .addColumn('reason', 'varchar(48)')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('assurance_asked', 'varchar(32)', (column) => column.notNull())
    .addColumn('assurance', 'varchar(32)')
    .addColumn('nonce', 'varchar(64)', (column) => column.notNull())
    .addColumn('citizen', 'varchar(40)')
    .addColumn('guardian', 'varchar(40)')
    .addColumn('types', 'text', (column) => column.notNull())
    .addColumn('consent_purposes', 'varchar(64)', (column) => column.notNull())
    .addColumn('consent_language', 'varchar(8)', (column) => column.notNull())
    .addColumn('wrapped_key', 'text')
    .addColumn('sealed', 'text')
    .addColumn('enrolled_here', 'integer', (column) => column.notNull())
    .addColumn('submitted_at', 'bigint', (column) => column.notNull())
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .execute()
  for (const column of ['citizen', 'guardian', 'state'] as const) {
    const index = db.schema.createIndex(`applications_${column}`).on('applications')
    await index.column(column).execute()
  }
}

async function createEvidence(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('application_evidence')
    .addColumn('application', 'varchar(40)', (column) => column.notNull())
    .addColumn('kind', 'varchar(16)', (column) => column.notNull())
    .addColumn('passed', 'integer', (column) => column.notNull())
    .addColumn('outcome', 'varchar(48)', (column) => column.notNull())
    .addColumn('once_hash', 'varchar(64)', (column) => column.unique())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('application_evidence_key', ['application', 'kind'])
    .execute()
  await db.schema
    .createTable('application_offers')
    .addColumn('offer', 'varchar(40)', (column) => column.primaryKey())
    .addColumn('application', 'varchar(40)', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('application_offers_application')
    .on('application_offers')
    .column('application')
    .execute()
}

/** People enrolled before are found by the document they were enrolled with. */
async function createDocuments(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('person_documents')
    .addColumn('tag', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('person', 'varchar(40)', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('person_documents_person')
    .on('person_documents')
    .column('person')
    .execute()
  await sql`insert into person_documents (tag, person) select identity_tag, id from persons`.execute(
    db,
  )
}
