import type { Migration } from '@netcert/agent'

/** A table that the database tests write to. */
export type StampRows = { stamps: { id: string; value: number; note: string | null } }

export const stamps: Migration = {
  name: '0001-stamps',
  up: async (db) => {
    await db.schema
      .createTable('stamps')
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('value', 'bigint', (column) => column.notNull())
      .addColumn('note', 'text')
      .execute()
  },
}

export const stamp = (id: string, value = 1) => ({ id, value, note: null })
