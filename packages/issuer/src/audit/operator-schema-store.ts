import type { Migration } from '@netcert/agent'
import type { Kysely } from 'kysely'
import { createTrigger } from '../trigger-store.js'

/** Who may operate this issuer, and what was signed about its audit log. */
export type OperatorSchema = {
  operators: {
    /** Thumbprint of the operator's key. */
    id: string
    /** A staff number or the like; never a name. */
    name_code: string
    jwk: string
    /** Roles by name, in the order of `OPERATOR_ROLES`, parted by commas. */
    roles: string
    registered_at: number
    revoked_at: number | null
  }
  /** Signed statements of where the audit log ended; a copy lies beside its mirror. */
  audit_heads: { sequence: number; hash: string; issued_at: number; token: string }
}

/** The steps of the schema. */
export function operatorMigrations(engine: 'sqlite' | 'postgres'): readonly Migration[] {
  return [{ name: '0032-operators', up: (db) => createTables(db, engine) }]
}

async function createTables(db: Kysely<unknown>, engine: 'sqlite' | 'postgres'): Promise<void> {
  await db.schema
    .createTable('operators')
    .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('name_code', 'varchar(32)', (column) => column.notNull().unique())
    .addColumn('jwk', 'text', (column) => column.notNull())
    .addColumn('roles', 'varchar(64)', (column) => column.notNull())
    .addColumn('registered_at', 'bigint', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .execute()
  await db.schema
    .createTable('audit_heads')
    .addColumn('sequence', 'bigint', (column) => column.primaryKey())
    .addColumn('hash', 'varchar(64)', (column) => column.notNull())
    .addColumn('issued_at', 'bigint', (column) => column.notNull())
    .addColumn('token', 'text', (column) => column.notNull())
    .execute()
  for (const table of ['operators', 'audit_heads']) {
    const name = `${table}_stay`
    await createTrigger(db, engine, { name, event: `delete on ${table}`, text: 'rows stay' })
  }
  await createTrigger(db, engine, {
    name: 'operators_one_way',
    event: 'update on operators',
    when:
      'old.id <> new.id or old.jwk <> new.jwk or old.roles <> new.roles ' +
      'or old.name_code <> new.name_code ' +
      'or (old.revoked_at is not null and old.revoked_at is distinct from new.revoked_at)',
    text: 'an operator keeps key and roles, and revoked stays revoked',
  })
}
