import { isJsonArray, isJsonObject, memberOf, parseJson } from '@netcert/credential'
import type { HeldCopy } from '@netcert/protocol'

/** Facts of which an issuer publishes how many people share them. */
const COUNTED = ['age_band', 'residence_region', 'document_type'] as const

/** How many people share a combination of facts, as far as it was published. */
export type PublishedCounts = {
  /** Combinations that so many people share that they are counted at all. */
  readonly combinations: ReadonlySet<string>
}

/**
 * Reads `statistics.json`: counts of people by combinations of facts, rounded down, small ones left
 * out. It is not signed and decides nothing but a hint.
 *
 * @returns null for anything else.
 */
export function readPublishedCounts(text: string | null): PublishedCounts | null {
  if (text === null) return null
  try {
    const read = parseJson(text, { maxDepth: 8 })
    const listed = isJsonObject(read) ? memberOf(read, 'combinations') : undefined
    const isKnown = isJsonObject(read) && memberOf(read, 'format') === 'netcert-statistics/1'
    if (!isKnown || listed === undefined || !isJsonArray(listed)) return null
    const combinations = listed.flatMap((entry) => {
      const facts = isJsonObject(entry) ? memberOf(entry, 'facts') : undefined
      return facts !== undefined && isJsonObject(facts)
        ? [spell(new Map(Object.entries(facts)))]
        : []
    })
    return { combinations: new Set(combinations) }
  } catch {
    return null
  }
}

/**
 * Whether what is to be shown is shared by so few people that it says who somebody is: the floor is
 * that of the published counts. Without counts nothing is known, and nothing said.
 */
export function isRareCombination(
  counts: PublishedCounts | null,
  shown: HeldCopy['claims'],
): boolean {
  if (counts === null) return false
  const facts = new Map<string, unknown>()
  for (const { path, value } of shown) {
    const [name, member] = path
    const isCounted = path.length === 1 && COUNTED.some((counted) => counted === name)
    if (isCounted) facts.set(String(name), value)
    // Who is 18 is in the band of adults, and the other way round.
    const isAdult = name === 'age_equal_or_over' && member === '18' && value === true
    if (isAdult) facts.set('age_band', '18+')
  }
  return facts.size > 0 && !counts.combinations.has(spell(facts))
}

function spell(facts: ReadonlyMap<string, unknown>): string {
  const sorted = [...facts].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(sorted)
}
