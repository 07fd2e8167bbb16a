/** Chance that can be had again: the same seed gives the same frames and the same crowd. */
export type Chance = {
  /** At least 0, below 1. */
  readonly next: () => number
  readonly between: (low: number, high: number) => number
  /** Normal, mean 0, deviation 1. */
  readonly normal: () => number
}

/** Numbers of a normal distribution in even steps of chance: a frame needs a million of them. */
const bell = createBell(1 << 15)

function createBell(steps: number): Float32Array {
  const values = new Float32Array(steps)
  // The distribution's own sum, walked along in small steps, says at which value each part is reached.
  let [value, reached] = [-6, 0]
  for (let step = 0; step < steps; step += 1) {
    while (reached < (step + 0.5) / steps) {
      reached += (Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI)) * 1e-4
      value += 1e-4
    }
    values[step] = value
  }
  return values
}

/** sfc32 with a warm-up. Good enough for pictures and queues, and for nothing that must not be guessed. */
export function seededChance(seed: number): Chance {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, seed | 0, 1]
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 2 ** 32
  }
  for (let round = 0; round < 16; round += 1) next()
  const normal = (): number => bell[Math.floor(next() * bell.length)] ?? 0
  return { next, between: (low, high) => low + (high - low) * next(), normal }
}
