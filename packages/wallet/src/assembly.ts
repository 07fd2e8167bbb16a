import { epochSeconds } from '@netcert/credential'
import type { GuardedFetch } from '@netcert/protocol'
import type { Published } from './accredited-verifier.js'
import { forgetIdleKeys } from './idle-keys.js'
import type { KeyStore, Vault } from './keys.js'
import { LedgerBook } from './ledger-book.js'
import { createPlatforms } from './platform-access.js'
import type { IssuanceStore, LedgerStore, PlatformCopyStore, WalletStore } from './stores.js'
import type { createTrustSource } from './trust-source.js'
import { createRefills } from './vci-on-demand.js'
import type { WalletProvider } from './vci-ground.js'
import type { VerifierTrust } from './verifier-trust.js'
import type { OpenAddress } from './vp-delivery.js'
import { Wallet } from './wallet.js'

/** What a wallet is put together from, on a disk or in a browser. */
export type WalletParts = {
  readonly store: WalletStore
  readonly issuanceStore: IssuanceStore
  readonly platformCopies: PlatformCopyStore
  readonly ledgerStore: LedgerStore
  readonly keyStore: KeyStore
  readonly vault: Vault
  readonly clock: () => Date
  readonly trust: ReturnType<typeof createTrustSource>
  readonly published: Published
  readonly fetch: GuardedFetch
  /** Plain http on this machine, for development. */
  readonly allowHttpLoopback: boolean
  readonly verifierTrust: VerifierTrust
  /** Null where there is no browser to open an address in. */
  readonly openAddress: OpenAddress | null
  /** Types of transaction data that may be shown and signed beside those of netcert. */
  readonly transactionTypes: readonly string[]
  /** The wallet's name at authorization servers that want one. */
  readonly clientId: string
  readonly provider: WalletProvider | null
  /** What ended before then is forgotten. Null: nothing is, where a wallet is opened and its clock may be wrong. */
  readonly forgetsBefore: Date | null
}

/** Puts a wallet together, and forgets what has expired. */
export async function assembleWallet(parts: WalletParts): Promise<Wallet> {
  const { ledgerStore, forgetsBefore, ...kept } = parts
  const { store, issuanceStore, vault, clock } = kept
  if (forgetsBefore !== null) {
    await store.forgetExpired(epochSeconds(forgetsBefore))
    await issuanceStore.forgetExpired(epochSeconds(forgetsBefore))
    await forgetIdleKeys(kept)
  }
  const ledger = new LedgerBook({ store: ledgerStore, vault, clock })
  return new Wallet({
    ...kept,
    ledger,
    refills: createRefills(kept),
    platforms: createPlatforms(kept),
  })
}
