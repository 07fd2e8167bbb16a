import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Vault } from '@netcert/agent'
import { writeAtomically } from './atomic-file.js'
import { ageOn, type CivilDate, civilDateAt } from './civil-date.js'
import { ageBand } from './person-claims.js'
import { openPersonRecord } from './person-record.js'
import type { PersonStore } from './person-store.js'

export type StatisticsParts = {
  readonly persons: Pick<PersonStore, 'page'>
  readonly vault: Vault
  readonly clock: () => Date
}

/** Facts whose combination can make somebody rare. */
const FACTS = ['age_band', 'residence_region', 'document_type'] as const
type Facts = Partial<Record<(typeof FACTS)[number], string>>

/** Counts are multiples of this; what would be less is left out. */
export const STATISTICS_STEP = 10
const FORMAT = 'netcert-statistics/1'
const PAGE = 1000
const FILE_MODE = 0o644

/**
 * Publishes how many enrolled people share a combination of facts, so that a wallet can tell its
 * holder when a combination is rare. Counts are rounded down to tens and made once a day: what one
 * enrolment adds is not seen.
 *
 * @see docs/formats/register.md
 */
export async function publishStatistics(parts: StatisticsParts, out: string): Promise<void> {
  const file = join(out, 'statistics.json')
  const today = civilDateAt(parts.clock())
  if ((await publishedDay(file)) === today) return
  const statistics = await countCombinations(parts, today)
  await writeAtomically(file, `${JSON.stringify(statistics, null, 2)}\n`, FILE_MODE)
}

type Statistics = {
  readonly format: string
  readonly as_of: string
  readonly persons: number
  readonly step: number
  readonly combinations: readonly { readonly facts: Facts; readonly count: number }[]
}

async function countCombinations(
  { persons, vault }: StatisticsParts,
  today: CivilDate,
): Promise<Statistics> {
  const counts = new Map<string, number>()
  let total = 0
  for (let after = ''; ; ) {
    const page = await persons.page(after, PAGE)
    for (const row of page) {
      const { birthdate, residenceRegion, documentType } = openPersonRecord(vault, row).person
      const facts = {
        age_band: ageBand(ageOn(birthdate, today)),
        residence_region: residenceRegion,
        document_type: documentType,
      }
      total += 1
      for (const key of combinationsOf(facts)) counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) break
    after = last.id
  }
  const combinations = [...counts]
    .map(([key, count]) => ({ facts: JSON.parse(key) as Facts, count: rounded(count) }))
    .filter(({ count }) => count > 0)
    // In an order that follows from the facts alone: that of the database would say who came first.
    .toSorted((one, other) => (JSON.stringify(one.facts) < JSON.stringify(other.facts) ? -1 : 1))
  return {
    format: FORMAT,
    as_of: today,
    persons: rounded(total),
    step: STATISTICS_STEP,
    combinations,
  }
}

/** Every combination of one, two and three facts, as keys. */
function combinationsOf(facts: Required<Facts>): string[] {
  const keys: string[] = []
  for (let chosen = 1; chosen < 2 ** FACTS.length; chosen++) {
    const names = FACTS.filter((_, at) => (chosen >> at) & 1)
    keys.push(JSON.stringify(Object.fromEntries(names.map((name) => [name, facts[name]]))))
  }
  return keys
}

function rounded(count: number): number {
  return Math.floor(count / STATISTICS_STEP) * STATISTICS_STEP
}

/** Day of the file that is there; a file that cannot be read is made anew. */
async function publishedDay(file: string): Promise<unknown> {
  try {
    const found: unknown = JSON.parse(await readFile(file, 'utf8'))
    return typeof found === 'object' && found !== null && 'as_of' in found ? found.as_of : null
  } catch {
    return null
  }
}
