import sqlite3 from 'sqlite3'
import {
  type BlindPoint,
  encodePoint,
  hashToPoint,
} from '../../packages/credential/src/blind-point.js'
import { deviationsOfShare, MOST_DEVIATIONS } from './bounds.js'

/** One request for a platform's copy, with all the issuer has and knows about it. */
export type Seen = {
  readonly citizen: string
  /** What the test knows and the issuer must not find out. */
  readonly platform: 0 | 1
  readonly numbers: ReadonlyMap<string, number>
  readonly tokens: ReadonlySet<string>
}

/** What the issuer is told, as it arrives. */
export type Asked = {
  readonly person: number
  readonly citizen: string
  readonly platform: 0 | 1
  /** Seconds since 1970. */
  readonly at: number
  /** The Credential Request, key proof aside: what is in there is the wallet's own key. */
  readonly request: string
  readonly b: string
  readonly credential: string
  /** Every row of the issuer's database about this batch. */
  readonly rows: readonly Row[]
}

export type Row = Readonly<Record<string, unknown>>

export type Clue = { readonly clue: string; readonly requests: number; readonly deviations: number }

const DAY = 86_400
/** A clue that fewer requests have is too rare to say anything. */
const LEAST_REQUESTS = 12
/** Blindings that the issuer tries, since platforms are public and small numbers are few. */
const TRIED = 256

export const isTelling = ({ deviations }: Clue) => Math.abs(deviations) > MOST_DEVIATIONS

/** Every row that names the batch, with its table. */
export async function rowsOf(
  file: string,
  batches: ReadonlySet<string>,
): Promise<Map<string, Row[]>> {
  const database = new sqlite3.Database(file, sqlite3.OPEN_READONLY)
  const all = (sql: string) =>
    new Promise<Row[]>((resolve, reject) => {
      database.all(sql, (error: Error | null, rows: Row[]) =>
        error ? reject(error) : resolve(rows),
      )
    })
  const found = new Map<string, Row[]>()
  const tables = await all(`SELECT name FROM sqlite_master WHERE type = 'table'`)
  for (const { name } of tables) {
    for (const [position, row] of (await all(`SELECT * FROM "${String(name)}"`)).entries()) {
      const batch = Object.values(row).find((value) => isText(value) && batches.has(value))
      if (!isText(batch)) continue
      const known = { ...row, position }
      const named = Object.entries(known).map(([column, value]) => [
        `${String(name)}.${column}`,
        value,
      ])
      found.set(batch, [...(found.get(batch) ?? []), Object.fromEntries(named)])
    }
  }
  await new Promise<void>((resolve) => database.close(() => resolve()))
  return found
}

const isText = (value: unknown): value is string => typeof value === 'string'

