import { leastSuspicious, MOST_DEVIATIONS } from './bounds.js'
import type { Leaves } from './leaves.js'

/** What one platform has of one person, and what it was told about them. */
export type Dossier = {
  readonly leaves: Leaves
  /** The facts that were disclosed: within equal ones nobody shall be told apart. */
  readonly facts: string
  /** Which of the platform's visitors this was, in order. */
  readonly arrival: number
}

/** How alike two dossiers are by one measure; more is more alike. */
type Likeness = (left: number, right: number) => number

export type Finding = {
  readonly matcher: string
  /** Right guesses, of how many that chance gives, and from how many on it is no chance. */
  readonly hits: number
  readonly expected: number
  readonly suspicious: number
  /** Of the mean rank of the right one from the middle. */
  readonly deviations: number
}

const MOST_COMMON = 8

/**
 * Tries to join the dossiers of two platforms: `left[i]` and `right[i]` are one person, which the
 * matchers are not told. Every measure guesses by itself, and all together once more.
 */
export function findMatches(left: readonly Dossier[], right: readonly Dossier[]): Finding[] {
  const groups = groupsOf(left, right)
  return matchersOf(left, right).map(([matcher, likeness]) => judge(matcher, likeness, groups))
}

export function isSuspicious({ hits, suspicious, deviations }: Finding): boolean {
  return hits >= suspicious || Math.abs(deviations) > MOST_DEVIATIONS
}

/** People with equal facts; those who are alone with theirs are known anyway. */
function groupsOf(left: readonly Dossier[], right: readonly Dossier[]): number[][] {
  const groups = new Map<string, number[]>()
  for (const [person, { facts }] of left.entries()) {
    if (facts !== right[person]?.facts) throw new Error('one person told two platforms two things')
    groups.set(facts, [...(groups.get(facts) ?? []), person])
  }
  return [...groups.values()].filter((group) => group.length > 1)
}

function judge(matcher: string, likeness: Likeness, groups: readonly number[][]): Finding {
  let [hits, ranks, people, variance] = [0, 0, 0, 0]
  for (const group of groups) {
    for (const person of group) {
      const right = likeness(person, person)
      let [better, equal] = [0, 0]
      for (const other of group) {
        const score = likeness(person, other)
        if (score > right) better += 1
        else if (score === right && other !== person) equal += 1
      }
      // One of several best ones is guessed: counted with its chance of being the right one.
      if (better === 0) hits += 1 / (1 + equal)
      ranks += (better + equal / 2) / (group.length - 1)
      variance += (group.length + 1) / (12 * (group.length - 1))
      people += 1
    }
  }
  const deviations = (people / 2 - ranks) / Math.sqrt(variance)
  const expected = groups.length
  return { matcher, hits, expected, suspicious: leastSuspicious(expected), deviations }
}

function matchersOf(left: readonly Dossier[], right: readonly Dossier[]) {
  const [xs, ys] = [fieldsOf(left), fieldsOf(right)]
  const shared = sharedTokens(left, right)
  const bytes = sharedWindows(left, right)
  const matchers: [string, Likeness][] = [
    ['equal values', shared],
    ['equal bytes', bytes],
  ]
  const diagonal: Likeness[] = []
  for (const [field, x] of xs) {
    for (const [other, y] of ys) {
      const near: Likeness = (i, j) => -Math.abs((x[i] ?? 0) - (y[j] ?? 0))
      matchers.push([`${field} near ${other}`, near])
      if (field !== other) continue
      matchers.push([`${field} at the usual distance`, atUsualDistance(x, y)])
      const spread = spreadOf(x)
      diagonal.push((i, j) => near(i, j) / spread)
    }
  }
  const all: Likeness = (i, j) =>
    shared(i, j) + bytes(i, j) + diagonal.reduce((sum, near) => sum + near(i, j), 0)
  return [...matchers, ['all together', all] as const]
}

