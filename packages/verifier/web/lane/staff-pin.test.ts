import { describe, expect, it } from 'vitest'
import {
  checkStaffPin,
  delaySeconds,
  isFitPin,
  makeStaffPin,
  secondsToWait,
  type StaffPin,
} from './staff-pin.js'

const now = new Date('2026-11-22T10:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const PIN = '482915'
/** What is told here does not hang on how long a guess takes. */
const make = (pin: string) => makeStaffPin(pin, 4)

/** Wrong tries, one after the other, each as soon as it is looked at. */
async function fail(pin: StaffPin, times: number): Promise<{ pin: StaffPin; at: Date }> {
  let kept = pin
  let at = now
  for (let tries = 0; tries < times; tries += 1) {
    if (kept.notBefore !== null && kept.notBefore > at) at = kept.notBefore
    const check = await checkStaffPin(kept, '111222', at)
    if (check.outcome === 'wrong') kept = check.pin
  }
  return { pin: kept, at }
}

describe('the staff PIN', () => {
  it('opens with the very digits, and forgets the failures before', async () => {
    const { pin } = await fail(await make(PIN), 2)
    const check = await checkStaffPin(pin, PIN, now)
    expect(check).toMatchObject({ outcome: 'right', pin: { failures: 0, notBefore: null } })
  })

  it('is not kept: what is kept differs for the same PIN, and does not hold it', async () => {
    const [one, other] = [await make(PIN), await make(PIN)]
    expect(one.digest).not.toBe(other.digest)
    expect(JSON.stringify([one, other])).not.toContain(PIN)
  })

  it.each(['482914', '48291', '4829155', '', ' 482915'])('refuses %j', async (typed) => {
    expect((await checkStaffPin(await make(PIN), typed, now)).outcome).toBe('wrong')
  })

  it('waits longer after each wrong one, and looks at none meanwhile, not even the right one', async () => {
    const { pin, at } = await fail(await make(PIN), 4)
    expect(pin.failures).toBe(4)
    expect(await checkStaffPin(pin, PIN, at)).toEqual({ outcome: 'too_soon', secondsLeft: 10 })
    const check = await checkStaffPin(pin, PIN, new Date(at.getTime() + 10_000))
    expect(check.outcome).toBe('right')
  })

  it('doubles the delay from the third failure on, up to a quarter of an hour', () => {
    expect([1, 2, 3, 4, 5, 10, 11, 12, 60].map(delaySeconds)).toEqual([
      0, 0, 5, 10, 20, 640, 900, 900, 900,
    ])
  })

  it('locks nobody out for ever by a clock that was set back', async () => {
    const pin: StaffPin = { ...(await make(PIN)), failures: 3, notBefore: later(86_400) }
    expect(secondsToWait(pin, now)).toBe(0)
    expect((await checkStaffPin(pin, PIN, now)).outcome).toBe('right')
  })

  it.each([
    [null, 0],
    [later(-1), 0],
    [later(0), 0],
    [later(0.2), 1],
    [later(900), 900],
    [later(901), 0],
  ])(
    'that may be tried from %s on is waited for as the screen says: %i s',
    (notBefore, seconds) => {
      expect(secondsToWait({ notBefore }, now)).toBe(seconds)
    },
  )

  it.each([
    '12345',
    '1234567890123',
    '12345a',
    '111111',
    '123456',
    '987654',
    '654321',
    '１２３４５６',
  ])('may not be %s', async (unfit) => {
    expect(isFitPin(unfit)).toBe(false)
    await expect(make(unfit)).rejects.toThrow(TypeError)
  })
})
