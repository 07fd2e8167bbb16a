import { describe, expect, it } from 'vitest'
import { placeOf, wayBackOf } from './place.js'

const backFrom = (address: string) => wayBackOf(placeOf(address))

describe('the way back in the header', () => {
  it.each([
    ['#/safety?part=lost', '#/safety'],
    ['#/family?ward=w_1', '#/family'],
    ['#/settings?part=help', '#/settings'],
  ])('leads from %s to the place it is a part of', (from, to) => {
    expect(backFrom(from)).toBe(to)
  })

  it.each(['#/settings', '#/certificate?id=c', '#/receive', '#/present', '#/gate'])(
    'leads home from %s',
    (from) => {
      expect(backFrom(from)).toBe('#/home')
    },
  )

  it.each(['', '#/home', '#/history', '#/scan', '#/family', '#/safety', '#/nowhere'])(
    'is not there at %s, which is one tap away from everywhere',
    (from) => {
      expect(backFrom(from)).toBeNull()
    },
  )
})
