import { hkdfSync } from 'node:crypto'

/** Every status list has 2^20 entries, whoever is on it: the herd a certificate hides in. */
export const LIST_SIZE = 2 ** 20

const ROUNDS = 8
const HALF_BITS = 10
const HALF_SIZE = 1 << HALF_BITS
const HALF_MASK = HALF_SIZE - 1

/** A secret bijection of [0, 2^20): which status index a sequence number stands at. */
export type IndexPermutation = {
  /** @throws RangeError when `sequence` is no integer in [0, 2^20). */
  indexOf(sequence: number): number
}

/**
 * The keyed permutation of one status list: a balanced Feistel network of 8 rounds over 20 bits.
 * The database counts upwards and never gives a number twice; a bijection of such numbers never
 * gives an index twice either, and without the key neighbours say nothing of each other.
 *
 * The round functions are tables of random 10-bit values, expanded from the key once a list, so
 * that an index costs eight look-ups.
 *
 * @param key - 32 secret bytes, another for each list.
 */
export function createIndexPermutation(key: Uint8Array): IndexPermutation {
  if (key.length !== 32) throw new TypeError('an index permutation needs a key of 32 bytes')
  const tables = Array.from({ length: ROUNDS }, (_, round) => roundTable(key, round))
  return {
    indexOf(sequence) {
      if (!Number.isInteger(sequence) || sequence < 0 || sequence >= LIST_SIZE) {
        throw new RangeError('a sequence number of a status list lies in [0, 2^20)')
      }
      let left = sequence >>> HALF_BITS
      let right = sequence & HALF_MASK
      for (const table of tables) {
        const next = left ^ ((table[right] ?? 0) & HALF_MASK)
        left = right
        right = next
      }
      return (left << HALF_BITS) | right
    },
  }
}

function roundTable(key: Uint8Array, round: number): Uint16Array {
  const info = `netcert/status-index/v1/round/${round}`
  return new Uint16Array(hkdfSync('sha256', key, new Uint8Array(0), info, HALF_SIZE * 2))
}