/** What can be read off a request, its time, its point and its rows. */
export function seenBy(asked: readonly Asked[], platformIds: readonly [string, string]): Seen[] {
  const guesses = smallBlindings(platformIds)
  const before = new Map<string, number>()
  return asked.map((one, order) => {
    const previous = before.get(one.citizen)
    before.set(one.citizen, one.at)
    const bytes = Buffer.from(one.b, 'base64url')
    const numbers = new Map<string, number>([
      ['order', order],
      ['time', one.at],
      ['time of day', one.at % DAY],
      ['second', one.at % 60],
      ['request length', one.request.length],
      ['certificate length', one.credential.length],
      ['x of the point', bytes.readUIntBE(1, 6)],
      ...(previous === undefined ? [] : [['since the last', one.at - previous] as const]),
    ])
    const tokens = new Set([
      `day ${Math.floor(one.at / DAY) % 7}`,
      `hour ${Math.floor((one.at % DAY) / 3600)}`,
      previous === undefined ? 'the first of this person' : 'a later one of this person',
      `sign ${bytes[0] ?? 0}`,
      `point ${one.b}`,
      `guess ${guesses.get(one.b) ?? 'none'}`,
      ...Array.from(bytes.subarray(1), (byte, at) => `bit ${at} ${byte & 1}`),
      ...one.request.split(/[",:{}]+/),
    ])
    for (const row of one.rows) {
      for (const [column, value] of Object.entries(row)) {
        if (typeof value === 'number') numbers.set(column, value)
        tokens.add(`${column}=${String(value)}`)
      }
    }
    return { citizen: one.citizen, platform: one.platform, numbers, tokens }
  })
}

/** Multiples of both platforms' points that a weak wallet might blind with, and their negatives. */
function smallBlindings(platformIds: readonly [string, string]): Map<string, string> {
  const known = new Map<string, string>()
  for (const [at, id] of platformIds.entries()) {
    const step = hashToPoint(new TextEncoder().encode(id))
    let point: BlindPoint = step
    for (let count = 0; count < TRIED; count += 1, point = point.add(step)) {
      known.set(encodePoint(point), `platform ${at}`)
      known.set(encodePoint(point.negate()), `platform ${at}`)
    }
  }
  return known
}

/** Whether anything seen goes with the platform: every number, every value, and within each person. */
export function findClues(seen: readonly Seen[]): Clue[] {
  return [...cluesOfTokens(seen), ...cluesOfNumbers(seen), ...cluesWithinPersons(seen)]
}

function cluesOfTokens(seen: readonly Seen[]): Clue[] {
  const counts = new Map<string, [number, number]>()
  for (const { tokens, platform } of seen) {
    for (const token of tokens) {
      const count = counts.get(token) ?? [0, 0]
      count[platform] += 1
      counts.set(token, count)
    }
  }
  return [...counts]
    .filter(([, [left, right]]) => left + right >= LEAST_REQUESTS && left + right < seen.length)
    .map(([clue, [left, right]]) => {
      const requests = left + right
      return { clue, requests, deviations: deviationsOfShare(left / requests, requests) }
    })
}

/** The rank sum of Wilcoxon: whether the requests for one platform stand higher. */
function cluesOfNumbers(seen: readonly Seen[]): Clue[] {
  return namesOf(seen).map((name) => {
    const having = seen.filter(({ numbers }) => numbers.has(name))
    const values = having.map(({ numbers }) => numbers.get(name) ?? 0)
    const ranks = ranksOf(values)
    const left = having.flatMap(({ platform }, at) => (platform === 0 ? [ranks[at] ?? 0] : []))
    const [m, n] = [left.length, having.length - left.length]
    const sum = left.reduce((total, rank) => total + rank, 0)
    const spread = Math.sqrt((m * n * (m + n + 1)) / 12) || 1
    return { clue: name, requests: m + n, deviations: (sum - (m * (m + n + 1)) / 2) / spread }
  })
}

/** Of the two requests of one person: which has the larger number. */
function cluesWithinPersons(seen: readonly Seen[]): Clue[] {
  const persons = new Map<string, Map<0 | 1, Seen>>()
  for (const one of seen) {
    const both = persons.get(one.citizen) ?? new Map<0 | 1, Seen>()
    persons.set(one.citizen, both.set(one.platform, one))
  }
  return namesOf(seen).flatMap((name) => {
    let [higher, different] = [0, 0]
    for (const both of persons.values()) {
      const [left, right] = [both.get(0)?.numbers.get(name), both.get(1)?.numbers.get(name)]
      if (left === undefined || right === undefined || left === right) continue
      different += 1
      if (left > right) higher += 1
    }
    if (different < LEAST_REQUESTS) return []
    const deviations = deviationsOfShare(higher / different, different)
    return [{ clue: `${name}, within a person`, requests: different, deviations }]
  })
}

function namesOf(seen: readonly Seen[]): string[] {
  return [...new Set(seen.flatMap(({ numbers }) => [...numbers.keys()]))]
}

/** Ranks from one; equal values share the middle of theirs. */
function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, at) => at).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const ranks = Array.from<number>({ length: values.length }).fill(0)
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to += 1
    for (let at = from; at < to; at += 1) ranks[order[at] ?? 0] = (from + to + 1) / 2
    from = to
  }
  return ranks
}
