import { type Signal, signal } from '@preact/signals'
import type { LockRecords } from '../lock/lock-records.js'
import type { WalletLock } from '../lock/wallet-lock.js'
import type { OpenedWallet } from '../opened-wallet.js'

/** What the page knows of who serves it: `wallet.json` beside it. */
export type PageSettings = {
  readonly issuer: {
    /** did:key of the root. */
    readonly root: string
    /** Where the issuer publishes. */
    readonly baseUrl: string
    readonly name: { readonly 'zh-CN': string; readonly en: string }
  }
  /** Plain http on this machine, for trying it out. */
  readonly allowHttpLoopback: boolean
}

/** What every screen of the open wallet works with. */
export type Ground = {
  readonly opened: OpenedWallet
  readonly lock: WalletLock
  readonly settings: PageSettings
  /** What is kept beside the lock: readable while the wallet is closed. */
  readonly records: LockRecords
  readonly clock: () => Date
  /** Counted up after every change, so that screens look again. */
  readonly changes: Signal<number>
  /** Closes the wallet now. */
  readonly close: () => void
  /** Erases everything of the wallet in this browser, and opens the page anew. */
  readonly eraseAll: () => Promise<void>
}

/** A word that is shown for some seconds, and read out. */
export const toast = signal<{ readonly text: string; readonly kind: 'good' | 'bad' } | null>(null)

/** Shows a word. */
export function say(text: string, kind: 'good' | 'bad' = 'good'): void {
  toast.value = { text, kind }
}

/** Tells screens that something changed. */
export function changed({ changes }: Pick<Ground, 'changes'>): void {
  changes.value += 1
}
