import { InvalidArgumentError } from 'commander'

/** A parser of an option that takes one of a few words, and says which one was probably meant. */
export function oneOf<T extends string>(...words: readonly T[]): (given: string) => T {
  return (given) => {
    const found = words.find((word) => word === given)
    if (found !== undefined) return found
    const near = closest(given, words)
    throw new InvalidArgumentError(
      `${near === undefined ? '' : `Did you mean ${near}? `}It is one of: ${words.join(', ')}.`,
    )
  }
}

/** A parser of an option that takes a whole number between two bounds. */
export function wholeNumber(least: number, most: number): (given: string) => number {
  return (given) => {
    const value = Number(given)
    if (/^\d{1,15}$/.test(given) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`)
  }
}

/** A parser of an option that takes a day, `YYYY-MM-DD`, that is not in the future: its noon. */
export function pastDay(given: string): Date {
  const noon = new Date(`${given}T12:00:00+08:00`)
  const written = /^\d{4}-\d{2}-\d{2}$/.test(given) && !Number.isNaN(noon.getTime())
  if (written && noon.toISOString().startsWith(given) && noon.getTime() - Date.now() < 86_400_000) {
    return noon
  }
  throw new InvalidArgumentError('It is a day that has come, written YYYY-MM-DD.')
}

/** A parser of an option that takes an instant in ISO 8601, with its offset. */
export function instant(given: string): Date {
  const at = new Date(given)
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$/.test(given) && !Number.isNaN(at.getTime()))
    return at
  throw new InvalidArgumentError('It is an instant, written 2026-11-01T00:00:00Z.')
}

/** The word nearest to what was typed, when it is near: at most a third of it differs. */
export function closest(given: string, words: readonly string[]): string | undefined {
  const typed = given.slice(0, 64).toLowerCase()
  const [best] = words
    .map((word) => ({ word, distance: editDistance(typed, word.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  if (best === undefined) return undefined
  return best.distance <= Math.max(1, Math.floor(best.word.length / 3)) ? best.word : undefined
}

/** Insertions, deletions and replacements between two short words. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
