import type { Migration } from '@netcert/agent'
import type { Kysely } from 'kysely'

/** Devices of citizens, codes with which they end everything, and who may vouch for them. */
export type EndingSchema = {
  /** One grant to a wallet: what it fetches can be ended apart from other devices. */
  devices: {
    id: string
    /** Reference in the authentic source of whoever holds it. */
    citizen: string
    /** Hash of the grant it fetches under; null once the device is ended. */
    grant_hash: string | null
    /** `attested_wallet`: a wallet provider vouches for it; `wallet`: nobody does. */
    kind: string
    created_at: number
    /** To the hour, as the certificates' own time. */
    last_issued_at: number
    suspended_at: number | null
    suspended_until: number | null
    ended_at: number | null
    ended_reason: string | null
  }
  /** What the code printed at enrolment is found and known by; never the code. */
  revocation_codes: {
    /** The first symbols of the code. */
    locator: string
    citizen: string
    /** Keyed hash of the whole code. */
    code_tag: string
    made_at: number
  }
  /** How many tries at codes are left under a keyed name, in the window that begins at `since`. */
  code_tries: { name: string; since: number; tries_left: number }
  /** A person who may confirm that somebody is who they say when all devices are gone. */
  recovery_contacts: {
    id: string
    person: string
    /** The contact; null until they have agreed. */
    contact: string | null
    /** What the contact's consent has to answer; null once it has. */
    nonce: string | null
    asked_at: number
    expires_at: number | null
    agreed_at: number | null
  }
}

/** The steps of the schema. */
export const endingMigrations: readonly Migration[] = [
  {
    name: '0035-ending',
    up: async (db) => {
      await createDevices(db)
      await createCodes(db)
      await createContacts(db)
    },
  },
]

async function createDevices(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('devices')
    .addColumn('id', 'varchar(40)', (column) => column.primaryKey())
    .addColumn('citizen', 'varchar(40)', (column) => column.notNull())
    .addColumn('grant_hash', 'varchar(64)', (column) => column.unique())
    .addColumn('kind', 'varchar(16)', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_issued_at', 'bigint', (column) => column.notNull())
    .addColumn('suspended_at', 'bigint')
    .addColumn('suspended_until', 'bigint')
    .addColumn('ended_at', 'bigint')
    .addColumn('ended_reason', 'varchar(32)')
    .execute()
  await db.schema.createIndex('devices_citizen').on('devices').column('citizen').execute()
}

async function createCodes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('revocation_codes')
    .addColumn('locator', 'varchar(16)', (column) => column.primaryKey())
    .addColumn('citizen', 'varchar(40)', (column) => column.notNull().unique())
    .addColumn('code_tag', 'varchar(64)', (column) => column.notNull())
    .addColumn('made_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('code_tries')
    .addColumn('name', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('tries_left', 'integer', (column) => column.notNull())
    .execute()
}

async function createContacts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('recovery_contacts')
    .addColumn('id', 'varchar(40)', (column) => column.primaryKey())
    .addColumn('person', 'varchar(40)', (column) => column.notNull())
    .addColumn('contact', 'varchar(40)')
    .addColumn('nonce', 'varchar(64)')
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('agreed_at', 'bigint')
    .addUniqueConstraint('recovery_contacts_pair', ['person', 'contact'])
    .execute()
  await db.schema
    .createIndex('recovery_contacts_contact')
    .on('recovery_contacts')
    .column('contact')
    .execute()
}
