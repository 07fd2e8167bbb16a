import { GATE_PASS, NETWORK_CERTIFICATE } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { passesLeft } from './passes-left.js'

const day = (number: number) => new Date(Date.UTC(2026, 0, number))
const batch = (remaining: number, expires: number, changes: object = {}) => ({
  ...{
    vct: GATE_PASS,
    kind: 'one-time' as const,
    ward: null,
    copies: 8,
    remaining,
    expiresAt: day(expires),
  },
  ...changes,
})

describe('the gate passes that are left', () => {
  it('are seven of eight after one entry, and none of eight after all', () => {
    expect(passesLeft([batch(7, 3)])).toEqual({ left: 7, copies: 8, expiresAt: day(3) })
    expect(passesLeft([batch(0, 3)])).toEqual({ left: 0, copies: 8, expiresAt: day(3) })
  })

  it('are counted over renewed batches, without those that are used up', () => {
    expect(passesLeft([batch(3, 3), batch(8, 5)])).toMatchObject({ left: 11, copies: 16 })
    expect(passesLeft([batch(0, 3), batch(8, 5)])).toEqual({
      left: 8,
      copies: 8,
      expiresAt: day(5),
    })
    expect(passesLeft([batch(0, 5), batch(0, 3)])).toEqual({
      left: 0,
      copies: 8,
      expiresAt: day(5),
    })
  })

  it('are the citizen’s own and of no other type', () => {
    const others = [batch(8, 3, { ward: 'ward-1' }), batch(10, 3, { vct: NETWORK_CERTIFICATE })]
    expect(passesLeft(others)).toBeNull()
    expect(passesLeft([])).toBeNull()
    expect(passesLeft(others, NETWORK_CERTIFICATE)).toMatchObject({ left: 10 })
    const platform = batch(1, 3, { vct: NETWORK_CERTIFICATE, kind: 'platform' })
    expect(passesLeft([platform], NETWORK_CERTIFICATE)).toBeNull()
  })
})
