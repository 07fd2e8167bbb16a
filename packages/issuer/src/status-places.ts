import type { Vault } from '@netcert/agent'
import type { StatusReference } from '@netcert/credential'
import { createIndexPermutation, type IndexPermutation } from './index-permutation.js'
import type { ListStore } from './list-store.js'
import { createSequenceBlocks, type StatusPlace } from './sequence-blocks.js'

/** Where certificates stand on the status lists of this issuer. */
export type StatusPlaces = {
  /** A place that nobody else has or will have. */
  take(): Promise<StatusPlace>
  /** What a certificate says of its place. */
  reference(place: StatusPlace): StatusReference
  /** The index of a place: unpredictable without the issuer's key. */
  indexOf(place: StatusPlace): number
  /** Where a list is published: `<base_url>/status/<list>`. */
  uriOf(list: number): string
}

/** Round tables of a list take 16 KiB; an issuer has one list open and signs a few old ones. */
const KEPT_PERMUTATIONS = 8

export function createStatusPlaces(options: {
  readonly lists: Pick<ListStore, 'takeSequences'>
  readonly vault: Vault
  readonly baseUrl: string
}): StatusPlaces {
  const { lists, vault, baseUrl } = options
  const blocks = createSequenceBlocks(lists)
  const permutations = new Map<number, IndexPermutation>()
  const permutationOf = (list: number): IndexPermutation => {
    const kept = permutations.get(list)
    if (kept !== undefined) return kept
    const key = vault.deriveKey(`netcert/issuer/status-index/v1/${list}`)
    const permutation = createIndexPermutation(key)
    const [oldest] = permutations.keys()
    if (permutations.size >= KEPT_PERMUTATIONS && oldest !== undefined) permutations.delete(oldest)
    permutations.set(list, permutation)
    return permutation
  }
  const uriOf = (list: number): string => `${baseUrl}/status/${list}`
  const indexOf = ({ list, sequence }: StatusPlace): number => permutationOf(list).indexOf(sequence)
  return {
    take: () => blocks.take(),
    reference: (place) => ({ uri: uriOf(place.list), index: indexOf(place) }),
    indexOf,
    uriOf,
  }
}
