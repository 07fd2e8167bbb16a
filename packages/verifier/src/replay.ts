import { VerifierError } from './errors.js'

/** How many presentations a cache remembers; one more is refused (`replays_full`). */
export const REPLAY_CAPACITY = 1_000_000

/** A presentation that was accepted, as far as recognising it again needs. */
export type SeenPresentation = {
  /** Thumbprint of the holder key. */
  readonly holderKey: string
  readonly nonce: string
  /** From then on its own age keeps the presentation out; never forget it earlier. */
  readonly until: Date
}

/**
 * Remembers accepted presentations where no session stands behind the nonce. Implementations:
 * {@link memoryReplays}, and the database store behind `@netcert/verifier/open`.
 */
export type ReplayCache = {
  /**
   * @returns false when this presentation was remembered before; of any number of simultaneous
   *   calls exactly one gets true.
   * @throws VerifierError `replays_full`
   */
  remember(seen: SeenPresentation): Promise<boolean>
}

/** Options of {@link memoryReplays}. */
export type MemoryReplaysOptions = {
  /** Presentations remembered at once. Default one million. */
  readonly capacity?: number
  readonly clock: () => Date
}

/** A replay cache in memory: bounded, lost on restart. */
export function memoryReplays({
  capacity = REPLAY_CAPACITY,
  clock,
}: MemoryReplaysOptions): ReplayCache {
  const seen = new Map<string, number>()

  // Stops at the first that still counts: a full cache must not cost a walk over all of it.
  function forgetEnded(now: number): void {
    for (const [key, end] of seen) {
      if (end > now) return
      seen.delete(key)
    }
  }

  return {
    async remember({ holderKey, nonce, until }) {
      const now = clock().getTime()
      const key = `${holderKey} ${nonce}`
      const known = seen.get(key)
      if (known !== undefined && known > now) return false
      seen.delete(key)
      if (seen.size >= capacity) forgetEnded(now)
      if (seen.size >= capacity) throw replaysFull(capacity)
      seen.set(key, until.getTime())
      return true
    },
  }
}

/** The error every replay cache raises when it is full: forgetting early would let a replay in. */
export function replaysFull(capacity: number): VerifierError {
  return new VerifierError(
    'replays_full',
    `${capacity} presentations are remembered against replay; try again in a minute.`,
  )
}
