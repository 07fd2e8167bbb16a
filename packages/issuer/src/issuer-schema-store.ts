import type { KeyStoreSchema, Migration } from '@netcert/agent'
import type { Kysely } from 'kysely'
import {
  type ApplicationSchema,
  applicationMigrations,
} from './application/application-schema-store.js'
import { type AuthorizationServerSchema, authorizationServerMigrations } from './as-schema-store.js'
import { type AuditSchema, auditMigrations } from './audit/audit-schema-store.js'
import { type OperatorSchema, operatorMigrations } from './audit/operator-schema-store.js'
import { backupMigrations } from './backup/backup-schema-store.js'
import { holderMigrations } from './batch-holder-schema-store.js'
import { type EndingSchema, endingMigrations } from './ending/ending-schema-store.js'
import { type ErasureSchema, erasureMigrations } from './erasure/erasure-schema-store.js'
import { type IssuerKeySchema, issuerKeyMigrations } from './issuer-key-schema-store.js'
import { type ListsSchema, listsMigrations } from './lists/lists-schema-store.js'
import { type MinorsSchema, minorsMigrations } from './minors/minors-schema-store.js'
import { numberMigrations, type NumberSchema } from './number-schema-store.js'
import { packMigrations, type PackSchema } from './offline-pack/pack-schema-store.js'
import { type RegistrarSchema, registrarMigrations } from './registrar-schema-store.js'
import { type SignatureSchema, signatureMigrations } from './signature-schema-store.js'
import { createTrigger } from './trigger-store.js'
import { type RequestKeySchema, requestKeyMigrations } from './vci-request-key-store.js'
import { type CredentialIssuanceSchema, credentialIssuanceMigrations } from './vci-schema-store.js'

/** Tables of the issuer. Times in seconds since 1970; a person appears only sealed or keyed. */
export type IssuerSchema = KeyStoreSchema &
  AuditSchema &
  OperatorSchema &
  EndingSchema &
  ApplicationSchema &
  MinorsSchema &
  AuthorizationServerSchema &
  CredentialIssuanceSchema &
  SignatureSchema &
  RequestKeySchema &
  RegistrarSchema &
  IssuerKeySchema &
  ListsSchema &
  ErasureSchema &
  PackSchema &
  NumberSchema & {
    issuer_facts: { name: string; value: string }
    persons: {
      id: string
      /** Reference in the authentic source. */
      citizen: string
      /** Keyed hash of the document number: one person, one network number. */
      identity_tag: string
      /** Keyed hash of the network number: no two people share one. */
      number_tag: string
      wrapped_key: string
      sealed: string
      suspended_at: number | null
      /** When the suspension ends by itself; null for one that does not. */
      suspended_until: number | null
    }
    /** `next_sequence` only grows; which index a sequence number has is a keyed permutation. */
    status_lists: {
      list: number
      bits: number
      next_sequence: number
      /** Counts attempts to publish, so that an older snapshot never stays on top of a newer one. */
      version: number
      /** `iat` of the newest published token; 0 before the first. */
      published_at: number
      /** After a restore: entries from here on were perhaps given out and are revoked. */
      closed_from: number | null
    }
    /** The plan of each batch, written before anything of it is signed. */
    batches: {
      id: string
      person: string | null
      vct: string
      kind: string
      list: number | null
      first_sequence: number | null
      copies: number
      issued_at: number
      expires_at: number
      /** Values of the Token Status List: 0 valid, 1 revoked, 2 suspended. */
      status: number
      status_reason: string | null
      status_at: number | null
      /** The device it was fetched with; null for what an operator minted. */
      device: string | null
      /** Reference of the guardian who holds it; null for the person's own. */
      guardian: string | null
      /** When a suspension ends by itself; null for one that does not. */
      suspended_until: number | null
    }
    trust_lists: {
      sequence: number
      token: string
      /** Digest of what the list says, times and sequence left out. */
      content: string
      issued_at: number
      expires_at: number
    }
  }

