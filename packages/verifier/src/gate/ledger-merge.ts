import { VerifierError } from '../errors.js'
import type { LedgerEntry } from './gate-ledger.js'
import type { LedgerExport } from './ledger-export.js'

/** What opened an event more than once: a pass, or a person with a ticket. */
export type DoubleEntry = {
  readonly of: 'pass' | 'person'
  /** All of them, earliest first; two at least, in two ledgers at least. */
  readonly entries: readonly LedgerEntry[]
  /** The very same code was taken twice: it was copied on its way. */
  readonly sameCode: boolean
}

/** Several ledgers of one event, seen together. */
export type MergedLedgers = {
  readonly event: string
  /** The newest export of each ledger, by its id. */
  readonly ledgers: readonly Pick<LedgerExport, 'ledger' | 'exportedAt'>[]
  readonly entries: number
  readonly doubles: readonly DoubleEntry[]
  /** Ledgers of which two exports contradict each other: one was made after the other was undone. */
  readonly forked: readonly string[]
}

/**
 * Puts exported ledgers side by side and lists what opened the event twice. Of several exports of one
 * ledger the longest counts.
 *
 * @throws VerifierError `ledger_other_event` for ledgers of several events; `ledger_malformed` for
 *   ledgers of several venues, or none at all
 */
export function mergeLedgers(exports: readonly LedgerExport[]): MergedLedgers {
  const [first] = exports
  if (first === undefined)
    throw new VerifierError('ledger_malformed', 'there is no ledger to merge.')
  if (exports.some(({ event }) => event !== first.event)) {
    throw new VerifierError('ledger_other_event', 'these ledgers are of several events.')
  }
  if (exports.some(({ signedBy }) => signedBy !== first.signedBy)) {
    throw new VerifierError('ledger_malformed', 'these ledgers are signed by several venues.')
  }
  const byLedger = groupBy(exports, ({ ledger }) => ledger)
  const longest = [...byLedger.values()].map(longestOf)
  const entries = longest.flatMap((one) => one.entries)
  const persons = doublesBy(entries, 'person', ({ person }) => person)
  const told = new Set(persons.flatMap((double) => double.entries))
  const passes = doublesBy(entries, 'pass', ({ holder }) => holder)
  return {
    event: first.event,
    ledgers: longest.map(({ ledger, exportedAt }) => ({ ledger, exportedAt })),
    entries: entries.length,
    // A person who is told already is not told again with the pass they used.
    doubles: [...persons, ...passes.filter((one) => !one.entries.every((it) => told.has(it)))],
    forked: [...byLedger].filter(([, some]) => isForked(some)).map(([ledger]) => ledger),
  }
}

/** @throws VerifierError `ledger_other_event` */
export function assertSameEvent({ event }: Pick<LedgerExport, 'event'>, expected: string): void {
  if (event === expected) return
  throw new VerifierError('ledger_other_event', 'the exported ledger is of another event.')
}

function doublesBy(
  entries: readonly LedgerEntry[],
  of: DoubleEntry['of'],
  tagOf: (entry: LedgerEntry) => string | null,
): DoubleEntry[] {
  const byTag = groupBy(entries, tagOf)
  byTag.delete(null)
  return [...byTag.values()]
    .filter((some) => some.length > 1)
    .map((some) => ({
      of,
      entries: some.toSorted((one, other) => one.at.getTime() - other.at.getTime()),
      sameCode: new Set(some.map(({ answer }) => answer)).size < some.length,
    }))
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

function longestOf(some: readonly LedgerExport[]): LedgerExport {
  const [first, ...rest] = some
  if (first === undefined) throw new TypeError('a group is never empty')
  return rest.reduce(
    (one, other) => (other.entries.length > one.entries.length ? other : one),
    first,
  )
}

/** The shorter must be how the longer begins. */
function isForked(some: readonly LedgerExport[]): boolean {
  const { entries } = longestOf(some)
  return some.some((one) => {
    const last = one.entries.at(-1)
    return last !== undefined && entries[last.number - 1]?.hash !== last.hash
  })
}
