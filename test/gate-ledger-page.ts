import {
  createLedger,
  type Entry,
  type LedgerEntry,
  type LedgerRows,
  memoryLedgerRows,
} from '@netcert/verifier/gate'
import { openHome } from '../packages/verifier/web/keeping/database.js'
import { indexedLedgerRows } from '../packages/verifier/web/keeping/ledger-rows.js'

const event = { id: 'final-2026', endsAt: new Date('2026-11-23T00:00:00Z') }
const place = { keepLedgerSeconds: 86_400, gate: 'north', lane: '1' }
const at = new Date('2026-11-22T18:00:00Z')

const ledgerOn = (rows: LedgerRows) => createLedger({ rows, event, ...place })
const rowsNamed = async (name: string) => indexedLedgerRows(await openHome(() => undefined, name))

function entryOf(holder: string, person: string | null, seconds = 0): Entry {
  const time = new Date(at.getTime() + seconds * 1000)
  return { holder, person, answer: `answer ${holder}`, at: time, by: 'challenge' }
}

/** Enters the same pass many times at once, from two windows on the same database. */
export async function enterAtOnce(name: string, times: number): Promise<Record<string, number>> {
  const ledgers = [await ledgerOn(await rowsNamed(name)), await ledgerOn(await rowsNamed(name))]
  const entered = await Promise.all(
    Array.from({ length: times }, (_, turn) => ledgers[turn % 2]!.enter(entryOf('pass', null))),
  )
  const counts: Record<string, number> = { entered: 0, before: 0 }
  for (const { state } of entered) counts[state] = (counts[state] ?? 0) + 1
  return counts
}

/** Enters passes with these names, and tells under which numbers. */
export async function enterEach(name: string, holders: readonly string[]): Promise<unknown> {
  const ledger = await ledgerOn(await rowsNamed(name))
  const told: unknown[] = []
  for (const holder of holders) {
    const entered = await ledger.enter(entryOf(holder, null))
    told.push(entered.state === 'entered' ? entered.number : entered.state)
  }
  return told
}

/** Numbers and hashes of what stands in a ledger. */
export async function standing(name: string): Promise<unknown> {
  const ledger = await ledgerOn(await rowsNamed(name))
  const { number, seenAt } = await ledger.head()
  const entries = await ledger.entries()
  return { number, seenAt, holders: entries.map(({ holder }) => holder), chained: chained(entries) }
}

function chained(entries: readonly LedgerEntry[]): boolean {
  return new Set(entries.map(({ hash }) => hash)).size === entries.length
}

/** The same acts on rows in memory and in the browser; both should tell the same. */
export async function walkBoth(name: string): Promise<readonly [unknown, unknown]> {
  return [await walk(memoryLedgerRows()), await walk(await rowsNamed(name))]
}

async function walk(rows: LedgerRows): Promise<unknown> {
  const ledger = await ledgerOn(rows)
  const told: unknown[] = []
  const enter = async (...given: Parameters<typeof entryOf>) => {
    const entered = await ledger.enter(entryOf(...given))
    told.push(entered.state === 'entered' ? entered.number : [entered.state, entered.entry.number])
  }
  await enter('a', 'first person')
  await enter('b', null, 7)
  await enter('a', null, 8)
  await enter('another pass', 'first person', 9)
  const other = { ...(await ledger.entries())[0]!, ledger: 'other', holder: 'c', person: null }
  told.push(await ledger.takeIn([other, { ...other, number: 2, holder: 'd' }]))
  told.push(await ledger.takeIn([other]))
  await enter('c', null, 10)
  await enter('e', null, 11)
  await ledger.see(new Date(at.getTime() + 60_000))
  await ledger.see(at)
  told.push((await ledger.head()).seenAt)
  await ledger.correctClock(at)
  told.push((await ledger.head()).seenAt)
  told.push((await ledger.entries()).map(({ number, holder, person }) => [number, holder, person]))
  told.push(await ledger.erase(), (await ledger.entries()).length, (await ledger.head()).number)
  await enter('a', null)
  return told
}
