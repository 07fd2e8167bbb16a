import { hash, textToBytes } from '@netcert/credential/crypto'
import { encodeBase64Url } from '@netcert/credential'
import { sessionsFull } from './memory-sessions.js'
import {
  ACT_CAPACITY,
  actGone,
  type ActName,
  type ActRecord,
  type FoundAct,
  type MinorActStore,
} from './minor-act.js'

type Kept = { readonly handover: string; readonly endsAt: Date; act: ActRecord | null }

/** Options of {@link memoryMinorActs}. */
export type MemoryMinorActsOptions = {
  /** Acts kept at once. Default 5,000. */
  readonly capacity?: number
  readonly clock: () => Date
}

/** Acts in memory: bounded, lost on restart, for one process. */
export function memoryMinorActs({
  capacity = ACT_CAPACITY,
  clock,
}: MemoryMinorActsOptions): MinorActStore {
  const byKey = new Map<string, Kept>()
  const keyByHandover = new Map<string, string>()

  function keyOf({ by, value }: ActName): string | undefined {
    if (by === 'key') return value
    return by === 'id' ? actKey(value) : keyByHandover.get(actKey(value))
  }

  function findNow(key: string): FoundAct {
    const kept = byKey.get(key)
    if (kept === undefined) return { state: 'unknown' }
    if (kept.act === null) return { state: 'delivered' }
    return kept.endsAt <= clock() ? { state: 'ended' } : { state: 'open', key, act: kept.act }
  }

  return {
    async put({ id, handover }, act) {
      forgetEnded(byKey, keyByHandover, clock())
      if (byKey.size >= capacity) throw sessionsFull(capacity)
      byKey.set(actKey(id), { act, handover: actKey(handover), endsAt: act.endsAt })
      keyByHandover.set(actKey(handover), actKey(id))
    },
    find: async (name) => findNow(keyOf(name) ?? ''),
    // No await between look and change: that is what makes it atomic here.
    async change(key, change) {
      const found = findNow(key)
      const kept = byKey.get(key)
      if (found.state !== 'open' || kept === undefined) throw actGone(notOpen(found))
      kept.act = change(found.act)
      return kept.act
    },
    async take(key) {
      const kept = byKey.get(key)
      const act = kept?.act ?? null
      if (kept !== undefined) kept.act = null
      return act
    },
  }
}

function forgetEnded(byKey: Map<string, Kept>, keyByHandover: Map<string, string>, now: Date) {
  for (const [key, { endsAt, handover }] of byKey) {
    if (endsAt > now) continue
    byKey.delete(key)
    keyByHandover.delete(handover)
  }
}

/** The key of an act: SHA-256 of its secret id, so that whoever reads a store can fetch nothing. */
export function actKey(secret: string): string {
  return encodeBase64Url(hash('sha-256', textToBytes(secret)))
}

function notOpen({ state }: FoundAct): 'delivered' | 'ended' | 'unknown' {
  return state === 'open' ? 'unknown' : state
}
