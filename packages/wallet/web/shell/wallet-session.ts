import { now } from '@netcert/page/clock'
import { signal } from '@preact/signals'
import { type LockRecords, openLockRecords } from '../lock/lock-records.js'
import { createWalletLock, type WalletLock, type WaysIn } from '../lock/wallet-lock.js'
import type { OpenBrowserWalletOptions, OpenedWallet } from '../opened-wallet.js'
import { finishErasing, isErasing, LOCK, WALLET } from './erasing.js'
import type { Ground, PageSettings } from './ground.js'
import { leaveFor } from './leave-for.js'
import { afterActs } from './left-act.js'

/** The wallet, closed. */
export type ClosedWallet = {
  readonly lock: WalletLock
  readonly ways: WaysIn
  readonly settings: PageSettings
  readonly records: LockRecords
}

/** What is kept beside the lock. @throws DOMException where the browser keeps nothing */
export const readRecords = (onLost: () => void): Promise<LockRecords> =>
  openLockRecords(LOCK, () => {
    if (!isErasing()) onLost()
  })

/** Reads which ways in there are. */
export async function readClosedWallet(
  records: LockRecords,
  settings: PageSettings,
): Promise<ClosedWallet> {
  const wipe = async () => void (await finishErasing(records))
  const lock = createWalletLock({ records, clock: now, wipe })
  return { lock, ways: await lock.ways(), settings, records }
}

/** Opens the wallet with its key, which is overwritten. */
export async function openWith(
  { lock, settings, records }: ClosedWallet,
  master: Uint8Array,
  { onClosed, onLost }: { readonly onClosed: () => void; readonly onLost: () => void },
): Promise<Ground> {
  const opened = await openOnce(master, {
    ...{ name: WALLET, clock: now, issuer: settings.issuer, onLost },
    allowHttpLoopback: settings.allowHttpLoopback,
    openAddress: async (url) => leaveFor(url, settings),
  })
  let isClosed = false
  const close = () => {
    if (isClosed) return
    isClosed = true
    // Nothing is shown any more from now on; what somebody said yes to comes to its end.
    afterActs(opened.close)
    // What is being erased is not opened once more.
    if (!isErasing()) onClosed()
  }
  const eraseAll = () => {
    opened.close()
    return eraseClosed({ lock, records })
  }
  return { opened, lock, settings, records, clock: now, changes: signal(0), close, eraseAll }
}

/** Erases everything of a wallet that is closed, its keys first, and opens the page anew. */
export async function eraseClosed({
  lock,
  records,
}: Pick<ClosedWallet, 'lock' | 'records'>): Promise<void> {
  await lock.erase()
  try {
    await finishErasing(records)
  } finally {
    // Where something is left to do or to say, the page does that first when it begins.
    location.reload()
  }
}

/** Whether or not it opens: nothing needs the key afterwards. */
async function openOnce(
  master: Uint8Array,
  options: Omit<OpenBrowserWalletOptions, 'master'>,
): Promise<OpenedWallet> {
  try {
    // The rules of the wallet are most of its code: they come once somebody opened it.
    const { openBrowserWallet } = await import('../opened-wallet.js')
    return await openBrowserWallet({ ...options, master })
  } finally {
    master.fill(0)
  }
}
