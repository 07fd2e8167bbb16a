import { describe, expect, it } from 'vitest'
import { birthdayAt, nextTellingBirthday } from './birthday.js'

const at = (instant: string) => Date.parse(instant) / 1000
const next = (birthdate: unknown, now: string) => {
  const found = nextTellingBirthday(birthdate, at(now))
  return found === null ? null : new Date(found * 1000).toISOString()
}

describe('the next birthday that changes what a certificate says', () => {
  it.each([
    // 00:00 of 4 May in Shanghai is 16:00 UTC of the day before.
    ['2008-05-04', '2026-05-03T15:59:59Z', '2026-05-03T16:00:00.000Z'],
    ['2008-05-04', '2026-05-03T16:00:00Z', '2068-05-03T16:00:00.000Z'],
    ['2008-05-04', '2022-01-01T00:00:00Z', '2022-05-03T16:00:00.000Z'],
    ['2008-05-04', '2023-01-01T00:00:00Z', '2024-05-03T16:00:00.000Z'],
    // It is the next year in Shanghai before it is in UTC.
    ['2008-01-01', '2025-12-31T15:59:59Z', '2025-12-31T16:00:00.000Z'],
    ['2008-01-01', '2025-12-31T16:00:00Z', '2067-12-31T16:00:00.000Z'],
    // 29 February: 1 March in common years, 29 February in leap years.
    ['2008-02-29', '2026-02-28T15:59:59Z', '2026-02-28T16:00:00.000Z'],
    ['2008-02-29', '2026-02-27T16:00:00Z', '2026-02-28T16:00:00.000Z'],
    ['2008-02-29', '2026-02-28T16:00:00Z', '2068-02-28T16:00:00.000Z'],
    ['2040-02-29', '2099-12-31T00:00:00Z', '2100-02-28T16:00:00.000Z'],
  ])('of %s begins, seen at %s, at %s', (birthdate, now, expected) => {
    expect(next(birthdate, now)).toBe(expected)
  })

  it('is not one of those in between: the hour of a copy would tell the birthday for nothing', () => {
    // 37 in May 2026; the next age that a certificate speaks of is 60.
    expect(next('1989-05-04', '2026-05-01T00:00:00Z')).toBe('2049-05-03T16:00:00.000Z')
    expect(next('1950-05-04', '2026-05-01T00:00:00Z')).toBeNull()
  })

  it.each(['', '1989', '1989-13-01', '1989-5-4', '1989-05-04T00:00:00Z', 19890504, null])(
    'of %s is unknown: it is no date',
    (birthdate) => {
      expect(next(birthdate, '2026-01-01T00:00:00Z')).toBeNull()
    },
  )
})

describe('the 14th birthday', () => {
  it.each([
    ['2012-02-29', '2026-02-28T16:00:00Z'],
    ['2014-13-01', null],
    ['2014-02-28', '2028-02-27T16:00:00Z'],
    ['2010-12-31', '2024-12-30T16:00:00Z'],
  ])('of a child born on %s begins at %s', (birthdate, begins) => {
    const at = birthdayAt(birthdate, 14)
    expect(at === null ? null : new Date(at * 1000)).toEqual(begins && new Date(begins))
  })
})
