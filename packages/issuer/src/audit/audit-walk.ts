import { createChainCheck, type EntryFault } from './audit-chain.js'
import { type AuditEntry, entryHash } from './audit-entry.js'

/** The next good entry of a log, what is wrong with it, or `undefined` at the end. */
export type WalkStep =
  | { readonly entry: AuditEntry }
  | { readonly fault: EntryFault; readonly sequence: number }
  | undefined

/** Goes through one log; ends with its first fault. */
export type AuditWalk = {
  step(): Promise<WalkStep>
  /** Number of entries that were good. */
  end(): number
}

/** Lines further back than that are not repeated by a crash, nor by two processes. */
const REPEATS = 10_000

/** A walk through entries in order, `null` for what is none; repeated lines are passed over. */
export function createWalk(entries: AsyncIterable<AuditEntry | null>): AuditWalk {
  const chain = createChainCheck()
  const iterator = entries[Symbol.asyncIterator]()
  const seen = createMemory()
  return {
    end: () => chain.end.sequence,
    async step() {
      const sequence = chain.end.sequence + 1
      for (;;) {
        const { value, done } = await iterator.next()
        if (done === true) return undefined
        if (value === null) return { fault: 'changed', sequence }
        const fault = await look(value)
        if (fault === 'repeated') continue
        if (fault === null) return { entry: value }
        return fault
      }
      async function look(entry: AuditEntry) {
        if (entry.sequence < sequence) {
          const same = seen.get(entry.sequence) === entry.hash && entryHash(entry) === entry.hash
          if (same) return 'repeated'
          return { fault: 'changed', sequence: entry.sequence } as const
        }
        const fault = await chain.next(entry)
        if (fault === null) seen.put(sequence, entry.hash)
        if (fault === 'removed' && (await comesLater(iterator, sequence))) {
          return { fault: 'reordered', sequence } as const
        }
        return fault === null ? null : { fault, sequence }
      }
    },
  }
}

async function comesLater(
  iterator: AsyncIterator<AuditEntry | null>,
  sequence: number,
): Promise<boolean> {
  for (;;) {
    const { value, done } = await iterator.next()
    if (done === true) return false
    if (value?.sequence === sequence) return true
  }
}

function createMemory() {
  const hashes = new Map<number, string>()
  return {
    get: (sequence: number) => hashes.get(sequence),
    put(sequence: number, hash: string): void {
      hashes.set(sequence, hash)
      hashes.delete(sequence - REPEATS)
    },
  }
}
