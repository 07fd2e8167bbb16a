import type { Chance } from '../chance.js'

/**
 * How a crowd comes: how dense each twelfth of the time is beside the others. Most come in the middle
 * third; a fifth comes late. An assumption: venues count it at their doors, and each match has its own.
 */
export const matchDay = [2, 3, 5, 7, 10, 12, 14, 14, 12, 10, 7, 4] as const

/** People who come evenly. */
export const even = [1] as const

/** When each of `people` comes within `seconds`, sorted; each by themselves, as the curve has it. */
export function drawArrivals(
  people: number,
  seconds: number,
  curve: readonly number[],
  chance: Chance,
): Float64Array {
  const whole = curve.reduce((sum, part) => sum + part, 0)
  const draw = () => {
    let rest = chance.next() * whole
    for (const [at, part] of curve.entries()) {
      if (rest < part) return ((at + rest / part) / curve.length) * seconds
      rest -= part
    }
    return seconds
  }
  return Float64Array.from({ length: people }, draw).sort()
}
