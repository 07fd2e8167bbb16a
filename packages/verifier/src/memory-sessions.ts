import { VerifierError } from './errors.js'
import type { Session, SessionStore, TakenSession } from './session.js'
import { SESSION_CAPACITY } from './session.js'

/** Options of {@link memorySessions}. */
export type MemorySessionsOptions = {
  /** Sessions that may wait at once. Default 5,000. */
  readonly capacity?: number
  readonly clock: () => Date
}

/**
 * Sessions in memory: bounded, lost on restart. Enough for one process; use the database store of
 * `@netcert/verifier/open` where responses may come after a restart or to another process.
 */
export function memorySessions({
  capacity = SESSION_CAPACITY,
  clock,
}: MemorySessionsOptions): SessionStore {
  const waiting = new Map<string, Session>()
  // Only for the better answer `used` instead of `unknown`; so it may forget the oldest.
  const used = new Set<string>()

  function forgetExpired(now: Date): void {
    // All sessions live equally long, so the oldest stand first.
    for (const [id, session] of waiting) {
      if (session.expiresAt > now) return
      waiting.delete(id)
    }
  }

  function markUsed(id: string): void {
    used.add(id)
    const [oldest] = used
    if (used.size > capacity && oldest !== undefined) used.delete(oldest)
  }

  function takeNow(id: string): TakenSession {
    const session = waiting.get(id)
    if (session === undefined) return { state: used.has(id) ? 'used' : 'unknown' }
    waiting.delete(id)
    if (session.expiresAt <= clock()) return { state: 'expired' }
    markUsed(id)
    return { state: 'taken', session }
  }

  return {
    async put(session) {
      if (waiting.size >= capacity) forgetExpired(clock())
      if (waiting.size >= capacity) throw sessionsFull(capacity)
      waiting.set(session.id, session)
    },
    // No await between look and removal: that is what makes it atomic here.
    async take(id) {
      return takeNow(id)
    },
  }
}

/** The error every session store raises when it is full. */
export function sessionsFull(capacity: number): VerifierError {
  return new VerifierError(
    'sessions_full',
    `${capacity} sessions are waiting for a response; try again in a few seconds.`,
  )
}
