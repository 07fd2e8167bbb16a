import { constants } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Trust } from '@netcert/credential'
import { replaceFile } from './bounded-file.js'
import { VerifierError } from './errors.js'
import { type FollowedPin, NO_FLOOR, type PackFloor } from './offline-pack/pack-holding.js'

/** The newest versions a verifier has seen; it never goes back behind them. */
export type TrustFloor = PackFloor & {
  /** `iat` of each status list, by its URI. */
  readonly statusLists: ReadonlyMap<string, number>
}

const NOTHING_SEEN: TrustFloor = { ...NO_FLOOR, statusLists: new Map() }

/**
 * Reads the floor; without a file nothing was seen yet.
 *
 * @throws VerifierError `trust_state_unreadable`: starting from nothing would let old lists back in
 */
export async function readFloor(file: string | undefined): Promise<TrustFloor> {
  if (file === undefined) return NOTHING_SEEN
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw unreadable(file, cause)
  })
  return text === null ? NOTHING_SEEN : parseFloor(file, text)
}

/** The floor under everything that `trust` holds and `before` knew. */
export function floorOf(trust: Trust, before: TrustFloor, pin: FollowedPin): TrustFloor {
  const statusLists = new Map(before.statusLists)
  for (const issuer of trust.issuers.values()) {
    for (const [uri, { issuedAt }] of issuer.statusLists) {
      statusLists.set(uri, Math.max(issuedAt, statusLists.get(uri) ?? 0))
    }
  }
  return {
    sequence: Math.max(trust.trustList.sequence, before.sequence),
    timeFloor: Math.max(trust.timeFloor, before.timeFloor),
    packs: before.packs,
    statusLists,
    pin,
  }
}

/** The same floor where it lies higher than the one that packs have led to. */
export function raisedBy(packs: PackFloor, before: TrustFloor): TrustFloor {
  const newest = { ...before.packs }
  for (const [key, seq] of Object.entries(packs.packs)) {
    newest[key] = Math.max(seq, newest[key] ?? 0)
  }
  return {
    sequence: Math.max(packs.sequence, before.sequence),
    timeFloor: Math.max(packs.timeFloor, before.timeFloor),
    packs: newest,
    statusLists: before.statusLists,
    // The newer trust list knows where the roots have led to.
    pin: before.pin !== null && before.sequence > packs.sequence ? before.pin : packs.pin,
  }
}

/** Raises the floor in a file by what packs have led to. @throws As {@link readFloor} */
export async function raiseFloor(file: string | undefined, packs: PackFloor): Promise<void> {
  const before = await readFloor(file)
  await writeFloor(file, before, raisedBy(packs, before))
}

/** The floor in a file, for whoever holds packs themselves; undefined: nothing is kept. */
export const packFloors: {
  readonly read: (file: string | undefined) => Promise<PackFloor>
  readonly raise: (file: string | undefined, packs: PackFloor) => Promise<void>
} = { read: readFloor, raise: raiseFloor }

/** Writes the floor where it rose: whole or not at all, and on disk when this resolves. */
export async function writeFloor(
  file: string | undefined,
  before: TrustFloor,
  floor: TrustFloor,
): Promise<void> {
  const text = encodeFloor(floor)
  if (file === undefined || text === encodeFloor(before)) return
  await replaceFile(file, text)
  await syncFolder(dirname(file))
}

/** Makes sure that what was put into a folder is on disk under its name. */
export async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, constants.O_RDONLY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** The text of a floor in a file. */
export function encodeFloor({ sequence, timeFloor, packs, statusLists, pin }: TrustFloor): string {
  const lists = Object.fromEntries(statusLists)
  const content = { sequence, time_floor: timeFloor, packs, status_lists: lists, root_pin: pin }
  return `${JSON.stringify(content, null, 2)}\n`
}

function parseFloor(file: string, text: string): TrustFloor {
  try {
    const value = JSON.parse(text) as Record<string, unknown>
    const { sequence, time_floor: timeFloor, status_lists: lists } = value
    if (!isCount(sequence) || !isCount(timeFloor) || typeof lists !== 'object' || lists === null) {
      throw new TypeError('not the form that is written here')
    }
    const pin = parsePin(value['root_pin'] ?? null)
    // A file from before there were packs knows of none.
    const packs = Object.fromEntries(countsOf(value['packs'] ?? {}))
    return { sequence, timeFloor, packs, statusLists: new Map(countsOf(lists)), pin }
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

/** A pin that cannot be read is no pin to begin anew with: the old root could come back. */
function parsePin(value: unknown): FollowedPin | null {
  if (value === null) return null
  const { from, root, next } = Object(value) as Record<string, unknown>
  const isNext = next === null || typeof next === 'string'
  if (typeof from === 'string' && typeof root === 'string' && isNext) return { from, root, next }
  throw new TypeError('not the form that is written here')
}

function countsOf(value: object): readonly (readonly [string, number])[] {
  return Object.entries(value).filter((entry): entry is [string, number] => isCount(entry[1]))
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function unreadable(file: string, cause: unknown): VerifierError {
  return new VerifierError(
    'trust_state_unreadable',
    `${file} cannot be read; restore it, or delete it and make sure that the published lists are the newest.`,
    { cause },
  )
}
