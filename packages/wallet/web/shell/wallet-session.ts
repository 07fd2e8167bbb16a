import { now } from '@netcert/page/clock'
import { signal } from '@preact/signals'
import { type LockRecords, openLockRecords } from '../lock/lock-records.js'
import { createWalletLock, type WalletLock, type WaysIn } from '../lock/wallet-lock.js'
import type { Ground, PageSettings } from './ground.js'
import { leaveFor } from './leave-for.js'
import { goInstead } from './place.js'

const WALLET = 'netcert-wallet'
const LOCK = 'netcert-wallet-lock'

/** The wallet, closed. */
export type ClosedWallet = {
  readonly lock: WalletLock
  readonly ways: WaysIn
  readonly settings: PageSettings
  readonly records: LockRecords
}

/** What is kept beside the lock. @throws DOMException where the browser keeps nothing */
export const readRecords = (onLost: () => void): Promise<LockRecords> =>
  openLockRecords(LOCK, onLost)

/** Reads which ways in there are. */
export async function readClosedWallet(
  records: LockRecords,
  settings: PageSettings,
): Promise<ClosedWallet> {
  const lock = createWalletLock({ records, clock: now, wipe: eraseWallet })
  return { lock, ways: await lock.ways(), settings, records }
}

/** Opens the wallet with its key, which is overwritten. */
export async function openWith(
  { lock, settings, records }: ClosedWallet,
  master: Uint8Array,
  { onClosed, onLost }: { readonly onClosed: () => void; readonly onLost: () => void },
): Promise<Ground> {
  // The rules of the wallet are most of its code: they come once somebody opened it.
  const { openBrowserWallet } = await import('../opened-wallet.js')
  const opened = await openBrowserWallet({
    ...{ name: WALLET, master, clock: now, issuer: settings.issuer, onLost },
    allowHttpLoopback: settings.allowHttpLoopback,
    openAddress: async (url) => leaveFor(url, settings),
  })
  master.fill(0)
  const close = () => {
    opened.close()
    onClosed()
  }
  const eraseAll = () => {
    opened.close()
    return eraseClosed({ lock })
  }
  return { opened, lock, settings, records, clock: now, changes: signal(0), close, eraseAll }
}

/** Erases everything of a wallet that is closed, its keys first, and opens the page anew. */
export async function eraseClosed({ lock }: Pick<ClosedWallet, 'lock'>): Promise<void> {
  await lock.erase()
  await eraseWallet()
  goInstead('home')
  location.reload()
}

/** Deletes the database of the wallet. */
function eraseWallet(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(WALLET)
    request.addEventListener('success', () => resolve())
    request.addEventListener('error', () => reject(new TypeError('not erased')))
  })
}
