import { after } from '@netcert/page/clock'
import type { LockRecords } from '../lock/lock-records.js'
import { askToClear } from '../own-origin.js'
import { goInstead } from './place.js'

/** Names of the databases of this origin. */
export const WALLET = 'netcert-wallet'
export const LOCK = 'netcert-wallet-lock'

/**
 * What became of erasing. `offline`: nobody could be asked to have the bytes dropped. `uncleared`: whoever
 * serves the page, or the browser, does not do that.
 */
export type Erasure = 'cleared' | 'offline' | 'uncleared'

const ANSWER_MILLISECONDS = 2_000

let underWay = false

/** Whether the databases end by the wallet's own doing. */
export const isErasing = (): boolean => underWay

/**
 * Erases what {@link LockRecords.beginErasing} left. A browser that deletes a database only marks its bytes
 * as gone, and they stay in its files until it tidies up; told by `Clear-Site-Data` it removes the files.
 *
 * @param records - Closed by this. As long as something is left they note that there is.
 */
export async function finishErasing(records: LockRecords): Promise<Erasure> {
  underWay = true
  records.close()
  // What was asked last stands in the address.
  goInstead('home')
  await deleteDatabase(WALLET)
  if (!(await askToClear())) return 'offline'
  // What the browser did counts, not what it was told.
  const left = await Promise.race([databasesLeft(), nothingSaid()])
  return left === null || left.some(({ name }) => name === LOCK) ? 'uncleared' : 'cleared'
}

/** Null where a browser does not list them: then nobody knows what it did. */
async function databasesLeft(): Promise<readonly IDBDatabaseInfo[] | null> {
  const listing = indexedDB.databases as IDBFactory['databases'] | undefined
  return (await listing?.call(indexedDB)) ?? null
}

/** A browser that is dropping what it kept may leave a question unanswered for ever. */
function nothingSaid(): Promise<null> {
  return new Promise((resolve) => {
    after(ANSWER_MILLISECONDS, () => resolve(null))
  })
}

/** Lets a new wallet begin although bytes of the old one may be left. */
export async function forgetErasing(): Promise<void> {
  await deleteDatabase(LOCK)
  location.reload()
}

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.addEventListener('success', () => resolve())
    request.addEventListener('error', () => reject(new TypeError('not erased')))
  })
}
