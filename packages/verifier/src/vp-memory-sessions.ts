import { hash } from '@netcert/credential/crypto'
import { sessionsFull } from './memory-sessions.js'
import { sameBytes } from './same-bytes.js'
import { SESSION_CAPACITY } from './session.js'
import {
  type Delivery,
  RESULT_SECONDS,
  type SessionProgress,
  type Settlement,
  type VpSession,
  type VpSessionStore,
} from './vp-session.js'

type Kept = { readonly session: VpSession; settlement: Settlement | null; delivered: boolean }

/** Options of {@link memoryVpSessions}. */
export type MemoryVpSessionsOptions = {
  /** Sessions kept at once, those whose result waits included. Default 5,000. */
  readonly capacity?: number
  readonly clock: () => Date
}

/** Sessions in memory: bounded, lost on restart, for one process. */
export function memoryVpSessions({
  capacity = SESSION_CAPACITY,
  clock,
}: MemoryVpSessionsOptions): VpSessionStore {
  const byRequest = new Map<string, Kept>()
  const byId = new Map<string, Kept>()

  const now = () => clock().getTime()
  const live = (kept: Kept | undefined) =>
    kept !== undefined && endOf(kept.session) > now() ? kept : undefined
  return {
    async put(session) {
      forgetEnded(byId, byRequest, now())
      if (byId.size >= capacity) throw sessionsFull(capacity)
      const kept: Kept = { session, settlement: null, delivered: false }
      byId.set(session.id, kept)
      byRequest.set(session.requestId, kept)
    },
    async find(requestId) {
      const kept = live(byRequest.get(requestId))
      const state = stateOf(kept, now())
      if (kept === undefined || state !== 'open') return { state: notOpen(state) }
      return { state, session: kept.session }
    },
    // No await between look and change: that is what makes it atomic here.
    async settle(requestId, settlement) {
      const kept = live(byRequest.get(requestId))
      const state = stateOf(kept, now())
      if (kept === undefined || state !== 'open') return notOpen(state)
      kept.settlement = settlement
      return 'settled'
    },
    progress: async (id) => progressOf(live(byId.get(id)), now()),
    async deliver(id, responseCode) {
      const kept = live(byId.get(id))
      return deliverNow(kept, stateOf(kept, now()), responseCode)
    },
  }
}

type State = 'open' | 'used' | 'expired' | 'unknown'

const endOf = (session: VpSession) => session.expiresAt.getTime() + RESULT_SECONDS * 1000
const notOpen = (state: State) => (state === 'open' ? 'unknown' : state)

function forgetEnded(byId: Map<string, Kept>, byRequest: Map<string, Kept>, now: number): void {
  // All sessions live equally long, so the oldest stand first.
  for (const { session } of byId.values()) {
    if (endOf(session) > now) return
    byId.delete(session.id)
    byRequest.delete(session.requestId)
  }
}

function stateOf(kept: Kept | undefined, now: number): State {
  if (kept === undefined) return 'unknown'
  if (kept.settlement !== null) return 'used'
  return kept.session.expiresAt.getTime() <= now ? 'expired' : 'open'
}

function progressOf(kept: Kept | undefined, now: number): SessionProgress {
  if (kept?.delivered === true) return 'delivered'
  const state = stateOf(kept, now)
  if (state === 'open') return 'waiting'
  return state === 'used' ? 'answered' : state
}

function deliverNow(kept: Kept | undefined, state: State, responseCode: string | null): Delivery {
  if (kept === undefined || state === 'unknown') return { state: 'unknown' }
  if (kept.delivered) return { state: 'used' }
  if (kept.settlement === null) return { state: state === 'expired' ? 'expired' : 'waiting' }
  const { outcome, responseCode: wanted } = kept.settlement
  if (wanted !== null && !isSameCode(wanted, responseCode)) return { state: 'wrong_code' }
  kept.delivered = true
  kept.settlement = { outcome: '', responseCode: null }
  return { state: 'delivered', outcome }
}

function isSameCode(wanted: string, given: string | null): boolean {
  if (given === null) return false
  return sameBytes(digest(wanted), digest(given))
}

function digest(text: string): Uint8Array {
  return hash('sha-256', new TextEncoder().encode(text))
}
