import type {
  IssuanceStore,
  LedgerStore,
  PlatformCopyStore,
  WalletStore,
} from '@netcert/wallet/rules'
import type { KeyStore, Vault } from '@netcert/wallet/rules'
import { browserVault } from './browser-vault.js'
import { keptCertificates, keptPlatformCopies } from './certificates.js'
import { openWalletDatabase, type WalletDatabase } from './database.js'
import { keptLedger } from './ledger-lines.js'
import { keptRecords } from './records.js'

/** Everything the wallet keeps. */
export type KeptWallet = {
  readonly store: WalletStore
  readonly platformCopies: PlatformCopyStore
  readonly issuanceStore: IssuanceStore
  readonly ledgerStore: LedgerStore
  readonly keyStore: KeyStore
  readonly vault: Vault
  /** For what is kept beside: copies of published lists, and the root. */
  readonly database: WalletDatabase
  readonly close: () => void
}

export type OpenKeptWalletOptions = {
  /** Name of the database, within this origin. */
  readonly name: string
  /** 32 bytes, from the passkey or the PIN. */
  readonly master: Uint8Array
  readonly clock: () => Date
  /** The database was closed under the page: a newer version is in another tab, or it was erased. */
  readonly onLost: () => void
}

/** Opens what the wallet keeps in this browser, and makes it where there is nothing yet. */
export async function openKeptWallet(options: OpenKeptWalletOptions): Promise<KeptWallet> {
  const { name, master, clock, onLost } = options
  const database = await openWalletDatabase(name, onLost)
  const vault = browserVault(master)
  return {
    store: keptCertificates(database),
    platformCopies: keptPlatformCopies(database),
    issuanceStore: keptRecords(database),
    ledgerStore: keptLedger(database),
    keyStore: keysWhenNeeded(database, clock),
    vault,
    database,
    close: () => {
      database.close()
      vault.close()
    },
  }
}

/** Curves come with the keys, which the first look at the wallet needs none of. */
function keysWhenNeeded(database: WalletDatabase, clock: () => Date): KeyStore {
  const keys = async () => (await import('./browser-keys.js')).browserKeys(database, clock)
  return {
    create: async (options) => (await keys()).create(options),
    createMany: async (options) => (await keys()).createMany(options),
    get: async (alias) => (await keys()).get(alias),
    signer: async (alias) => (await keys()).signer(alias),
    signingKey: async (alias) => (await keys()).signingKey(alias),
    delete: async (alias) => (await keys()).delete(alias),
  }
}
