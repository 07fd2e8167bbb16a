import { createHash } from 'node:crypto'
import {
  createEmptyStatusList,
  createStatusList,
  epochSeconds,
  type Signer,
  STATUS_VALID,
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

/** The state of a list at one moment. */
export type StatusSnapshot = {
  readonly bytes: Uint8Array
  readonly signer: Signer
  /** SHA-256 over the signing key and the entries, base64url: the same when a list would say the same. */
  readonly content: string
}

/** What becomes of a list when it is signed; times in seconds since 1970. */
export type SignedStatusList = {
  readonly token: string
  readonly issued_at: number
  readonly expires_at: number
}

/**
 * Reads the state of one status list. Entries that nobody has are valid like most others, so a list
 * tells an outsider only how many are not.
 *
 * @throws IssuerError `signing_key_none`, `key_missing`.
 */
export async function statusSnapshot(
  { batches, places, signer: openSigner }: StatusPublicationParts,
  list: StoredStatusList,
): Promise<StatusSnapshot> {
  const statuses = beginning(places, list)
  for (const batch of await batches.notValid(list.list)) {
    for (let copy = 0; copy < batch.copies; copy++) {
      const place = { list: list.list, sequence: (batch.first_sequence ?? 0) + copy }
      writeStatus(statuses, places.indexOf(place), batch.status)
    }
  }
  const { bytes } = statuses
  const signer = await openSigner()
  const content = createHash('sha256').update(`${signer.keyId}\n`).update(bytes).digest('base64url')
  return { bytes, signer, content }
}

/** Signs one version of a list. */
export async function signStatusList(
  { places }: StatusPublicationParts,
  list: StoredStatusList,
  { snapshot, issuedAt }: { readonly snapshot: StatusSnapshot; readonly issuedAt: Date },
): Promise<SignedStatusList> {
  const expiresAt = new Date(issuedAt.getTime() + STATUS_LIFETIME_SECONDS * 1000)
  const token = await createStatusList({
    uri: places.uriOf(list.list),
    bits: bitsOf(list),
    entries: snapshot.bytes,
    signer: snapshot.signer,
    issuedAt,
    expiresAt,
    ttlSeconds: STATUS_TTL_SECONDS,
  })
  return { token, issued_at: epochSeconds(issuedAt), expires_at: epochSeconds(expiresAt) }
}

/** Every entry valid; of a list that a restore closed, all those revoked that nobody knows of. */
function beginning(places: StatusPlaces, list: StoredStatusList) {
  const statuses = createEmptyStatusList(bitsOf(list), LIST_SIZE)
  const { list: number, closed_from: closedFrom } = list
  if (closedFrom === null) return statuses
  statuses.bytes.fill(bitsOf(list) === 1 ? 0xff : 0x55)
  for (let sequence = 0; sequence < closedFrom; sequence++) {
    writeStatus(statuses, places.indexOf({ list: number, sequence }), STATUS_VALID)
  }
  return statuses
}

function bitsOf({ bits }: StoredStatusList): 1 | 2 {
  return bits === 1 ? 1 : 2
}
