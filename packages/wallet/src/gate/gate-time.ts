import { epochSeconds } from '@netcert/credential'
import type { IssuanceStore, WalletStore } from '../stores.js'

/** Name of the floor under a gate's time: the newest `iat` of a list that was verified here. */
export const VERIFIED_TIME = 'verified-time'

/** Clocks this far apart count as one; a passage takes seconds. */
const ONE_CLOCK_SECONDS = 600

/** A gate's screen may have shown a challenge for so long before it was read. */
const SHOWN_SECONDS = 15
/** A gate takes the answer to a challenge for no longer after it was read. */
const MOST_GOOD_SECONDS = 75
/** A gate takes the answer to a printed challenge for so long after it was made. */
export const POSTER_GOOD_SECONDS = 60

/** What the phone and the gate say the time is, where that is not the same. */
export type DifferingClocks = { readonly own: Date; readonly gate: Date }

/** By which time an answer to a gate is judged and dated. */
export type GateTime = {
  readonly at: Date
  /** Null: they agree, or the challenge does not say. */
  readonly clocks: DifferingClocks | null
}

/**
 * The time of an answer to a gate. A phone whose clock is wrong still gets in: then the gate's time
 * counts, by which alone the gate judges. It is never taken for earlier than what was verified here: an
 * accreditation that has ended would come back to life by an old date.
 *
 * @param issuedAt - `iat` of the challenge; null: without one the wallet's own clock counts. So it does
 *   for a printed challenge, which says when it was printed.
 * @param floor - As `verifiedTime`.
 */
export function gateTime(
  now: Date,
  { issuedAt, floor }: { readonly issuedAt: Date | null; readonly floor: Date },
): GateTime {
  if (issuedAt === null) return { at: now, clocks: null }
  const apart = Math.abs(now.getTime() - issuedAt.getTime()) / 1000
  if (apart <= ONE_CLOCK_SECONDS) return { at: now, clocks: null }
  const at = issuedAt < floor ? floor : issuedAt
  return { at, clocks: { own: now, gate: issuedAt } }
}

/** The newest time that something verified here was issued at: lists, and the copies that are held. */
export async function verifiedTime({
  store,
  issuanceStore,
}: {
  readonly store: WalletStore
  readonly issuanceStore: Pick<IssuanceStore, 'floor'>
}): Promise<Date> {
  const batches = await store.batches(0)
  const copies = batches.map(({ issued_at }) => issued_at)
  return new Date(Math.max(await issuanceStore.floor(VERIFIED_TIME), ...copies) * 1000)
}

/** Notes when a list that was verified was issued. */
export async function noteVerifiedTime(
  floors: Pick<IssuanceStore, 'raiseFloor'>,
  issuedAt: Date,
): Promise<void> {
  await floors.raiseFloor(VERIFIED_TIME, epochSeconds(issuedAt))
}

/**
 * How long an answer to a challenge is good for, counted from when the challenge was read: that needs no
 * clock that goes like the gate's. Rather too short: how long it had been shown by then is not known.
 *
 * @param challenge - Its `iat` and `exp`, as far as they are numbers.
 * @see docs/formats/nc1.md
 */
export function goodSeconds({
  iat,
  exp,
}: {
  readonly iat: unknown
  readonly exp: unknown
}): number {
  const isDated = typeof iat === 'number' && typeof exp === 'number'
  const seconds = isDated ? exp - iat - SHOWN_SECONDS : MOST_GOOD_SECONDS - SHOWN_SECONDS
  return Math.min(MOST_GOOD_SECONDS, Math.max(SHOWN_SECONDS, seconds))
}
