import { describe, expect, it } from 'vitest'
import { createAttemptLimits } from './attempt-limits.js'

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21) + seconds * 1000)

describe('limits of attempts', () => {
  it('let so many pass in a window, and again in the next', () => {
    const limits = createAttemptLimits({ attempts: 2, seconds: 60 })
    const takes = [0, 1, 59, 60].map((second) => limits.take('a', at(second)))
    expect(takes).toEqual([true, true, false, true])
    expect(limits.take('b', at(59))).toBe(true)
  })

  it('do not count what is given back', () => {
    const limits = createAttemptLimits({ attempts: 1, seconds: 60 })
    expect(limits.take('a', at(0))).toBe(true)
    limits.giveBack('a')
    limits.giveBack('a')
    limits.giveBack('nobody')
    expect([limits.take('a', at(1)), limits.take('a', at(1))]).toEqual([true, false])
  })

  it('remember a bounded number of names, and forget the oldest first', () => {
    const limits = createAttemptLimits({ attempts: 1, seconds: 60, names: 2 })
    for (const name of ['a', 'b', 'c']) expect(limits.take(name, at(0))).toBe(true)
    expect(limits.take('b', at(1))).toBe(false)
    expect(limits.take('a', at(1))).toBe(true)
  })
})
