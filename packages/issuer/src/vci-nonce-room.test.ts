import { describe, expect, it } from 'vitest'
import { refusalOf } from './vci-refusals.js'
import { createNonceRoom, NONCE_CAPACITY } from './vci-nonce-room.js'

const START = new Date('2026-11-21T04:00:00Z')
const after = (seconds: number) => new Date(START.getTime() + seconds * 1000)
const full = expect.objectContaining({ code: 'nonces_full' })

describe('room for used nonces', () => {
  it('is a million', () => expect(NONCE_CAPACITY).toBe(1_000_000))

  it.each([
    [2, 1],
    [1, 2],
    [0, 3],
  ])('of three, with %i on record, lets %i be used and not one more', async (known, more) => {
    const room = createNonceRoom(async () => known, 3)
    for (let at = 0; at < more; at += 1) await room.take(START)
    await expect(room.take(START)).rejects.toEqual(full)
  })

  it('is refused by the last count in a flood, and there again when old ones have ended', async () => {
    let onRecord = 3
    let counts = 0
    const room = createNonceRoom(async () => {
      counts += 1
      return onRecord
    }, 3)
    for (let at = 0; at < 1_000; at += 1) await expect(room.take(START)).rejects.toEqual(full)
    expect(counts).toBe(1)
    onRecord = 2
    await expect(room.take(after(0.5))).rejects.toEqual(full)
    await room.take(after(1))
    expect(counts).toBe(2)
  })

  it('that is not there is told as busy, with a time to come back', async () => {
    const room = createNonceRoom(async () => 1, 1)
    const error = await room.take(START).catch((thrown: unknown) => thrown)
    expect(refusalOf(error, () => undefined)).toMatchObject({
      ...{ status: 503, body: { error: 'temporarily_unavailable' } },
      headers: { 'retry-after': '2' },
    })
  })

  it('counts what other processes used', async () => {
    let onRecord = 0
    const room = createNonceRoom(async () => onRecord, 3)
    await room.take(START)
    onRecord = 3
    await room.take(after(1))
    await expect(room.take(after(30))).rejects.toEqual(full)
  })
})
