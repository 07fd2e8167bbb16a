import { describe, expect, it } from 'vitest'
import { closest, oneOf, pastDay, wholeNumber } from './choices.js'

const statuses = ['valid', 'suspended', 'revoked'] as const

describe('oneOf', () => {
  it('takes one of its words as it stands', () => {
    expect(oneOf(...statuses)('revoked')).toBe('revoked')
  })

  it('says which word was probably meant', () => {
    expect(() => oneOf(...statuses)('revokd')).toThrow(/Did you mean revoked\?/)
    expect(() => oneOf(...statuses)('SUSPENDED')).toThrow(/Did you mean suspended\?/)
  })

  it('lists the words and guesses nothing when nothing is near', () => {
    expect(() => oneOf(...statuses)('banana')).toThrow(
      /^It is one of: valid, suspended, revoked\.$/,
    )
  })
})

describe('closest', () => {
  it('is quick on a hostile length', () => {
    expect(closest('x'.repeat(1_000_000), statuses)).toBeUndefined()
  })
})

describe('wholeNumber', () => {
  it.each(['0', '11', '-1', '1.5', '1e1', '', 'ten', '0x5', '99999999999999999999'])(
    'refuses %j from 1 to 10',
    (given) => {
      expect(() => wholeNumber(1, 10)(given)).toThrow(/from 1 to 10/)
    },
  )

  it('takes its bounds', () => {
    expect(wholeNumber(1, 10)('1')).toBe(1)
    expect(wholeNumber(1, 10)('10')).toBe(10)
  })
})

describe('pastDay', () => {
  it('takes a day that has come, as its noon in Shanghai', () => {
    expect(pastDay('2026-02-28').toISOString()).toBe('2026-02-28T04:00:00.000Z')
  })

  it.each(['2026-02-29', '2999-01-01', '21/11/2026', '2026-2-8', 'yesterday', ''])(
    'refuses %j',
    (given) => {
      expect(() => pastDay(given)).toThrow(/YYYY-MM-DD/)
    },
  )
})
