import {
  createEmptyStatusList,
  createStatusList,
  epochSeconds,
  type Signer,
  writeStatus,
} from '@netcert/credential'
import type { BatchStore } from './batch-store.js'
import { LIST_SIZE } from './index-permutation.js'
import type { ListStore, StoredStatusList } from './list-store.js'
import type { StatusPlaces } from './status-places.js'

/** How long a status list counts as fresh. */
export const STATUS_TTL_SECONDS = 12 * 3600
/** After this a list says nothing any more. */
export const STATUS_LIFETIME_SECONDS = 7 * 86_400

export type StatusPublicationParts = {
  readonly batches: BatchStore
  readonly lists: ListStore
  readonly places: StatusPlaces
  readonly signer: () => Promise<Signer>
  readonly clock: () => Date
}

/** One signed version of a status list. */
export type StatusListVersion = {
  readonly token: string
  /** Grows with each version of this list. */
  readonly version: number
  readonly issuedAt: Date
}

/**
 * Signs the state of one status list. Entries that nobody has are valid like most others, so a
 * list tells an outsider only how many are not.
 */
export async function signStatusList(
  parts: StatusPublicationParts,
  list: StoredStatusList,
): Promise<StatusListVersion> {
  const { batches, lists, places } = parts
  // The number is taken before the state is read: of two versions, the later sees no less.
  const version = await lists.nextVersion(list.list)
  const issuedAt = issueTime(parts.clock(), list)
  const statuses = createEmptyStatusList(list.bits === 1 ? 1 : 2, LIST_SIZE)
  for (const batch of await batches.notValid(list.list)) {
    for (let copy = 0; copy < batch.copies; copy++) {
      const place = { list: list.list, sequence: (batch.first_sequence ?? 0) + copy }
      writeStatus(statuses, places.indexOf(place), batch.status)
    }
  }
  const token = await createStatusList({
    uri: places.uriOf(list.list),
    bits: list.bits === 1 ? 1 : 2,
    entries: statuses.bytes,
    signer: await parts.signer(),
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + STATUS_LIFETIME_SECONDS * 1000),
    ttlSeconds: STATUS_TTL_SECONDS,
  })
  return { token, version, issuedAt }
}

/**
 * Now, but never before what was published: a verifier that saw a newer list refuses an older
 * one, and a clock set back must not keep a revocation from being believed.
 */
function issueTime(now: Date, list: StoredStatusList): Date {
  return new Date(Math.max(epochSeconds(now), list.published_at) * 1000)
}
