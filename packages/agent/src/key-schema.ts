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
  /** Identifiers that Veramo was told of: others than the did:key of a row in `keys`. */
  veramo_dids: {
    did: string
    alias: string | null
    provider: string
    controller_key: string | null
    key_ids: string
    services: string
  }
  /** Public halves of keys that live in another key management system of Veramo. */
  veramo_keys: { kid: string; kms: string; type: string; public_key_hex: string; meta: string }
  /** Private keys of such systems that keep them with us; the context of `sealed` is alias and type. */
  veramo_private_keys: { alias: string; type: string; sealed: string }
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
  {
    name: '0002-veramo',
    up: async (db) => {
      await db.schema
        .createTable('veramo_dids')
        .addColumn('did', 'text', (column) => column.primaryKey())
        .addColumn('alias', 'text', (column) => column.unique())
        .addColumn('provider', 'text', (column) => column.notNull())
        .addColumn('controller_key', 'text')
        .addColumn('key_ids', 'text', (column) => column.notNull())
        .addColumn('services', 'text', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('veramo_keys')
        .addColumn('kid', 'text', (column) => column.primaryKey())
        .addColumn('kms', 'text', (column) => column.notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('public_key_hex', 'text', (column) => column.notNull())
        .addColumn('meta', 'text', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('veramo_private_keys')
        .addColumn('alias', 'text', (column) => column.primaryKey())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .execute()
    },
  },
]
