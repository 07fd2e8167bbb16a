import { createHash } from 'node:crypto'

/** Repeatable numbers for synthetic data; never for anything secret. */
export type SampleRandom = {
  /** A whole number in [0, limit). */
  below(limit: number): number
  pick<Item>(items: readonly Item[]): Item
}

/** The generator sfc32, seeded from any text. */
export function createSampleRandom(seed: string): SampleRandom {
  const words = new Uint32Array(new Uint8Array(createHash('sha256').update(seed).digest()).buffer)
  let [a = 1, b = 2, c = 3, counter = 4] = words
  const next = (): number => {
    const sum = (a + b + counter) >>> 0
    counter = (counter + 1) >>> 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) >>> 0
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0
    return sum
  }
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit)
  return {
    below,
    pick(items) {
      const item = items[below(items.length)]
      if (item === undefined) throw new TypeError('there is nothing to pick from')
      return item
    },
  }
}
