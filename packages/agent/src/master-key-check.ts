import type { Kysely, Transaction } from 'kysely'
import type { Database } from './database.js'
import { AgentError } from './errors.js'
import type { KeyStoreSchema } from './key-schema.js'
import type { Vault } from './vault.js'

const CONTEXT = 'netcert/master-key-check/v1'
const TEXT = new TextEncoder().encode('netcert')

/**
 * Shows that the master key is the one this database was made with; the first call of a new
 * database writes down the value that later ones are checked against.
 *
 * @throws AgentError `master_key_wrong`; `database_damaged` when keys are there but no check value.
 */
export async function checkMasterKey<S extends KeyStoreSchema>(options: {
  readonly database: Database<S>
  readonly vault: Vault
}): Promise<void> {
  const { vault } = options
  const database = options.database as unknown as Database<KeyStoreSchema>
  const known = await readCheck(database.kysely)
  const sealed =
    known ?? (await database.transaction((trx) => writeCheck(trx, vault.seal(TEXT, CONTEXT))))
  try {
    vault.unseal(sealed, CONTEXT)
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    throw new AgentError(
      'master_key_wrong',
      'this master key is not the one of this database; name the key file that was created with it',
    )
  }
}

async function readCheck(kysely: Kysely<KeyStoreSchema>): Promise<string | undefined> {
  const row = await kysely.selectFrom('vault_check').select('sealed').executeTakeFirst()
  return row?.sealed
}

async function writeCheck(trx: Transaction<KeyStoreSchema>, sealed: string): Promise<string> {
  const key = await trx.selectFrom('keys').select('alias').limit(1).executeTakeFirst()
  const known = await readCheck(trx)
  if (known !== undefined) return known
  if (key !== undefined) {
    throw new AgentError(
      'database_damaged',
      'the database holds keys but no check value of its master key; restore it from a backup',
    )
  }
  await trx
    .insertInto('vault_check')
    .values({ id: 1, sealed })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  return (await readCheck(trx)) ?? sealed
}
