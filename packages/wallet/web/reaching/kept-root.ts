import { followRoot, pinRoot, resolveDidKey, type RootPin } from '@netcert/credential'
import type { WalletRoot } from '@netcert/wallet/rules'
import { type WalletDatabase, write } from '../keeping/database.js'
import { assertKnownRoot, ROOT } from './known-root.js'

/**
 * The root this wallet believes, kept from its first opening on and followed where it announces another.
 *
 * @param given - did:key of the root of whoever serves this page
 * @throws WalletError `root_differs` where the page names one that nobody announced
 */
export async function keptRoot(database: WalletDatabase, given: string): Promise<WalletRoot> {
  const kept = await database.get('root', ROOT)
  if (kept === undefined) {
    resolveDidKey(given)
    await put(database, pinRoot(given))
  }
  await assertKnownRoot(database, given)
  const current = async () => (await database.get('root', ROOT))?.pin ?? pinRoot(given)
  return {
    current,
    follow: async (list) => {
      const before = await current()
      const after = followRoot(before, list)
      if (after.root !== before.root || after.next !== before.next) await put(database, after)
    },
  }
}

async function put(database: WalletDatabase, pin: RootPin): Promise<void> {
  await write(database, ['root'], (it) => it.objectStore('root').put({ name: ROOT, pin }))
}
