import type { Migration } from '@netcert/agent'
import type { Kysely } from 'kysely'

/** Adds who fetched a batch, who holds it for a ward, and suspensions that end by themselves. */
export const holderMigrations: readonly Migration[] = [{ name: '0031-holders', up: addColumns }]

async function addColumns(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('batches').addColumn('device', 'varchar(40)').execute()
  await db.schema.alterTable('batches').addColumn('guardian', 'varchar(40)').execute()
  await db.schema.alterTable('batches').addColumn('suspended_until', 'bigint').execute()
  await db.schema.alterTable('persons').addColumn('suspended_until', 'bigint').execute()
  await db.schema.createIndex('batches_device').on('batches').column('device').execute()
  await db.schema.createIndex('batches_guardian').on('batches').column('guardian').execute()
}
