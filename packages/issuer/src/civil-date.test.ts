import { describe, expect, it } from 'vitest'
import { ageOn, civilDateAt, parseCivilDate } from './civil-date.js'

describe('a civil date', () => {
  it('changes at midnight in Asia/Shanghai', () => {
    expect(civilDateAt(new Date('2026-11-20T15:59:59.999Z'))).toBe('2026-11-20')
    expect(civilDateAt(new Date('2026-11-20T16:00:00.000Z'))).toBe('2026-11-21')
  })

  it.each(['2024-02-29', '2000-02-29', '1999-12-31', '1935-01-01'])('is read from %s', (text) => {
    expect(parseCivilDate(text)).toBe(text)
  })

  it.each([
    '2023-02-29',
    '1900-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-04-31',
    '2024-1-1',
    '17/05/1990',
    '',
    '2024-01-01 ',
  ])('is not read from "%s"', (text) => {
    expect(parseCivilDate(text)).toBeUndefined()
  })
})

describe('an age', () => {
  it('changes on the birthday', () => {
    expect(ageOn('2008-11-21', '2026-11-20')).toBe(17)
    expect(ageOn('2008-11-21', '2026-11-21')).toBe(18)
  })

  it('of someone born on 29 February changes on 1 March in common years', () => {
    expect(ageOn('2008-02-29', '2026-02-28')).toBe(17)
    expect(ageOn('2008-02-29', '2026-03-01')).toBe(18)
    expect(ageOn('2008-02-29', '2028-02-28')).toBe(19)
    expect(ageOn('2008-02-29', '2028-02-29')).toBe(20)
  })
})
