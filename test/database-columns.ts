import type { Database } from '@netcert/agent'
import { sql } from 'kysely'

/** Tables of a database and their columns, as the engine itself lists them. */
export async function columnsOf<S>({
  kysely,
  engine,
}: Database<S>): Promise<ReadonlyMap<string, readonly string[]>> {
  const query =
    engine === 'sqlite'
      ? sql<Found>`select m.name as "table", c.name as "column" from sqlite_master m
          join pragma_table_info(m.name) c
          where m.type = 'table' and m.name not like 'sqlite_%'`
      : sql<Found>`select table_name as "table", column_name as "column"
          from information_schema.columns where table_schema = current_schema()`
  const { rows } = await query.execute(kysely)
  const tables = new Map<string, string[]>()
  for (const { table, column } of rows) {
    tables.set(table, [...(tables.get(table) ?? []), column])
  }
  return tables
}

type Found = { readonly table: string; readonly column: string }
