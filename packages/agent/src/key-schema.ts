import type { Migration } from './migrations.js'

/** Tables of this package, to be joined to a role's own schema type. */
export type KeyStoreSchema = {
  /** One row: a known text sealed with the master key, so that a wrong one is noticed at start. */
  vault_check: { id: number; sealed: string }
  /** `sealed` is the PKCS #8 private key; its context is type and alias. `jwk` is public. */
  keys: {
    alias: string
    type: string
    did: string
    key_id: string
    jwk: string
    sealed: string
    created_at: number
  }
}

/** The steps that a database with a key store begins with. */
export const keyStoreMigrations: readonly Migration[] = [
  {
    name: '0001-keys',
    up: async (db) => {
      await db.schema
        .createTable('vault_check')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('keys')
        .addColumn('alias', 'varchar(128)', (column) => column.primaryKey())
        .addColumn('type', 'varchar(16)', (column) => column.notNull())
        .addColumn('did', 'varchar(128)', (column) => column.notNull().unique())
        .addColumn('key_id', 'varchar(256)', (column) => column.notNull().unique())
        .addColumn('jwk', 'text', (column) => column.notNull())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .execute()
    },
  },
]
