import type { PinTries } from './lock-records.js'

const MINUTE = 60
/** Seconds to wait after that many wrong PINs in a row; the last holds for all that follow. */
const WAITS = [0, 0, 0, 0, 30, MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE] as const

export const NO_TRIES: PinTries = { failures: 0, waitUntil: 0 }

/**
 * Another try, written down before the PIN is looked at: closing the page in between wins nothing. A
 * browser cannot enforce this against whoever changes its storage; then scrypt alone stands in the way.
 *
 * @param now - seconds since 1970
 */
export function countTry({ failures }: PinTries, now: number): PinTries {
  const next = failures + 1
  return { failures: next, waitUntil: now + (WAITS[Math.min(next, WAITS.length - 1)] ?? 0) }
}

/**
 * Whether a PIN may be tried now. A wait longer than any there is means that the clock was set back since:
 * that locks nobody out for a year.
 */
export function mayTry({ failures, waitUntil }: PinTries, now: number): boolean {
  const longest = WAITS[Math.min(failures, WAITS.length - 1)] ?? 0
  return now >= waitUntil || waitUntil - now > longest
}
