/** The page's only clock and timers; everything else is given an instant or asks here. */

/** The clock of the device. */
export const now = (): Date => new Date()

/** Calls once after this time; what is returned calls it off. */
export function after(milliseconds: number, call: () => void): () => void {
  const timer = setTimeout(call, milliseconds)
  return () => clearTimeout(timer)
}

/** Calls again and again until it is called off. */
export function every(milliseconds: number, call: () => void): () => void {
  const timer = setInterval(call, milliseconds)
  return () => clearInterval(timer)
}
