import type { Published } from './accredited-verifier.js'
import type { LedgerBook } from './ledger-book.js'
import type { Platforms } from './platform-access.js'
import type { Refills } from './vci-on-demand.js'
import type { HeldWard } from './ward-records.js'
import type { IssuanceStore, WalletStore } from './stores.js'
import type { KeyStore, Vault } from './keys.js'

/** What answering needs of the wallet. */
export type AnswerContext = {
  readonly store: WalletStore
  readonly issuanceStore: IssuanceStore
  readonly ledger: LedgerBook
  readonly keyStore: KeyStore
  readonly vault: Vault
  readonly clock: () => Date
  /** The wallet's own clock, where `clock` shows a gate's time. */
  readonly ownClock?: () => Date
  /** Fetches what has run out, after the citizen agreed. */
  readonly refills: Refills
  /** Copies for accredited platforms. */
  readonly platforms: Platforms
  /** What issuers and registrars published, as it is at hand. */
  readonly published: Published
  /**
   * Throws where a presentation could not be given out: then its copy is not used up. Absent: whatever
   * was signed can be.
   */
  readonly fits?: (presentation: string) => Promise<void>
  /** Types of transaction data this wallet can show and sign beside netcert's own. */
  readonly transactionTypes: readonly string[]
}

/** The same for one answer: whose certificates it is made of. */
export type SubjectContext = AnswerContext & {
  /** A child the citizen is guardian of; null: the citizen. */
  readonly ward: HeldWard | null
}
