import { describe, expect, it } from 'vitest'
import { type Beat, repeat, within } from './repeated-work.js'

/** Waits of a worker whose attempts end as told, in seconds. */
async function waitsOf(outcomes: readonly ('done' | 'failed')[], seconds = 300) {
  const waits: number[] = []
  const errors: unknown[] = []
  let due: (() => Promise<void>) | null = null
  const beat: Beat = (milliseconds, work) => {
    waits.push(milliseconds / 1000)
    due = work
    return () => {
      due = null
    }
  }
  const left = [...outcomes]
  const stop = repeat({ beat, seconds, onFailure: (error) => errors.push(error) }, async () => {
    if (left.shift() === 'failed') throw new Error('no network')
  })
  for (let at = 0; at < outcomes.length; at += 1) await (due as (() => Promise<void>) | null)?.()
  stop()
  expect(due).toBeNull()
  return { waits, errors }
}

const failures = (count: number) => Array.from({ length: count }, () => 'failed' as const)

describe('work that is repeated', () => {
  it('comes after its usual wait, with chance in it', async () => {
    const { waits } = await waitsOf(Array.from({ length: 50 }, () => 'done' as const))
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(240)
    expect(Math.max(...waits)).toBeLessThanOrEqual(360)
    expect(new Set(waits).size).toBeGreaterThan(40)
  })

  it('is tried again soon when it failed, and ever later, but never later than usual', async () => {
    const { waits, errors } = await waitsOf(failures(40))
    expect(errors).toHaveLength(40)
    const bounds = [2, 4, 8, 16, 32, 64, 128, 256]
    for (const [at, bound] of bounds.entries()) {
      expect(waits[at + 1]).toBeGreaterThanOrEqual(bound / 2)
      expect(waits[at + 1]).toBeLessThanOrEqual(bound * 1.5)
    }
    // Weeks in a drawer: whoever comes back is in time within the usual wait.
    expect(Math.max(...waits)).toBeLessThanOrEqual(384)
  })

  it('comes soon after a start without a network', () => {
    const waits: number[] = []
    const beat: Beat = (milliseconds) => {
      waits.push(milliseconds / 1000)
      return () => undefined
    }
    const common = { beat, seconds: 300, onFailure: () => undefined }
    repeat({ ...common, hasFailed: true }, async () => undefined)()
    repeat(common, async () => undefined)()
    expect(waits[0]).toBeLessThanOrEqual(3)
    expect(waits[1]).toBeGreaterThanOrEqual(240)
  })

  it('goes on as usual once it was done', async () => {
    const { waits } = await waitsOf([...failures(5), 'done', 'done'])
    for (const wait of waits.slice(-2)) expect(wait).toBeGreaterThanOrEqual(240)
  })

  it('that a start waits for is not waited for longer than told', async () => {
    const started = performance.now()
    await within(0.05, new Promise(() => undefined))
    expect(performance.now() - started).toBeLessThan(5_000)
    await expect(within(5, Promise.reject(new Error('at once')))).rejects.toThrow('at once')
  })
})