/** Numbers that everybody has and in which people differ, each way of telling them apart once. */
function fieldsOf(dossiers: readonly Dossier[]): Map<string, Float64Array> {
  const kept = new Map<string, Float64Array>()
  for (const field of ['arrival', ...(dossiers[0]?.leaves.numbers.keys() ?? [])]) {
    const values = Float64Array.from(dossiers, (dossier) => numberAt(dossier, field))
    const isConstant = values.every((value) => value === values[0])
    const isKept = [...kept.values()].some((other) => isShifted(values, other))
    if (!isConstant && !isKept && !values.includes(Number.NaN)) kept.set(field, values)
  }
  return kept
}

/** An end thirty days after each beginning tells no more than the beginning does. */
function isShifted(values: Float64Array, other: Float64Array): boolean {
  const shift = (values[0] ?? 0) - (other[0] ?? 0)
  return values.every((value, at) => value - (other[at] ?? 0) === shift)
}

function numberAt({ arrival, leaves }: Dossier, field: string): number {
  return field === 'arrival' ? arrival : (leaves.numbers.get(field) ?? Number.NaN)
}

function spreadOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1
}

/** Whatever is counted up for a person lies at one distance, whichever that is. */
function atUsualDistance(xs: Float64Array, ys: Float64Array): Likeness {
  const counts = new Map<number, number>()
  for (const x of xs) for (const y of ys) counts.set(y - x, (counts.get(y - x) ?? 0) + 1)
  const [usual] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0])
  return (i, j) => ((ys[j] ?? 0) - (xs[i] ?? 0) === usual ? 1 : 0)
}

/** The rarer a value that both have, the more it says. */
function sharedTokens(left: readonly Dossier[], right: readonly Dossier[]): Likeness {
  const owners = new Map<string, { readonly left: number[]; readonly right: number[] }>()
  for (const [side, dossiers] of Object.entries({ left, right }) as ['left', typeof left][]) {
    for (const [person, { leaves }] of dossiers.entries()) {
      for (const token of leaves.tokens) {
        const owned = owners.get(token) ?? { left: [], right: [] }
        owned[side].push(person)
        owners.set(token, owned)
      }
    }
  }
  const scores = new Float64Array(left.length * right.length)
  for (const owned of owners.values()) {
    const count = owned.left.length + owned.right.length
    // What everybody has says nothing, and adding it up would take the longest.
    if (owned.left.length === 0 || owned.right.length === 0 || count > left.length) continue
    const weight = Math.log((2 * left.length) / count)
    for (const i of owned.left) {
      for (const j of owned.right) scores[i * right.length + j]! += weight
    }
  }
  return (i, j) => scores[i * right.length + j] ?? 0
}

/** Runs of bytes that hardly anybody else has, wherever they stand. */
function sharedWindows(left: readonly Dossier[], right: readonly Dossier[]): Likeness {
  const scores = new Float64Array(left.length * right.length)
  const [theirs, ours] = [sorted(left), sorted(right)]
  let at = 0
  for (let from = 0; from < theirs.length; ) {
    const window = windowOf(theirs[from] ?? 0)
    const to = endOf(theirs, from, window)
    while (at < ours.length && windowOf(ours[at] ?? 0) < window) at += 1
    const end = endOf(ours, at, window)
    if (end - at <= MOST_COMMON && to - from <= MOST_COMMON) {
      for (const i of theirs.subarray(from, to)) {
        for (const j of ours.subarray(at, end)) {
          scores[(i % PEOPLE) * right.length + (j % PEOPLE)]! += 1
        }
      }
    }
    from = to
  }
  return (i, j) => scores[i * right.length + j] ?? 0
}

/** A window of 40 bits and whose it is, in one number that still is exact. */
const PEOPLE = 2 ** 13
const windowOf = (packed: number) => Math.floor(packed / PEOPLE)

function sorted(dossiers: readonly Dossier[]): Float64Array {
  const packed = dossiers.flatMap(({ leaves }, person) =>
    Array.from(leaves.windows, (window) => window * PEOPLE + person),
  )
  return Float64Array.from(packed).sort()
}

function endOf(packed: Float64Array, from: number, window: number): number {
  let to = from
  while (to < packed.length && windowOf(packed[to] ?? 0) === window) to += 1
  return to
}
