import type { Migration } from '@netcert/agent'
import type { Kysely } from 'kysely'

/** Adds where a list was closed: every entry from there on is revoked, whoever has it. */
export const backupMigrations: readonly Migration[] = [
  {
    name: '0039-closed-lists',
    up: async (db: Kysely<unknown>) => {
      for (const table of ['status_lists', 'registrar_lists']) {
        await db.schema.alterTable(table).addColumn('closed_from', 'integer').execute()
      }
    },
  },
]
