import {
  createTrust,
  epochSeconds,
  followRoot,
  pinnedRoots,
  pinRoot,
  type StatusListRefusal,
  type Trust,
  withStatusDeltas,
  withStatusLists,
  withTrustList,
} from '@netcert/credential'
import {
  type AccreditationStatusLists,
  readAccreditationStatusList,
  withAccreditationStatus,
} from '@netcert/protocol'
import {
  assertPackFollows,
  type PackSource,
  type ReadPack,
  readPack,
  readPackText,
  type VerifiedPack,
  verifyPackManifest,
} from '@netcert/protocol/offline-pack'
import { type PackEntries, packEntriesOf } from './pack-entries.js'
import { type FollowedPin, NO_FLOOR, type PackFloor, type PackHolding } from './pack-holding.js'
import { packRefusal, packRefused } from './pack-refused.js'

/** The most that any policy grants past the end of a trust list; each verification decides again. */
const MAX_TRUST_LIST_GRACE_SECONDS = 7 * 86_400
/** Nothing from further ahead of the clock is taken in. */
const MAX_AHEAD_SECONDS = 86_400

/** Options of {@link takeInPack}. */
export type TakeInPackOptions = {
  readonly pack: PackSource
  /** What the packs before it amount to; null for the first one. */
  readonly held: PackHolding | null
  /** The root that was set up. A root that it announced is followed. */
  readonly rootDid: string
  readonly now: Date
  /**
   * For the first pack after a restart: the floor of the holding that was. What lies below it was taken
   * in before and is read again whatever the clock says; nothing that is older is.
   */
  readonly floor?: PackFloor | null
}

/**
 * Takes an offline pack in, whole or not at all. Its trust list is proven against the pinned root, its
 * maker by that list, and every entry by its hash and its own signature: whoever made or carried the
 * pack can withhold, and no more. Status lists are inflated when they are first read.
 *
 * The very pack that is at hand brings nothing: then this is `held`.
 *
 * @throws VerifierError `pack_malformed`, `pack_too_large`, `pack_root`, `pack_expired`,
 *   `pack_untrusted`, `pack_revoked_key`, `pack_key_window`, `pack_signature`, `pack_from_future`,
 *   `pack_other_issuer`, `pack_older`, `pack_base`, `pack_hash`, `pack_entry`
 * @see docs/formats/offline-pack.md
 */
export async function takeInPack(options: TakeInPackOptions): Promise<PackHolding> {
  try {
    const { pack, held } = options
    const read = await readPack(pack)
    if (held !== null && read.digest === held.standing.digest) return held
    return await takeIn(options, read)
  } catch (error) {
    throw packRefusal(error)
  }
}

async function takeIn(options: TakeInPackOptions, read: ReadPack): Promise<PackHolding> {
  const { pack, held, rootDid } = options
  const floor = held?.floor ?? options.floor ?? NO_FLOOR
  const now = readingTime(options, floor)
  const pin = floor.pin?.from === rootDid ? floor.pin : { ...pinRoot(rootDid), from: rootDid }
  const begun = await readTrustList(options, read, { floor, pin, now })
  const verified = await verifyPackManifest(read, { issuers: begun.issuers, now })
  assertPackFollows(verified, held?.standing ?? null, begun.issuers)
  if (held === null) assertAboveFloor(verified, floor)
  const entries = packEntriesOf(pack, verified)
  const trust = await takeLists(begun, entries, now)
  const accreditationStatus = await takeAccreditations(held, entries, { trust: begun, now })
  await entries.assertTypeMetadata()
  const { manifest, keyId, digest } = verified
  const { issuer, sequence, issuedAt, kind } = manifest
  const timeFloor = Math.max(trust.timeFloor, floor.timeFloor, epochSeconds(issuedAt))
  return {
    trust: { ...trust, timeFloor },
    accreditationStatus,
    ...{ seq: sequence, packKey: keyId, builtAt: issuedAt, kind },
    coverage: { ...listsOf(trust), entries: manifest.entries.length },
    floor: {
      sequence: trust.trustList.sequence,
      timeFloor,
      packs: { ...floor.packs, [keyId]: Math.max(sequence, floor.packs[keyId] ?? 0) },
      pin: { ...followRoot(pin, trust.trustList), from: rootDid },
    },
    standing: { issuer, sequence, issuedAt, keyId, digest },
  }
}

/**
 * The time by which a pack is read. A clock that stopped in a drawer must not lose what was taken in
 * before it did, so what lies below the floor is read again; nothing newer comes in by that.
 */
function readingTime({ held, now }: TakeInPackOptions, { timeFloor }: PackFloor): Date {
  if (held !== null) return now
  return new Date(Math.max(now.getTime(), (timeFloor - MAX_AHEAD_SECONDS) * 1000))
}

type Reading = { readonly floor: PackFloor; readonly pin: FollowedPin; readonly now: Date }

async function readTrustList(
  { pack, held }: TakeInPackOptions,
  { entries: [first] }: ReadPack,
  { floor, pin, now }: Reading,
): Promise<Trust> {
  if (first === undefined) throw new TypeError('a pack without a trust list was read')
  const list = {
    trustListToken: await readPackText(pack, first),
    rootDids: pinnedRoots(pin),
    now,
    graceSeconds: MAX_TRUST_LIST_GRACE_SECONDS,
  }
  return held === null
    ? createTrust({ ...list, minimumSequence: floor.sequence })
    : withTrustList(held.trust, list)
}

function assertAboveFloor({ manifest, keyId }: VerifiedPack, { packs }: PackFloor): void {
  if (manifest.sequence >= (packs[keyId] ?? 0)) return
  throw packRefused('pack_older', 'it is older than one that was taken in before')
}

async function takeLists(begun: Trust, entries: PackEntries, now: Date): Promise<Trust> {
  let trust = begun
  for await (const tokens of entries.texts('status-list')) {
    trust = wholly(await withStatusLists(trust, tokens, now, 'later'))
  }
  for await (const deltas of entries.texts('status-delta')) {
    trust = wholly(await withStatusDeltas(trust, deltas, now))
  }
  const held = new Set([...trust.issuers.values()].flatMap((it) => [...it.statusLists.keys()]))
  if (entries.lists.every((name) => held.has(name))) return trust
  throw packRefused('pack_entry', 'a status list is of another address than its entry names')
}

function wholly(taken: { readonly trust: Trust; readonly refused: readonly StatusListRefusal[] }) {
  const [first] = taken.refused
  if (first !== undefined) throw first.error
  return taken.trust
}

async function takeAccreditations(
  held: PackHolding | null,
  entries: PackEntries,
  { trust, now }: { readonly trust: Trust; readonly now: Date },
): Promise<AccreditationStatusLists> {
  const { registrars } = trust.trustList
  let lists: AccreditationStatusLists = held?.accreditationStatus ?? new Map()
  for await (const tokens of entries.texts('accreditation-status-list')) {
    for (const token of tokens) {
      const read = await readAccreditationStatusList(token, { registrars, now })
      lists = withAccreditationStatus(lists, read)
    }
  }
  return lists
}

function listsOf({ issuers }: Trust): { readonly lists: number; readonly issuers: number } {
  const uris = new Set([...issuers.values()].flatMap((issuer) => [...issuer.statusLists.keys()]))
  return { lists: uris.size, issuers: issuers.size }
}
