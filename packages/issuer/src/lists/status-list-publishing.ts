import { epochSeconds } from '@netcert/credential'
import { writeAtomically } from '../atomic-file.js'
import { IssuerError } from '../issuer-error.js'
import type { StoredStatusList } from '../list-store.js'
import {
  signStatusList,
  type StatusPublicationParts,
  type StatusSnapshot,
  statusSnapshot,
} from '../status-publication.js'
import type { PublishedList, PublishedListStore } from './published-list-store.js'
import { RESIGN_SECONDS, tickOf } from './publishing-tick.js'

export type ListPublishingParts = StatusPublicationParts & {
  readonly published: PublishedListStore
  /** Length of a tick. */
  readonly tickSeconds: number
}

export type ListPublishing = {
  readonly file: string
  /** One version for each tick; otherwise the state of this moment. */
  readonly atTick: boolean
}

/** Anybody may read what is published, whatever the process's umask. */
const FILE_MODE = 0o644
/** A process that keeps meeting another publisher gives up after so many rounds. */
const PUBLISH_TRIES = 8

/**
 * Writes the version of a list that is to be public now; gives whether it was signed for this.
 *
 * Of two processes that publish at once the older version could be written last. Whoever finds a
 * newer one after writing writes once more, so the last file is never an older one.
 *
 * @throws IssuerError `publish_busy`, `signing_key_none`; what the disk says.
 */
export async function publishStatusList(
  parts: ListPublishingParts,
  list: StoredStatusList,
  { file, atTick }: ListPublishing,
): Promise<{ readonly signed: boolean }> {
  const { signed, ...current } = await currentStatusList(parts, list, atTick)
  let { version } = current
  for (let tries = 0; tries < PUBLISH_TRIES; tries++) {
    await writeAtomically(file, version.token, FILE_MODE)
    await parts.lists.putPublished(list.list, version.issued_at)
    const newest = await parts.published.get(list.list)
    if (newest === undefined || newest.version === version.version) return { signed }
    version = newest
  }
  throw busy()
}

/** A version of a list, and whether it was signed for this. */
export type CurrentStatusList = { readonly version: PublishedList; readonly signed: boolean }

/**
 * The version of this tick, or of this moment: the one that is there, or a new one.
 *
 * @throws IssuerError `publish_busy`, `signing_key_none`
 */
export async function currentStatusList(
  parts: ListPublishingParts,
  list: StoredStatusList,
  atTick: boolean,
): Promise<CurrentStatusList> {
  const { published, lists } = parts
  for (let tries = 0; tries < PUBLISH_TRIES; tries++) {
    const now = parts.clock()
    const tick = tickOf(now, parts.tickSeconds)
    const before = await published.get(list.list)
    if (atTick && before?.tick === tick) return { version: before, signed: false }
    // The number is taken before the state is read: of two versions, the later sees no less.
    const number = await lists.nextVersion(list.list)
    const snapshot = await statusSnapshot(parts, list)
    if (atTick && before !== undefined && isAsBefore(before, snapshot, now)) {
      await published.pass(list.list, tick)
      return { version: before, signed: false }
    }
    const issuedAt = issueTime(now, list, before)
    const version: PublishedList = {
      ...{ list: list.list, version: number, tick, content: snapshot.content },
      ...(await signStatusList(parts, list, { snapshot, issuedAt })),
    }
    if (await published.put(version, atTick)) return { version, signed: true }
    // Another process was quicker: with the version of this tick, or with one that saw no less.
    const newest = await published.get(list.list)
    const isEnough = atTick ? newest?.tick === tick : (newest?.version ?? 0) > number
    if (newest !== undefined && isEnough) return { version: newest, signed: false }
  }
  throw busy()
}

/** A tick in which nothing changed makes a new version by age alone. */
function isAsBefore(before: PublishedList, { content }: StatusSnapshot, now: Date): boolean {
  return before.content === content && epochSeconds(now) - before.issued_at < RESIGN_SECONDS
}

/**
 * Now, but never before what was published: a verifier that saw a newer list refuses an older
 * one, and a clock set back must not keep a revocation from being believed.
 */
function issueTime(now: Date, list: StoredStatusList, before: PublishedList | undefined): Date {
  return new Date(Math.max(epochSeconds(now), list.published_at, before?.issued_at ?? 0) * 1000)
}

function busy(): IssuerError {
  return new IssuerError('publish_busy', 'Other processes keep publishing; publish after them.')
}
