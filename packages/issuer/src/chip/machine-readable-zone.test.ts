import { describe, expect, test } from 'vitest'
import { chipNow, codeOf, sampleDocument, sampleZone } from '../../../../test/chip-ground.js'
import { parseZone } from './machine-readable-zone.js'
import { createZone } from './sample-zone.js'

/** The specimens of ICAO Doc 9303, parts 4 to 6; what they say of Anna Maria Eriksson. */
const specimens = {
  TD3: [
    'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
    'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
  ],
  TD2: ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6'],
  TD1: [
    'I<UTOD231458907<<<<<<<<<<<<<<<',
    '7408122F1204159UTO<<<<<<<<<<<6',
    'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
  ],
} as const

describe.each(Object.entries(specimens))('the specimen of %s', (format, lines) => {
  const text = lines.join('')

  test('is read', () => {
    expect(parseZone(text, chipNow)).toEqual({
      format,
      documentCode: format === 'TD3' ? 'P' : 'I',
      issuingState: 'UTO',
      documentNumber: format === 'TD3' ? 'L898902C3' : 'D23145890',
      familyName: 'ERIKSSON',
      givenName: 'ANNA MARIA',
      birthdate: '1974-08-12',
      sex: 'female',
      nationality: 'UTO',
      expires: '2012-04-15',
    })
  })

  test('is refused when any digit of it is another, and at any other length', () => {
    const digits = [...text.matchAll(/\d/g)].map(({ index }) => index)
    for (const index of digits) {
      const other = (Number(text[index]) + 1) % 10
      const wrong = text.slice(0, index) + other + text.slice(index + 1)
      expect(codeOf(() => parseZone(wrong, chipNow))).toBe('chip_zone')
    }
    expect(codeOf(() => parseZone(text.slice(1), chipNow))).toBe('chip_zone')
    expect(codeOf(() => parseZone(`${text}<`, chipNow))).toBe('chip_zone')
    expect(codeOf(() => parseZone(text.toLowerCase(), chipNow))).toBe('chip_zone')
  })
})

const written = (changed: Partial<typeof sampleDocument>, now = chipNow) =>
  parseZone(createZone({ ...sampleDocument, ...changed }, 'UTO', now), now)

describe('a machine readable zone', () => {
  test.each(['TD1', 'TD2', 'TD3'] as const)('of %s is written and read back', (format) => {
    const documentCode = format === 'TD3' ? 'PM' : 'C'
    const changed = { ...sampleDocument, format, documentCode }
    expect(written(changed)).toEqual({ ...changed, issuingState: 'UTO' })
  })

  test('has a name of one part, and a name that fills its line', () => {
    expect(written({ givenName: '' })).toMatchObject({ familyName: 'OUYANG', givenName: '' })
    const full = `P<UTO${'A'.repeat(39)}${sampleZone.slice(44)}`
    expect(parseZone(full, chipNow)).toMatchObject({ familyName: 'A'.repeat(39), givenName: '' })
  })

  test('says the year of birth with two digits: of this century until today, else of the last', () => {
    expect(written({ birthdate: '2026-11-22' }).birthdate).toBe('2026-11-22')
    expect(written({ birthdate: '1926-11-23' }).birthdate).toBe('1926-11-23')
    expect(written({ birthdate: '2000-02-29' }).birthdate).toBe('2000-02-29')
  })

  test('says the day of birth in Asia/Shanghai', () => {
    const evening = new Date('2026-11-22T16:30:00Z')
    expect(written({ birthdate: '2026-11-23' }, evening).birthdate).toBe('2026-11-23')
  })

  test.each([
    ['a birthday of no calendar', { birthdate: '1990-02-30' }],
    ['an end of no calendar', { expires: '2034-13-01' }],
    ['a nationality of no state', { nationality: 'QQQ' }],
    ['a number that is too long', { documentNumber: 'E123456789' }],
    ['a name in Han characters', { familyName: '欧阳' }],
    ['a birthday that has not come', { birthdate: '2026-11-23' }],
  ])('cannot be written with %s', (_what, changed) => {
    expect(codeOf(() => written(changed))).toBe('sample_document_malformed')
  })

  test('of Germany and the United Kingdom names a nationality by its ISO code', () => {
    const zone = createZone({ ...sampleDocument, nationality: 'FRA' }, 'UTO', chipNow)
    expect(parseZone(zone.replace('FRA', 'D<<'), chipNow).nationality).toBe('DEU')
    expect(parseZone(zone.replace('FRA', 'GBN'), chipNow).nationality).toBe('GBR')
    expect(codeOf(() => parseZone(zone.replace('FRA', '<<<'), chipNow))).toBe('chip_zone')
  })

  test('of a card may have a number that goes on in the optional field', () => {
    // ICAO Doc 9303-5 §4.2.4: D23145890734 with its check digit 9 behind it.
    const first = 'I<UTOD23145890<7349<<<<<<<<<<<'
    const second = '3407127M9507122UTO<<<<<<<<<<<2'
    const third = 'STEVENSON<<PETER<JOHN<<<<<<<<<'
    expect(parseZone(first + second + third, chipNow).documentNumber).toBe('D23145890734')
    const cutOff = 'I<UTOD23145890<<<<<<<<<<<<<<<<'
    expect(codeOf(() => parseZone(cutOff + second + third, chipNow))).toBe('chip_zone')
  })

  test('of a French card of its own layout is none of Doc 9303', () => {
    const french = ['IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<', '8806923102858CORINNE<<<<<<<6512068F6']
    expect(codeOf(() => parseZone(french.join(''), chipNow))).toBe('chip_zone')
  })
})