/** The steps of the issuer's schema; triggers are written in each engine's own words. */
export function issuerMigrations(engine: 'sqlite' | 'postgres'): readonly Migration[] {
  return [
    { name: '0002-issuer', up: createTables },
    { name: '0003-one-way', up: (db) => createTriggers(db, engine) },
    ...authorizationServerMigrations,
    ...credentialIssuanceMigrations,
    ...signatureMigrations(engine),
    ...requestKeyMigrations,
    ...numberMigrations(engine),
    ...registrarMigrations(engine),
    ...issuerKeyMigrations(engine),
    ...auditMigrations(engine),
    ...holderMigrations,
    ...operatorMigrations(engine),
    ...backupMigrations,
    ...applicationMigrations,
    ...endingMigrations,
    ...minorsMigrations,
    ...listsMigrations(engine),
    ...erasureMigrations,
    ...packMigrations(engine),
  ]
}

async function createTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('issuer_facts')
    .addColumn('name', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('persons')
    .addColumn('id', 'varchar(40)', (column) => column.primaryKey())
    .addColumn('citizen', 'varchar(40)', (column) => column.notNull().unique())
    .addColumn('identity_tag', 'varchar(64)', (column) => column.notNull().unique())
    .addColumn('number_tag', 'varchar(64)', (column) => column.notNull().unique())
    .addColumn('wrapped_key', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('suspended_at', 'bigint')
    .execute()
  await db.schema
    .createTable('status_lists')
    .addColumn('list', 'integer', (column) => column.primaryKey())
    .addColumn('bits', 'integer', (column) => column.notNull())
    .addColumn('next_sequence', 'integer', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('published_at', 'bigint', (column) => column.notNull())
    .execute()
  await createBatches(db)
  await db.schema
    .createTable('trust_lists')
    .addColumn('sequence', 'bigint', (column) => column.primaryKey())
    .addColumn('token', 'text', (column) => column.notNull())
    .addColumn('content', 'varchar(64)', (column) => column.notNull())
    .addColumn('issued_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()
}

async function createBatches(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('batches')
    .addColumn('id', 'varchar(40)', (column) => column.primaryKey())
    .addColumn('person', 'varchar(40)')
    .addColumn('vct', 'varchar(128)', (column) => column.notNull())
    .addColumn('kind', 'varchar(16)', (column) => column.notNull())
    .addColumn('list', 'integer')
    .addColumn('first_sequence', 'integer')
    .addColumn('copies', 'integer', (column) => column.notNull())
    .addColumn('issued_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('status', 'integer', (column) => column.notNull())
    .addColumn('status_reason', 'varchar(32)')
    .addColumn('status_at', 'bigint')
    .addUniqueConstraint('batches_sequence', ['list', 'first_sequence'])
    .execute()
  await db.schema.createIndex('batches_person').on('batches').column('person').execute()
  await db.schema.createIndex('batches_status').on('batches').columns(['list', 'status']).execute()
}

/** What no statement may undo, not even one of our own making: condition on `old` and `new`. */
const ONE_WAY = [
  {
    name: 'batches_revoked_stays',
    table: 'batches',
    when: 'old.status = 1 and new.status <> 1',
    text: 'revoked stays revoked',
  },
  {
    name: 'batches_index_stays',
    table: 'batches',
    when:
      'old.list is distinct from new.list or old.copies <> new.copies ' +
      'or old.first_sequence is distinct from new.first_sequence',
    text: 'a batch keeps its status indices',
  },
  {
    name: 'status_lists_only_grow',
    table: 'status_lists',
    when: 'new.next_sequence < old.next_sequence or new.version < old.version',
    text: 'a status list only grows',
  },
] as const

async function createTriggers(db: Kysely<unknown>, engine: 'sqlite' | 'postgres'): Promise<void> {
  for (const { name, table, when, text } of ONE_WAY) {
    await createTrigger(db, engine, { name, event: `update on ${table}`, when, text })
  }
  // An index handed out is never free again, so what records it is never deleted.
  for (const table of ['batches', 'status_lists']) {
    const name = `${table}_stay`
    await createTrigger(db, engine, { name, event: `delete on ${table}`, text: 'rows stay' })
  }
}
