import { describe, expect, it } from 'vitest'
import { createIndexPermutation, LIST_SIZE } from './index-permutation.js'

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

describe('the index permutation of a status list', () => {
  it('gives every index of the list exactly once', () => {
    const permutation = createIndexPermutation(key(1))
    const seen = new Uint8Array(LIST_SIZE)
    for (let sequence = 0; sequence < LIST_SIZE; sequence++) {
      const index = permutation.indexOf(sequence)
      seen[index] = (seen[index] ?? 0) + 1
    }
    expect(seen.every((count) => count === 1)).toBe(true)
  })

  it('gives the same index for the same key, and another list another order', () => {
    const one = createIndexPermutation(key(1))
    const again = createIndexPermutation(key(1))
    const other = createIndexPermutation(key(2))
    const sequences = Array.from({ length: 1000 }, (_, sequence) => sequence)
    expect(sequences.map(one.indexOf)).toEqual(sequences.map(again.indexOf))
    const equal = sequences.filter((sequence) => one.indexOf(sequence) === other.indexOf(sequence))
    expect(equal.length).toBeLessThan(5)
  })

  it('spreads consecutive numbers evenly over the list', () => {
    const permutation = createIndexPermutation(key(3))
    const cells = Array.from({ length: 64 }, () => 0)
    const trials = 10_000
    for (let sequence = 0; sequence < trials; sequence++) {
      const cell = permutation.indexOf(sequence) >>> 14
      cells[cell] = cells[cell]! + 1
    }
    const expected = trials / 64
    const chiSquare = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 63 degrees of freedom: 99.9 % of uniform draws stay below 103.4.
    expect(chiSquare).toBeLessThan(103.4)
  })

  it('tells nothing of neighbours: the distance of consecutive indices is uniform too', () => {
    const permutation = createIndexPermutation(key(4))
    const cells = Array.from({ length: 64 }, () => 0)
    const trials = 10_000
    for (let sequence = 0; sequence < trials; sequence++) {
      const step = permutation.indexOf(sequence + 1) - permutation.indexOf(sequence)
      const cell = ((step + LIST_SIZE) % LIST_SIZE) >>> 14
      cells[cell] = cells[cell]! + 1
    }
    const expected = trials / 64
    const chiSquare = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    expect(chiSquare).toBeLessThan(103.4)
  })

  it('refuses a sequence number outside the list', () => {
    const permutation = createIndexPermutation(key(1))
    for (const sequence of [-1, LIST_SIZE, 0.5, Number.NaN]) {
      expect(() => permutation.indexOf(sequence)).toThrow(RangeError)
    }
  })

  it('refuses a key of another length', () => {
    expect(() => createIndexPermutation(new Uint8Array(16))).toThrow(TypeError)
  })
})
