/** Whole seconds since 1970, the form in which the store keeps instants. */
export function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
