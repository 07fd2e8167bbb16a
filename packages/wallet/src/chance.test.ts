import { expect, test } from 'vitest'
import { randomBelow } from './chance.js'

test('draws every number below the bound about as often, and no other', () => {
  const counts = new Map<number, number>()
  for (let draw = 0; draw < 30_000; draw += 1) {
    const drawn = randomBelow(3)
    counts.set(drawn, (counts.get(drawn) ?? 0) + 1)
  }
  expect(new Set(counts.keys())).toEqual(new Set([0, 1, 2]))
  // Six standard deviations: once in a thousand million runs.
  const farthest = Math.max(...[...counts.values()].map((count) => Math.abs(count - 10_000)))
  expect(farthest).toBeLessThan(500)
})

test('draws nothing but 0 below 1', () => {
  expect(randomBelow(1)).toBe(0)
})
