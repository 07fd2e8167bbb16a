/** The pages' only clock and timers; everything else is given an instant or asks here. */

/** The clock of the device. */
export const now = (): Date => new Date()

/** Milliseconds since the page was opened; never set back, for lengths of time. */
export const elapsed = (): number => performance.now()

/** Stops what was started. */
export type Stop = () => void

/** Calls again and again until it is stopped. */
export function every(milliseconds: number, call: () => void): Stop {
  const timer = setInterval(call, milliseconds)
  return () => clearInterval(timer)
}

/** Calls once, unless it is stopped before. */
export function after(milliseconds: number, call: () => void): Stop {
  const timer = setTimeout(call, milliseconds)
  return () => clearTimeout(timer)
}
