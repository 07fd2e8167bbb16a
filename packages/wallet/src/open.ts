import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createMasterKey,
  type Database,
  keyStoreMigrations,
  openDatabase,
  openKeyStore,
  openVault,
  type Vault,
} from '@netcert/agent'
import type { Trust } from '@netcert/credential'
import { createGuardedFetch } from '@netcert/protocol/guarded-fetch'
import { assembleWallet } from './assembly.js'
import { WalletError } from './errors.js'
import { DatabaseIssuanceStore, issuanceMigrations } from './issuance-store.js'
import { adoptDisclosure } from './ledger.js'
import { DatabaseLedgerStore, ledgerMigrations } from './ledger-store.js'
import { DatabasePlatformCopyStore } from './platform-copy-store.js'
import { createPublished, type PublishedSource } from './published-lists.js'
import { openWalletRoot, type WalletRoot } from './root-open.js'
import {
  DatabaseWalletStore,
  type WalletTables,
  walletMigrations,
  wardMigrations,
} from './store.js'
import { readPublishedTrust } from './published-trust.js'
import { createTrustSource, type WantedTrust } from './trust-source.js'
import type { WalletProvider } from './vci-ground.js'
import { readVerifierTrust } from './verifier-trust.js'
import type { OpenAddress } from './vp-delivery.js'
import type { Wallet } from './wallet.js'

/** Options of {@link openWallet}. */
export type OpenWalletOptions = {
  /** The wallet's own folder: `wallet.sqlite`, `secrets/master.key`, `root.did`. */
  readonly dir: string
  readonly clock: () => Date
  /** Make the wallet when the folder holds none; without it a missing wallet is an error. */
  readonly create: boolean
  /** DID of the issuer's root. Kept in `root.did` from the first time on, pinned, and followed. */
  readonly rootDid?: string
  /** Folder of published lists; needed to receive. */
  readonly listsDir?: string
  /** Instead of `rootDid` and `listsDir`. */
  readonly trust?: (at?: Date) => Trust | Promise<Trust>
  /** What was published, as it is at hand; default: `listsDir`, else only the trust list's registrars. */
  readonly published?: PublishedSource
  /**
   * Forgets nothing that has expired by the clock: for somebody at a gate, where the clock of the phone
   * may be wrong by years and does not matter.
   */
  readonly keepsExpired?: true
  /** Plain http on this machine, for development; nothing else is ever asked without TLS. */
  readonly allowHttpLoopback?: boolean
  /** Opens the address a verifier sends the citizen back to; default: it is only asked for. */
  readonly openAddress?: OpenAddress
  /** Types of transaction data that may be shown and signed; default: none. */
  readonly transactionTypes?: readonly string[]
  /** The wallet's name at authorization servers that want one; `netcert-wallet` unless told otherwise. */
  readonly clientId?: string
  /** Whoever vouches for this wallet; without one, issuers that insist on it refuse. */
  readonly provider?: WalletProvider
}

/** An open wallet; close it to let go of its files. */
export type OpenWallet = { readonly wallet: Wallet; readonly close: () => Promise<void> }

/**
 * Opens a wallet on this machine's disk, and forgets what has expired.
 *
 * @throws WalletError `wallet_missing`, `root_differs`; AgentError, for example
 *   `master_key_missing`, `master_key_wrong`, `database_locked`
 */
export async function openWallet(options: OpenWalletOptions): Promise<OpenWallet> {
  const { dir, create } = options
  const file = join(dir, 'wallet.sqlite')
  const masterKeyFile = join(dir, 'secrets', 'master.key')
  const isNew = !(await exists(file))
  if (isNew && !create) throw missing(dir)
  if (isNew) {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    // A key without a database is what an interrupted creation leaves behind; it is taken up.
    if (!(await exists(masterKeyFile))) await createMasterKey(masterKeyFile)
  }
  const vault = await openVault({ masterKeyFile })
  const root = await openWalletRoot(dir, options.rootDid)
  const database = await openDatabase<WalletTables>({
    location: { sqlite: file },
    migrations: [
      ...keyStoreMigrations,
      ...walletMigrations,
      ...issuanceMigrations,
      ...ledgerMigrations,
      ...wardMigrations,
    ],
    create,
  })
  try {
    const wallet = await assemble(options, { database, vault, root })
    return { wallet, close: () => database.close() }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** What lies in the folder, opened. */
type OpenedFolder = {
  readonly database: Database<WalletTables>
  readonly vault: Vault
  readonly root: WalletRoot | null
}

async function assemble(
  options: OpenWalletOptions,
  { database, vault, root }: OpenedFolder,
): Promise<Wallet> {
  const { clock, listsDir = null } = options
  const issuanceStore = new DatabaseIssuanceStore(database)
  const ledgerStore = new DatabaseLedgerStore(database)
  await ledgerStore.adopt((line) => adoptDisclosure(vault, line))
  const read = (wanted: WantedTrust) => readPublishedTrust({ ...wanted, listsDir })
  const source = (trust: OpenWalletOptions['trust']) =>
    createTrustSource({ read, root, clock, ...(trust && { trust }) }, issuanceStore)
  const trust = source(options.trust)
  // What is at hand is held to the same floor: it never goes back behind what was seen.
  const atHand = options.published && source(options.published.trust)
  return assembleWallet({
    ...{ issuanceStore, ledgerStore, vault, clock, trust },
    store: new DatabaseWalletStore(database),
    platformCopies: new DatabasePlatformCopyStore(database),
    keyStore: await openKeyStore({ database, vault }),
    published: createPublished({ ...options, trust: atHand ?? trust }),
    fetch: createGuardedFetch({ allowHttpLoopback: options.allowHttpLoopback ?? false }),
    allowHttpLoopback: options.allowHttpLoopback ?? false,
    verifierTrust: await readVerifierTrust(options.dir),
    openAddress: options.openAddress ?? null,
    transactionTypes: options.transactionTypes ?? [],
    clientId: options.clientId ?? 'netcert-wallet',
    provider: options.provider ?? null,
    forgetsBefore: options.keepsExpired === true ? null : clock(),
  })
}

async function exists(file: string): Promise<boolean> {
  return access(file, constants.F_OK).then(
    () => true,
    () => false,
  )
}

function missing(dir: string): WalletError {
  return new WalletError(
    'wallet_missing',
    `there is no wallet in ${dir}; name the right folder, or mint into it to create one.`,
  )
}
