import { IssuerError } from './issuer-error.js'

/** Used nonces on record; no more are taken until old ones have ended. */
export const NONCE_CAPACITY = 1_000_000

/** Other processes use nonces too: what they used is counted anew that often. */
const RECOUNT_SECONDS = 30
/** Counting takes a while: a flood is refused by what was counted last. */
const FULL_SECONDS = 1

/** Room for used nonces: they are never forgotten early, so at some number there is none. */
export type NonceRoom = {
  /** Before a nonce is noted as used. @throws IssuerError `nonces_full` */
  take(now: Date): Promise<void>
}

/**
 * Counts what is on record now and then, and what this process adds in between.
 *
 * @param count - Nonces on record; it may stop counting at the capacity.
 */
export function createNonceRoom(
  count: () => Promise<number>,
  capacity: number = NONCE_CAPACITY,
): NonceRoom {
  let used = 0
  let recountAt = 0
  return {
    async take(now) {
      const at = now.getTime() / 1000
      if (at >= recountAt) {
        recountAt = at + FULL_SECONDS
        used = await count()
        if (used < capacity) recountAt = at + RECOUNT_SECONDS
      }
      if (used >= capacity) {
        recountAt = Math.min(recountAt, at + FULL_SECONDS)
        throw new IssuerError('nonces_full', 'Too much is issued at the moment; ask again later.')
      }
      used += 1
    },
  }
}
