import { type Kysely, sql } from 'kysely'

/** Accounts by keyed tags of their certificates: whoever reads the database learns no number. */
export type AccountTables = {
  verifier_accounts: {
    /** The platform's own id of its user. */
    account: string
    /** Names the account in its log, and dies with this row. */
    log_mark: string
    /** HMAC of issuer, number and role; null: no certificate opens it. */
    tag: string | null
    created_at: number
    linked_at: number | null
    flagged_at: number | null
    flag_reason: string | null
  }
  verifier_account_sessions: {
    /** SHA-256 of the token. */
    token_hash: string
    account: string
    /** `session`, or `ticket` of somebody whose account is flagged. */
    kind: 'session' | 'ticket'
    /** The account key that a ticket was given for, sealed; empty for a session. */
    sealed: string
    created_at: number
    seen_at: number
    ends_at: number
  }
  verifier_account_appeals: {
    id: string
    account: string
    /** The text, sealed. */
    sealed: string
    filed_at: number
    decided_at: number | null
  }
  /** Append-only: the database itself refuses to change or delete a line. */
  verifier_account_events: {
    /** Ordered by time. */
    id: string
    log_mark: string
    event: string
    detail: string | null
    at: number
  }
}

/** The steps of the schema, after those of `retainedMigrations`. */
export function accountMigrations(engine: 'sqlite' | 'postgres') {
  return [
    { name: '0004-verifier-accounts', up: createAccounts },
    { name: '0005-verifier-account-sessions', up: createSessions },
    {
      name: '0006-verifier-account-events',
      async up(db: Kysely<unknown>): Promise<void> {
        await createEvents(db)
        for (const event of ['update', 'delete']) await refuseOnEvents(db, engine, event)
      },
    },
  ] as const
}

async function createAccounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('verifier_accounts')
    .addColumn('account', 'varchar(128)', (column) => column.primaryKey())
    .addColumn('log_mark', 'varchar(32)', (column) => column.notNull().unique())
    .addColumn('tag', 'varchar(64)', (column) => column.unique())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('linked_at', 'bigint')
    .addColumn('flagged_at', 'bigint')
    .addColumn('flag_reason', 'varchar(40)')
    .execute()
  await db.schema
    .createTable('verifier_account_appeals')
    .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
    .addColumn('account', 'varchar(128)', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('filed_at', 'bigint', (column) => column.notNull())
    .addColumn('decided_at', 'bigint')
    .execute()
}

async function createSessions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('verifier_account_sessions')
    .addColumn('token_hash', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('account', 'varchar(128)', (column) => column.notNull())
    .addColumn('kind', 'varchar(8)', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute()
  for (const column of ['account', 'ends_at']) {
    await db.schema
      .createIndex(`verifier_account_sessions_by_${column}`)
      .on('verifier_account_sessions')
      .column(column)
      .execute()
  }
}

async function createEvents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('verifier_account_events')
    .addColumn('id', 'varchar(48)', (column) => column.primaryKey())
    .addColumn('log_mark', 'varchar(32)', (column) => column.notNull())
    .addColumn('event', 'varchar(16)', (column) => column.notNull())
    .addColumn('detail', 'varchar(40)')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('verifier_account_events_by_mark')
    .on('verifier_account_events')
    .column('log_mark')
    .execute()
}

/** In each engine's own words. */
async function refuseOnEvents(
  db: Kysely<unknown>,
  engine: 'sqlite' | 'postgres',
  event: string,
): Promise<void> {
  const name = `verifier_account_events_no_${event}`
  const when = `before ${event} on verifier_account_events for each row`
  const statements =
    engine === 'sqlite'
      ? [`create trigger ${name} ${when} begin select raise(abort, 'lines stay'); end`]
      : [
          `create function ${name}() returns trigger language plpgsql as
           $$ begin raise exception using errcode = 'check_violation', message = 'lines stay'; end $$`,
          `create trigger ${name} ${when} execute function ${name}()`,
        ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
