/**
 * How far chance may go. With these, a run in which nothing leaks fails about once in a hundred
 * thousand: each of some two hundred measures is allowed one false alarm in about twenty million.
 */
export const MOST_DEVIATIONS = 5.5
const FALSE_ALARM = 5e-8

/**
 * The least number of right guesses that chance does not explain, where it gives `expected` of them.
 *
 * A matcher that knows nothing hits in each group as often as a random permutation has fixed points:
 * once, and no moment of that number exceeds Poisson's. So Chernoff's bound for Poisson holds:
 * P(X >= t) <= e^-m (em/t)^t.
 */
export function leastSuspicious(expected: number): number {
  for (let hits = Math.ceil(expected) + 1; ; hits += 1) {
    const exponent = hits - expected + hits * Math.log(expected / hits)
    if (exponent < Math.log(FALSE_ALARM)) return hits
  }
}

/** Standard deviations of a share of `trials` fair tosses. */
export function deviationsOfShare(share: number, trials: number): number {
  return (share - 0.5) / (0.5 / Math.sqrt(trials))
}
