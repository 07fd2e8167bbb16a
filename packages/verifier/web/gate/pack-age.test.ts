import { freshnessPolicies, type Trust } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { packAge } from './pack-age.js'

const HOUR = 3_600
const builtAt = new Date('2026-11-22T00:00:00Z')
const begin = builtAt.getTime() / 1000

/** A pack with one list of an issuer, signed an hour before the pack was built. */
function held(list: { ttlSeconds?: number; expiresAt?: number } | null = {}) {
  const statusLists = new Map(
    list === null
      ? []
      : [
          [
            'uri',
            {
              issuedAt: begin - HOUR,
              ttlSeconds: 12 * HOUR,
              expiresAt: begin + 168 * HOUR,
              ...list,
            },
          ],
        ],
  )
  return { builtAt, trust: { issuers: new Map([['did', { statusLists }]]) } as unknown as Trust }
}
const after = (hours: number) => new Date(builtAt.getTime() + hours * HOUR * 1000)
const levelAt = (hours: number, policy: keyof typeof freshnessPolicies, pack = held()) =>
  packAge(pack, freshnessPolicies[policy], after(hours)).level

describe('how old a pack is', () => {
  it('counts from its oldest list, not from when it was built', () => {
    expect(packAge(held(), freshnessPolicies.strict, after(1)).ageSeconds).toBe(2 * HOUR)
  })

  it('is good for the time the lists promise, then old for the grace of the lane, then too old', () => {
    expect([11, 11.1, 35, 35.1].map((hours) => levelAt(hours, 'grace-24h'))).toEqual([
      'ok',
      'old',
      'old',
      'too-old',
    ])
  })

  it('knows no grace where the lane has none', () => {
    expect([11, 11.1].map((hours) => levelAt(hours, 'strict'))).toEqual(['ok', 'too-old'])
  })

  it('is too old as soon as one of its lists has ended, whatever the lane grants', () => {
    const pack = held({ expiresAt: begin + HOUR })
    expect([0.9, 1].map((hours) => levelAt(hours, 'flag-72h', pack))).toEqual(['ok', 'too-old'])
  })

  it('counts from its making where it has no list', () => {
    expect([11.9, 12.1].map((hours) => levelAt(hours, 'strict', held(null)))).toEqual([
      'ok',
      'too-old',
    ])
  })
})
