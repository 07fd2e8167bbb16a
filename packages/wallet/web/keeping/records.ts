import {
  type CopyRow,
  type IssuanceRow,
  type IssuanceStore,
  ownKeyPrefixes,
} from '@netcert/wallet/rules'
import { eraseCopies } from './certificates.js'
import { type WalletDatabase, write } from './database.js'

/** What is under way with issuers, in IndexedDB. */
export function keptRecords(database: WalletDatabase): IssuanceStore {
  const change = changing(database)
  return {
    ...{ lease: leasing(database), reserveCopy: reserving(database) },
    put: async (row) => {
      await write(database, ['records'], (it) => it.objectStore('records').put(row))
    },
    putFirst: (row) => change(row.id, (there) => there ?? row),
    get: async (kind, id) => {
      const row = await database.get('records', id)
      return row?.kind === kind ? row : undefined
    },
    list: async (kind) =>
      (await database.getAllFromIndex('records', 'kind', kind)).toSorted(inOrder),
    notificationsOf: async (batch) =>
      (await database.getAllFromIndex('records', 'kind', 'notification')).filter(
        (row) => row.batch_id === batch,
      ),
    reseal: (id, { from, to }) =>
      change(id, (row) => (row?.sealed === from ? { ...row, sealed: to } : row)),
    release: (id, dueAt) =>
      change(id, (row) => row && { ...row, leased_until: null, due_at: dueAt }),
    remove: (id) =>
      write(database, ['records'], async (transaction) => {
        const records = transaction.objectStore('records')
        if ((await records.getKey(id)) === undefined) return false
        await records.delete(id)
        return true
      }),
    forgetExpired: (now) => forgetExpired(database, now),
    forgetBatch: (id) =>
      write(database, ['copies', 'keys', 'batches'], async (transaction) => {
        await eraseCopies(transaction, (row) => row.batch_id === id)
        await transaction.objectStore('batches').delete(id)
      }),
    ...keysAndFloors(database),
  }
}

type Change = (row: IssuanceRow | undefined) => IssuanceRow | undefined

function changing(database: WalletDatabase) {
  return (id: string, change: Change): Promise<void> =>
    write(database, ['records'], async (transaction) => {
      const records = transaction.objectStore('records')
      const before = await records.get(id)
      const after = change(before)
      if (after !== undefined && after !== before) await records.put(after)
    })
}

function leasing(database: WalletDatabase): IssuanceStore['lease'] {
  return (id, now, until) =>
    write(database, ['records'], async (transaction) => {
      const records = transaction.objectStore('records')
      const row = await records.get(id)
      if (row === undefined || (row.leased_until !== null && row.leased_until > now)) return
      const leased = { ...row, leased_until: until }
      await records.put(leased)
      return leased
    })
}

function reserving(database: WalletDatabase): IssuanceStore['reserveCopy'] {
  return (id, now, again) =>
    write(database, ['copies'], async (transaction): Promise<CopyRow | undefined> => {
      const copies = transaction.objectStore('copies')
      const row = await copies.get(id)
      if (row === undefined || row.sealed === '' || row.expires_at <= now) return
      if (row.used_at !== null) return again ? row : undefined
      const reserved = { ...row, used_at: now }
      await copies.put(reserved)
      return reserved
    })
}

function forgetExpired(database: WalletDatabase, now: number): Promise<void> {
  return write(database, ['records'], async (transaction) => {
    const records = transaction.objectStore('records')
    for (const { id, expires_at: end } of await records.getAll()) {
      if (end !== null && end <= now) await records.delete(id)
    }
  })
}

function keysAndFloors(
  database: WalletDatabase,
): Pick<IssuanceStore, 'unusedKeys' | 'idleKeys' | 'floor' | 'raiseFloor'> {
  const aliasesInUse = async () =>
    new Set((await database.getAll('copies')).map((row) => row.key_alias))
  return {
    unusedKeys: async (aliases) => {
      const used = await aliasesInUse()
      return aliases.filter((alias) => !used.has(alias))
    },
    idleKeys: async (before) => {
      const used = await aliasesInUse()
      const keys = await database.getAll('keys')
      return keys
        .filter((key) => ownKeyPrefixes.some((prefix) => key.alias.startsWith(prefix)))
        .filter((key) => key.created_at < before)
        .map((key) => key.alias)
        .filter((alias) => !used.has(alias))
    },
    floor: async (name) => (await database.get('floors', name))?.floor ?? 0,
    raiseFloor: (name, floor) =>
      write(database, ['floors'], async (transaction) => {
        const floors = transaction.objectStore('floors')
        if (floor > ((await floors.get(name))?.floor ?? 0)) await floors.put({ name, floor })
      }),
  }
}

/** Without a time first, then by time, then by id. */
function inOrder(one: IssuanceRow, other: IssuanceRow): number {
  const time = (row: IssuanceRow) => row.due_at ?? Number.NEGATIVE_INFINITY
  if (time(one) !== time(other)) return time(one) < time(other) ? -1 : 1
  return one.id < other.id ? -1 : 1
}
