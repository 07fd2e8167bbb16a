import { type Kysely, sql, type Transaction } from 'kysely'
import { AgentError } from './errors.js'

/**
 * One step of a schema. Steps are only ever added, never changed: a name that stands in a database
 * stands for what that step did.
 */
export type Migration = {
  /** Unique in its database, for example `0001-keys`. */
  readonly name: string
  /** Uses column types `text`, `varchar(n)`, `integer` and `bigint` only. */
  readonly up: (db: Kysely<unknown>) => Promise<void>
}

export type MigrateOptions = {
  readonly kysely: Kysely<unknown>
  readonly engine: 'sqlite' | 'postgres'
  readonly migrations: readonly Migration[]
  readonly create: boolean
}

type MigrationRows = { netcert_migrations: { name: string; applied_at: number } }

/** Any constant will do, as long as every process asks for the same lock. */
const MIGRATION_LOCK = 6_237_843

/**
 * Brings a database to the newest schema, each step in a transaction of its own.
 *
 * Two processes may do so at once: each step looks again, under the write lock, whether it is
 * still to be done.
 *
 * @throws AgentError `database_missing` without a schema unless `create`; `schema_newer` when the
 *   database holds steps this program does not know.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const { migrations, create } = options
  const names = new Set(migrations.map((migration) => migration.name))
  if (names.size !== migrations.length) throw new TypeError('two migrations have the same name')
  if (create) await inMigrationLock(options, createLedger)
  else await assertLedger(options)
  assertKnown(await appliedNames(asLedger(options.kysely)), names)
  for (const migration of migrations) {
    await inMigrationLock(options, (trx) => applyOnce(trx, migration, names))
  }
}

function asLedger(kysely: Kysely<unknown>): Kysely<MigrationRows> {
  return kysely as Kysely<MigrationRows>
}

async function createLedger(trx: Transaction<unknown>): Promise<void> {
  await trx.schema
    .createTable('netcert_migrations')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .execute()
}

async function applyOnce(
  trx: Transaction<unknown>,
  migration: Migration,
  names: ReadonlySet<string>,
): Promise<void> {
  const ledger = asLedger(trx)
  const applied = await appliedNames(ledger)
  assertKnown(applied, names)
  if (applied.includes(migration.name)) return
  await migration.up(trx)
  const row = { name: migration.name, applied_at: Math.floor(Date.now() / 1_000) }
  await ledger.insertInto('netcert_migrations').values(row).execute()
}

async function appliedNames(ledger: Kysely<MigrationRows>): Promise<string[]> {
  const rows = await ledger.selectFrom('netcert_migrations').select('name').execute()
  return rows.map((row) => row.name)
}

function assertKnown(applied: readonly string[], names: ReadonlySet<string>): void {
  const unknown = applied.find((name) => !names.has(name))
  if (unknown === undefined) return
  throw new AgentError(
    'schema_newer',
    `the database holds the schema step ${JSON.stringify(unknown)}, which this program does not know; update the program`,
  )
}

async function assertLedger({ kysely, engine }: MigrateOptions): Promise<void> {
  const found =
    engine === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_schema where name = 'netcert_migrations'`
      : sql<{ name: string }>`select 1 as name where to_regclass('netcert_migrations') is not null`
  if ((await found.execute(kysely)).rows.length > 0) return
  throw new AgentError(
    'database_missing',
    'the database is there but holds no netcert schema; create it with the init command, or name the right one',
  )
}

function inMigrationLock(
  { kysely, engine }: MigrateOptions,
  work: (trx: Transaction<unknown>) => Promise<void>,
): Promise<void> {
  return kysely.transaction().execute(async (trx) => {
    // SQLite holds its write lock from the start. A step may run as long as it must.
    if (engine === 'postgres') {
      await sql`set local statement_timeout = 0`.execute(trx)
      await sql`set local lock_timeout = '60s'`.execute(trx)
      await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(trx)
    }
    await work(trx)
  })
}
