import {
  AgentError,
  createMasterKey,
  type Database,
  type KeyStore,
  type KeyStoreSchema,
  keyStoreMigrations,
  openDatabase,
  openKeyStore,
  openVault,
  type Vault,
} from '@netcert/agent'
import { accountMigrations, type AccountTables } from './account-schema-store.js'
import { databaseLocation } from './database-location.js'
import { VerifierError } from './errors.js'
import { minorActMigrations, type MinorActTables } from './minor-act-store.js'
import { retainedMigrations, type RetainedTables } from './retained-store.js'
import { verifierMigrations, type VerifierTables } from './store.js'
import type { VerifierFolder, VerifierSettings } from './verifier-folder.js'
import { vpMigrations, type VpTables } from './vp-store.js'

/** Alias of the key that signs requests. */
export const REQUEST_KEY = 'request-1'

type Tables = KeyStoreSchema &
  VerifierTables &
  VpTables &
  RetainedTables &
  AccountTables &
  MinorActTables

/** What lies under a verifier: keys and sessions of one data folder. */
export type VerifierGround = {
  readonly database: Database<Tables>
  readonly keyStore: KeyStore
  readonly vault: Vault
}

/** Opens keys and sessions; `create` makes them. @throws As {@link createVerifierGround} */
export async function openVerifierGround(
  folder: VerifierFolder,
  options: { readonly create: boolean; readonly settings: Pick<VerifierSettings, 'database'> },
): Promise<VerifierGround> {
  const { create, settings } = options
  const location = await databaseLocation(folder, settings.database)
  if (create) await createMasterKey(folder.masterKey)
  const vault = await openVault({ masterKeyFile: folder.masterKey })
  const database = await openDatabase<Tables>({
    location,
    migrations: [
      ...keyStoreMigrations,
      ...verifierMigrations,
      ...vpMigrations,
      ...retainedMigrations,
      ...accountMigrations('sqlite' in location ? 'sqlite' : 'postgres'),
      ...minorActMigrations,
    ],
    create,
  })
  try {
    return { database, vault, keyStore: await openKeyStore({ database, vault }) }
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * Makes keys and sessions. A PostgreSQL database can hold a verifier already: it is not taken over.
 *
 * @throws VerifierError `already_initialised`, `config_invalid`; AgentError
 */
export async function createVerifierGround(
  folder: VerifierFolder,
  settings: VerifierSettings,
): Promise<VerifierGround> {
  return openVerifierGround(folder, { create: true, settings }).catch((cause: unknown) => {
    // Another master key sealed the check value there, or another role made the schema.
    const taken = ['master_key_wrong', 'schema_newer']
    if (!(cause instanceof AgentError && taken.includes(cause.code))) throw cause
    throw new VerifierError(
      'already_initialised',
      'the database named for this verifier is in use already; name an empty one.',
      { cause },
    )
  })
}

/** Opens the keys of a verifier that is there, for work on them. @throws AgentError */
export function openVerifierKeys(
  folder: VerifierFolder,
  settings: Pick<VerifierSettings, 'database'>,
): Promise<VerifierGround> {
  return openVerifierGround(folder, { create: false, settings })
}
