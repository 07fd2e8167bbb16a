import type {
  BatchRow,
  BatchSummary,
  CopyRow,
  PlatformCopyStore,
  WalletStore,
  WriteEntry,
} from '@netcert/wallet/rules'
import { randomBelow } from '@netcert/wallet/rules'
import { type WalletDatabase, type Writing, write } from './database.js'
import { appendEntry } from './ledger-lines.js'

/** Certificates in IndexedDB. */
export function keptCertificates(database: WalletDatabase): WalletStore {
  return {
    keyAlias: async (did) => (await database.getFromIndex('keys', 'did', did))?.alias,
    putBatch: (batch, copies) => putBatch(database, batch, copies),
    batches: (now) => readBatches(database, now),
    anyCopyOf: async (batch, now) => {
      const rows = await database.getAllFromIndex('copies', 'batch_id', batch)
      const left = rows.filter((row) => row.used_at === null && row.expires_at > now)
      return left.length === 0 ? undefined : left[randomBelow(left.length)]
    },
    useOnce: (copy, now, entry) => useOnce(database, { copy, now, entry }),
    useAt: (copy, tag, now, entry) => useAt(database, tag, { copy, now, entry }),
    discard: ({ id }, now) =>
      write(database, ['copies'], async (transaction) => {
        const row = await transaction.objectStore('copies').get(id)
        if (row === undefined || row.used_at !== null) return
        await transaction.objectStore('copies').put({ ...row, used_at: now, sealed: '' })
      }),
    forgetExpired: (now) =>
      write(database, ['copies', 'keys', 'batches'], async (transaction) => {
        await eraseCopies(transaction, (row) => row.expires_at <= now)
        const batches = await transaction.objectStore('batches').getAll()
        const ended = batches.filter((row) => row.expires_at <= now)
        for (const { id } of ended) await transaction.objectStore('batches').delete(id)
      }),
  }
}

/** The copies of platforms in IndexedDB. */
export function keptPlatformCopies(database: WalletDatabase): PlatformCopyStore {
  return {
    replaceCopies: (tag, batch) =>
      write(database, ['copies', 'keys', 'batches'], async (transaction) => {
        const gone = await eraseCopies(
          transaction,
          (row) => row.audience_tag === tag && row.batch_id !== batch,
        )
        for (const row of gone) await transaction.objectStore('batches').delete(row.batch_id)
      }),
    tiedCopies: async (now) =>
      (await database.getAll('copies')).filter(
        (row) => row.audience_tag !== null && row.expires_at > now,
      ),
  }
}

/** Erases copies and their keys. */
export async function eraseCopies(
  transaction: Writing,
  isGone: (row: CopyRow) => boolean,
): Promise<readonly CopyRow[]> {
  const copies = transaction.objectStore('copies')
  const gone = (await copies.getAll()).filter(isGone)
  for (const { id, key_alias: alias } of gone) {
    await copies.delete(id)
    await transaction.objectStore('keys').delete(alias)
  }
  return gone
}

function putBatch(
  database: WalletDatabase,
  batch: BatchRow,
  copies: readonly CopyRow[],
): Promise<boolean> {
  return write(database, ['copies', 'batches'], async (transaction) => {
    const table = transaction.objectStore('copies')
    for (const { key_alias: alias } of copies) {
      if ((await table.index('key_alias').getKey(alias)) !== undefined) return false
    }
    if (new Set(copies.map((copy) => copy.key_alias)).size !== copies.length) return false
    for (const copy of copies) await table.add(copy)
    await transaction.objectStore('batches').add(batch)
    return true
  })
}

async function readBatches(database: WalletDatabase, now: number): Promise<BatchSummary[]> {
  const transaction = database.transaction(['batches', 'copies'])
  const [batches, copies] = await Promise.all([
    transaction.objectStore('batches').getAll(),
    transaction.objectStore('copies').getAll(),
  ])
  const summaries = batches
    .filter((batch) => batch.expires_at > now)
    .map((batch) => {
      const own = copies.filter((copy) => copy.batch_id === batch.id)
      const remaining = own.filter((copy) => copy.used_at === null).length
      return { ...batch, copies: own.length, remaining }
    })
  return summaries
    .filter((summary) => summary.copies > 0)
    .toSorted((one, other) => other.received_at - one.received_at || (one.id < other.id ? -1 : 1))
}

type Use = { readonly copy: CopyRow; readonly now: number; readonly entry: WriteEntry }

function useOnce(database: WalletDatabase, { copy, now, entry }: Use): Promise<boolean> {
  return write(database, ['copies', 'keys', 'ledger', 'head'], async (transaction) => {
    const row = await transaction.objectStore('copies').get(copy.id)
    if (row === undefined || row.used_at !== null || row.expires_at <= now) return false
    await transaction.objectStore('copies').put({ ...row, used_at: now, sealed: '' })
    await transaction.objectStore('keys').delete(row.key_alias)
    await appendEntry(transaction, entry)
    return true
  })
}

function useAt(database: WalletDatabase, tag: string, { copy, now, entry }: Use): Promise<boolean> {
  return write(database, ['copies', 'ledger', 'head'], async (transaction) => {
    const row = await transaction.objectStore('copies').get(copy.id)
    if (row === undefined || row.expires_at <= now) return false
    if (row.audience_tag !== null && row.audience_tag !== tag) return false
    await transaction.objectStore('copies').put({ ...row, audience_tag: tag })
    await appendEntry(transaction, entry)
    return true
  })
}
