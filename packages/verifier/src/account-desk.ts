import type { Accounts } from './accounts.js'
import { databaseAccounts } from './accounts-store.js'
import { openVerifierKeys } from './ground-open.js'
import { readSettings, verifierFolder } from './verifier-folder.js'

/** The accounts of a verifier's folder, beside the running platform: what staff works with. */
export type AccountDesk = { readonly accounts: Accounts; readonly close: () => Promise<void> }

/** @throws VerifierError `verifier_missing`, `config_invalid`; AgentError of keys and database */
export async function openAccountDesk(options: {
  readonly dir: string
  readonly clock: () => Date
}): Promise<AccountDesk> {
  const folder = verifierFolder(options.dir)
  const { database, vault } = await openVerifierKeys(folder, await readSettings(folder))
  const accounts = databaseAccounts({ database, vault, clock: options.clock })
  return { accounts, close: () => database.close() }
}
