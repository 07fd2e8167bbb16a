import { join } from 'node:path'
import {
  type Database,
  keyStoreMigrations,
  openDatabase,
  openKeyStore,
  openVault,
  type Vault,
} from '@netcert/agent'
import { issuanceMigrations } from '../packages/wallet/src/issuance-store.js'
import { ledgerMigrations } from '../packages/wallet/src/ledger-store.js'
import {
  type WalletTables,
  walletMigrations,
  wardMigrations,
} from '../packages/wallet/src/store.js'

const migrations = [
  ...keyStoreMigrations,
  ...walletMigrations,
  ...issuanceMigrations,
  ...ledgerMigrations,
  ...wardMigrations,
]

/** Works on what lies in the folder of a wallet, beside the wallet. */
export async function onDisk<Result>(
  dir: string,
  work: (kept: {
    readonly database: Database<WalletTables>
    readonly vault: Vault
  }) => Promise<Result>,
): Promise<Result> {
  const vault = await openVault({ masterKeyFile: join(dir, 'secrets', 'master.key') })
  const location = { sqlite: join(dir, 'wallet.sqlite') }
  const database = await openDatabase<WalletTables>({ location, migrations, create: false })
  try {
    return await work({ database, vault })
  } finally {
    await database.close()
  }
}

/** Aliases of all keys in the folder of a wallet. */
export const keysOnDisk = (dir: string): Promise<readonly string[]> =>
  onDisk(dir, async ({ database, vault }) => {
    const keys = await (await openKeyStore({ database, vault })).list()
    return keys.map(({ alias }) => alias)
  })
