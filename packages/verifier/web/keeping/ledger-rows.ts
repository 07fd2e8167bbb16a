import type { LedgerEntry, LedgerHead, LedgerRows } from '@netcert/verifier/gate'
import type { Home } from './database.js'

const STORES = ['head', 'entries', 'tags'] as const
/** On the disk before it counts: a power cut forgets no entry that was shown. */
const STRICT = { durability: 'strict' } as const

type Place = [ledger: string, number: number]

/** The rows of an entry ledger in IndexedDB: each act one transaction, on the disk when it resolves. */
export function indexedLedgerRows(home: Home): LedgerRows {
  return {
    head: async () => (await home.get('head', 'head')) ?? null,
    make: (head) => make(home, head),
    append: (entry) => append(home, entry),
    own: () => own(home),
    takeIn: (entries) => takeIn(home, entries),
    see: (at, { correct }) => see(home, at, correct),
    erase: () => erase(home),
  }
}

async function make(home: Home, head: LedgerHead): Promise<void> {
  const act = home.transaction(STORES, 'readwrite', STRICT)
  const heads = act.objectStore('head')
  if ((await heads.get('head')) === undefined) await heads.put(head, 'head')
  await act.done
}

async function append(home: Home, entry: LedgerEntry): ReturnType<LedgerRows['append']> {
  const act = home.transaction(STORES, 'readwrite', STRICT)
  const tags = act.objectStore('tags')
  for (const tag of tagsOf(entry)) {
    const place = await tags.get(tag)
    const before = place === undefined ? undefined : await act.objectStore('entries').get(place)
    if (before !== undefined) return { state: 'before', entry: before }
  }
  const head = await act.objectStore('head').get('head')
  if (head === undefined || head.ledger !== entry.ledger || head.number + 1 !== entry.number) {
    return { state: 'overtaken' }
  }
  const place: Place = [entry.ledger, entry.number]
  await act.objectStore('entries').add(entry)
  for (const tag of tagsOf(entry)) await tags.put(place, tag)
  const seenAt = later(head.seenAt, entry.at)
  const { number, hash } = entry
  await act.objectStore('head').put({ ...head, number, hash, seenAt }, 'head')
  await act.done
  return { state: 'appended' }
}

async function own(home: Home): Promise<readonly LedgerEntry[]> {
  const head = await home.get('head', 'head')
  if (head === undefined) return []
  return home.getAll('entries', ofLedger(head.ledger))
}

async function takeIn(home: Home, entries: readonly LedgerEntry[]): Promise<number> {
  const act = home.transaction(STORES, 'readwrite', STRICT)
  const tags = act.objectStore('tags')
  let fresh = 0
  for (const entry of entries) {
    const place: Place = [entry.ledger, entry.number]
    if ((await act.objectStore('entries').getKey(place)) !== undefined) continue
    fresh += 1
    await act.objectStore('entries').add(entry)
    for (const tag of tagsOf(entry)) {
      if ((await tags.getKey(tag)) === undefined) await tags.put(place, tag)
    }
  }
  await act.done
  return fresh
}

async function see(home: Home, at: Date, correct: boolean): Promise<void> {
  const act = home.transaction('head', 'readwrite', STRICT)
  const head = await act.store.get('head')
  if (head !== undefined) {
    await act.store.put({ ...head, seenAt: correct ? at : later(head.seenAt, at) }, 'head')
  }
  await act.done
}

async function erase(home: Home): Promise<number> {
  const act = home.transaction(STORES, 'readwrite', STRICT)
  const count = await act.objectStore('entries').count()
  await Promise.all(STORES.map((store) => act.objectStore(store).clear()))
  await act.done
  return count
}

/** How many entries of other ledgers were taken in. */
export async function foreignEntries(home: Home, ledger: string): Promise<number> {
  return (await home.count('entries')) - (await home.count('entries', ofLedger(ledger)))
}

function ofLedger(ledger: string): IDBKeyRange {
  return IDBKeyRange.bound([ledger, 0], [ledger, Number.MAX_SAFE_INTEGER])
}

function tagsOf({ holder, person }: LedgerEntry): readonly string[] {
  return person === null ? [`h ${holder}`] : [`h ${holder}`, `p ${person}`]
}

function later(seen: Date | null, at: Date): Date {
  return seen === null || seen < at ? at : seen
}
