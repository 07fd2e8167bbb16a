import { epochSeconds } from '@netcert/credential'

/** Of an operator who says nothing else. */
export const PUBLISH_TICK_MINUTES = 60
/** A list is signed again when it is so old, so that it stays well inside the time it counts as fresh. */
export const RESIGN_SECONDS = 6 * 3600
/** A longer tick would let lists grow stale. */
export const MOST_TICK_MINUTES = RESIGN_SECONDS / 60

/**
 * The tick that `now` belongs to: the last full multiple of its length since 1970. What is revoked
 * between two ticks becomes public at the second, all of it at once.
 */
export function tickOf(now: Date, tickSeconds: number): number {
  return Math.floor(epochSeconds(now) / tickSeconds) * tickSeconds
}

/** Milliseconds from `now` to the next tick. */
export function untilNextTick(now: Date, tickSeconds: number): number {
  return (tickOf(now, tickSeconds) + tickSeconds) * 1000 - now.getTime()
}
