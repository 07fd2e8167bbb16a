/** Whole seconds since 1970, the form in which claims and stores keep instants. */
export function epochSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000)
}
