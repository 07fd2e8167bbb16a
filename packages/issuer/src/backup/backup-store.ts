import type { Database } from '@netcert/agent'
import { type Kysely, sql, type Transaction } from 'kysely'

/** A row as it stands: text, numbers and nothing else. */
export type BackupRow = Readonly<Record<string, string | number | null>>

/** A table, and the columns that name its rows. */
export type BackupTable = { readonly name: string; readonly keys: readonly string[] }

/** A piece of a table, in the order of its keys. */
export type BackupPage = { readonly table: string; readonly rows: readonly BackupRow[] }

type AnyDatabase = Pick<Database<unknown>, 'engine' | 'kysely'>
type Inside = Transaction<unknown>

/** The schema's own record is written by the schema. */
export const MIGRATIONS_TABLE = 'netcert_migrations'
const PAGE_ROWS = 500

/** A snapshot of a database: what is written meanwhile is not in it, and waits for nothing. */
export type Snapshot = {
  readonly executor: Kysely<unknown>
  readonly engine: AnyDatabase['engine']
  close(): Promise<void>
}

/** Opens a snapshot. Whoever opens it closes it. */
export async function openSnapshot({ kysely, engine }: AnyDatabase): Promise<Snapshot> {
  const executor = await kysely
    .startTransaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute()
  const close = async () => {
    await executor.rollback().execute()
  }
  return { executor, engine, close }
}

/** The tables of a database, by name. */
export async function tablesOf(
  executor: Kysely<unknown>,
  engine: AnyDatabase['engine'],
): Promise<readonly BackupTable[]> {
  const { rows } = await (engine === 'sqlite' ? sqliteKeys : postgresKeys).execute(executor)
  const tables = new Map<string, string[]>()
  for (const { name, key } of rows) {
    if (name === MIGRATIONS_TABLE) continue
    tables.set(name, [...(tables.get(name) ?? []), key])
  }
  return [...tables].map(([name, keys]) => ({ name, keys }))
}

type KeyRow = { readonly name: string; readonly key: string }

const sqliteKeys = sql<KeyRow>`
  select m.name as name, p.name as key
  from sqlite_schema m join pragma_table_info(m.name) p
  where m.type = 'table' and m.name not like 'sqlite~_%' escape '~' and p.pk > 0
  order by m.name, p.pk`

const postgresKeys = sql<KeyRow>`
  select c.table_name as name, k.column_name as key
  from information_schema.table_constraints c
  join information_schema.key_column_usage k
    on k.constraint_name = c.constraint_name and k.table_schema = c.table_schema
  where c.constraint_type = 'PRIMARY KEY' and c.table_schema = current_schema()
  order by c.table_name, k.ordinal_position`

/** Names of the schema's steps, in their order. */
export async function appliedMigrations(executor: Kysely<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(MIGRATIONS_TABLE)} order by name`.execute(executor)
  return rows.map(({ name }) => name)
}

/** Every row of every table, page by page, so that a whole nation needs no more memory. */
export async function* readPages(
  executor: Kysely<unknown>,
  tables: readonly BackupTable[],
): AsyncGenerator<BackupPage> {
  for (const { name, keys } of tables) {
    for (let last: BackupRow | undefined; ; ) {
      const rows = await pageAfter(executor, { name, keys }, last)
      if (rows.length > 0) yield { table: name, rows }
      last = rows.at(-1)
      if (rows.length < PAGE_ROWS) break
    }
  }
}

async function pageAfter(
  executor: Kysely<unknown>,
  { name, keys }: BackupTable,
  last: BackupRow | undefined,
): Promise<readonly BackupRow[]> {
  const columns = sql.join(keys.map((key) => sql.ref(key)))
  const after =
    last === undefined
      ? sql``
      : sql`where (${columns}) > (${sql.join(keys.map((key) => sql.lit(last[key] ?? '')))})`
  const { rows } = await sql<BackupRow>`
    select * from ${sql.table(name)} ${after} order by ${columns} limit ${sql.lit(PAGE_ROWS)}`.execute(
    executor,
  )
  return rows
}

/** Empties the tables that the schema's own steps wrote a first row into. */
export async function clearTables(trx: Inside, tables: readonly BackupTable[]): Promise<void> {
  for (const { name } of tables) await sql`delete from ${sql.table(name)}`.execute(trx)
}

/** Writes rows as they stood. */
export async function writePage(
  trx: Inside,
  engine: AnyDatabase['engine'],
  { table, rows }: BackupPage,
): Promise<void> {
  for (const row of rows) {
    const columns = Object.keys(row)
    const names = sql.join(columns.map((column) => sql.ref(column)))
    const values = sql.join(columns.map((column) => sql`${row[column] ?? null}`))
    // Numbers that PostgreSQL gives out itself keep their values, too.
    const given = sql.raw(engine === 'postgres' ? 'overriding system value' : '')
    await sql`insert into ${sql.table(table)} (${names}) ${given} values (${values})`.execute(trx)
  }
}

/** PostgreSQL goes on counting signatures after the highest number that was written. */
export async function continueCounting(trx: Inside): Promise<void> {
  await sql`select setval(pg_get_serial_sequence('signatures', 'number'),
    (select coalesce(max(number), 0) + 1 from signatures), false)`.execute(trx)
}

/** Name of the row that keeps a restored database from being opened before it is finished. */
export const UNFINISHED_FACT = 'restore_unfinished'

/** Written with the rows; taken away when everything is done that a restored database needs. */
export async function markUnfinished(trx: Inside): Promise<void> {
  await sql`insert into issuer_facts (name, value) values (${UNFINISHED_FACT}, 'yes')`.execute(trx)
}

/** What a database knows of itself, by name. */
export async function factsOf(
  executor: Kysely<unknown>,
  name: 'issuer' | 'source',
): Promise<ReadonlyMap<string, string>> {
  const table = name === 'issuer' ? 'issuer_facts' : 'source_facts'
  const { rows } = await sql<{ name: string; value: string }>`
    select name, value from ${sql.table(table)}`.execute(executor)
  return new Map(rows.map((row) => [row.name, row.value]))
}
