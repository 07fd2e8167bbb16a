import type { Migration } from '@netcert/agent'
import type { Kysely } from 'kysely'

/** Tables of the authorization server. Nothing that could be presented stands here in clear. */
export type AuthorizationServerSchema = {
  /** Sessions, requests, codes, grants and tokens. */
  as_records: {
    model: string
    /** Hash of the identifier: whoever reads the table has no token. */
    id: string
    /** Hash of the grant, so that everything of one grant ends together. */
    grant_id: string | null
    /** Hash of a session's second name. */
    uid: string | null
    /** Keyed hash of whose it is, empty where it is about nobody; null in records from before. */
    subject_tag: string | null
    sealed: string
    expires_at: number
    consumed_at: number | null
  }
  /** One-time codes of people who are logging in, by the hash of their interaction. */
  as_login_codes: {
    interaction: string
    /** Counts the codes sent in this interaction; the highest one is in force. */
    attempt: number
    /** `null` where nobody was found: such a code is never right, and looks like any other. */
    citizen: string | null
    code_tag: string
    /** Wrong guesses so far. */
    guesses: number
    sent_at: number
    expires_at: number
    used_at: number | null
  }
}

/** The tables of the authorization server. */
export const authorizationServerMigrations: readonly Migration[] = [
  {
    name: '0010-authorization-server',
    up: async (db) => {
      await createRecords(db)
      await createLoginCodes(db)
    },
  },
  { name: '0022-record-subjects', up: addSubjects },
]

async function createRecords(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('as_records')
    .addColumn('model', 'varchar(32)', (column) => column.notNull())
    .addColumn('id', 'varchar(64)', (column) => column.notNull())
    .addColumn('grant_id', 'varchar(64)')
    .addColumn('uid', 'varchar(64)')
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('consumed_at', 'bigint')
    .addPrimaryKeyConstraint('as_records_key', ['model', 'id'])
    .execute()
  await db.schema.createIndex('as_records_grant').on('as_records').column('grant_id').execute()
  await db.schema.createIndex('as_records_uid').on('as_records').column('uid').execute()
  await db.schema.createIndex('as_records_expiry').on('as_records').column('expires_at').execute()
}

async function createLoginCodes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('as_login_codes')
    .addColumn('interaction', 'varchar(64)', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('citizen', 'varchar(40)')
    .addColumn('code_tag', 'varchar(64)', (column) => column.notNull())
    .addColumn('guesses', 'integer', (column) => column.notNull())
    .addColumn('sent_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .addPrimaryKeyConstraint('as_login_codes_key', ['interaction', 'attempt'])
    .execute()
  await db.schema
    .createIndex('as_login_codes_citizen')
    .on('as_login_codes')
    .columns(['citizen', 'sent_at'])
    .execute()
}

/** Whose a record is, so that it ends with the person; null in records from before. */
async function addSubjects(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('as_records').addColumn('subject_tag', 'varchar(64)').execute()
  const index = db.schema.createIndex('as_records_subject').on('as_records')
  await index.column('subject_tag').execute()
}
