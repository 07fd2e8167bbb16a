import { constants } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RootPin, Trust } from '@netcert/credential'
import { replaceFile } from './bounded-file.js'
import { VerifierError } from './errors.js'

/** The newest versions a verifier has seen; it never goes back behind them. */
export type TrustFloor = {
  /** Sequence number of the trust list. */
  readonly sequence: number
  /** Newest `iat` of any list, seconds since 1970. */
  readonly timeFloor: number
  /** `iat` of each status list, by its URI. */
  readonly statusLists: ReadonlyMap<string, number>
  /** Where the roots led to that followed the one that was set up; null before the first list. */
  readonly pin: FollowedPin | null
}

/** A pin, and the root that somebody set up; it counts for as long as that one is set up. */
export type FollowedPin = RootPin & { readonly from: string }

const NOTHING_SEEN: TrustFloor = { sequence: 0, timeFloor: 0, statusLists: new Map(), pin: null }

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
    statusLists,
    pin,
  }
}

/** Writes the floor where it rose: whole or not at all, and on disk when this resolves. */
export async function writeFloor(
  file: string | undefined,
  before: TrustFloor,
  floor: TrustFloor,
): Promise<void> {
  const text = encodeFloor(floor)
  if (file === undefined || text === encodeFloor(before)) return
  await replaceFile(file, text)
  const folder = await open(dirname(file), constants.O_RDONLY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function encodeFloor({ sequence, timeFloor, statusLists, pin }: TrustFloor): string {
  const lists = Object.fromEntries(statusLists)
  const content = { sequence, time_floor: timeFloor, status_lists: lists, root_pin: pin }
  return `${JSON.stringify(content, null, 2)}\n`
}

function parseFloor(file: string, text: string): TrustFloor {
  try {
    const value = JSON.parse(text) as Record<string, unknown>
    const { sequence, time_floor: timeFloor, status_lists: lists } = value
    if (!isCount(sequence) || !isCount(timeFloor) || typeof lists !== 'object' || lists === null) {
      throw new TypeError('not the form that is written here')
    }
    const entries = Object.entries(lists).filter((entry): entry is [string, number] =>
      isCount(entry[1]),
    )
    const pin = parsePin(value['root_pin'] ?? null)
    return { sequence, timeFloor, statusLists: new Map(entries), pin }
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
