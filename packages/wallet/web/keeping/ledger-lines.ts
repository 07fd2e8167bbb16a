import type { LedgerRow, LedgerStore, WriteEntry } from '@netcert/wallet/rules'
import { type WalletDatabase, type Writing, write } from './database.js'

const HEAD = 'ledger'

/** Hangs a line on the chain, in the transaction that does what the line is about. */
export async function appendEntry(transaction: Writing, entry: WriteEntry): Promise<void> {
  const head = transaction.objectStore('head')
  const { position: last, hash: previous } = (await head.get(HEAD)) ?? { position: 0, hash: '' }
  const position = last + 1
  const { row, hash } = entry({ position, previous })
  await transaction.objectStore('ledger').add(row)
  await head.put({ name: HEAD, position, hash })
}

/** The ledger in IndexedDB. */
export function keptLedger(database: WalletDatabase): LedgerStore {
  const since = (rows: readonly LedgerRow[], from: number) =>
    rows.filter((row) => row.recorded_at >= from)
  return {
    append: (entries) =>
      write(database, ['ledger', 'head'], async (transaction) => {
        for (const entry of entries) await appendEntry(transaction, entry)
      }),
    entries: () => database.getAll('ledger'),
    entriesOf: async (platformTag, from = 0) =>
      since(await database.getAllFromIndex('ledger', 'platform_tag', platformTag), from),
    entriesSince: async (from) => since(await database.getAll('ledger'), from),
    head: async () => {
      const { position, hash } = (await database.get('head', HEAD)) ?? { position: 0, hash: '' }
      return { position, hash }
    },
  }
}
