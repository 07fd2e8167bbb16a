/** What one trial found. */
export type Outcome = {
  readonly trial: string
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  /** Certificates and revocations that were acknowledged before the fault ended the work. */
  readonly acknowledged: number
  /** From the start of a process after the fault to its first acknowledgement. */
  readonly restartSeconds: number
}

/** Where a trial works: `seed` makes its times repeatable, `folder` is its own and empty. */
export type Place = { readonly folder: string; readonly number: number }

export type Trial = (place: Place) => Promise<Outcome>

/** A number between `least` and `most` that spreads evenly over the trials and is the same each run. */
export function spread({ number }: Place, least: number, most: number): number {
  const golden = 0.618033988749895
  return least + ((number * golden) % 1) * (most - least)
}
