import { WalletError } from '@netcert/wallet/rules'
import type { WalletDatabase } from '../keeping/database.js'

/** Under which name the root is kept. */
export const ROOT = 'root'

/**
 * Nothing happens in a page that names another root than the wallet knows; one that knows none yet takes
 * what it is given.
 *
 * @throws WalletError `root_differs` where the page names one that nobody announced
 */
export async function assertKnownRoot(database: WalletDatabase, given: string): Promise<void> {
  const kept = await database.get('root', ROOT)
  if (kept === undefined || given === kept.pin.root || given === kept.pin.next) return
  throw new WalletError(
    'root_differs',
    'this page names another root than the one the wallet knows; do not go on, ask the issuer.',
  )
}
