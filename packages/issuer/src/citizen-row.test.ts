import { describe, expect, it } from 'vitest'
import { type CitizenCells, readCitizenRow } from './citizen-row.js'
import { checkCharacter } from './document-number.js'
import { guardianRefusal } from './guardianship.js'

const TODAY = '2026-11-21'

const ADULT: CitizenCells = {
  document_type: 'resident_id',
  document_number: '996715199005175730',
  family_name: '王',
  given_name: '小明',
  sex: 'male',
  birthdate: '1990-05-17',
  nationality: 'CHN',
  residence_region: 'BJ',
  phone: '10002511066',
  emergency_contact_phone: '',
  guardian_document_numbers: '',
}

function resultOf(change: Partial<Record<keyof CitizenCells, string>>): string {
  const reading = readCitizenRow({ ...ADULT, ...change }, TODAY)
  if ('refused' in reading) return `refused:${reading.refused}`
  return reading.normalised.length === 0 ? 'accepted' : `accepted:${reading.normalised.join('+')}`
}

function rowOf(change: Partial<Record<keyof CitizenCells, string>>) {
  const reading = readCitizenRow({ ...ADULT, ...change }, TODAY)
  if ('refused' in reading) throw new Error(reading.refused)
  return reading.row
}

function residentNumber(birthdate: string): string {
  const body = `990001${birthdate.replaceAll('-', '')}001`
  return body + checkCharacter(body)
}

describe('a document number', () => {
  it.each([
    ['resident_id', '996715199005175731', 'refused:document_number_check'],
    ['resident_id', '99671519900517573', 'refused:document_number'],
    ['resident_id', '996715 199005175730', 'refused:document_number'],
    ['resident_id', '', 'refused:document_number'],
    ['passport', '996715199005175730', 'refused:document_number'],
    ['passport', 'ABCDEFGH', 'refused:document_number'],
    ['passport', 'EX1234567', 'accepted'],
    ['foreign_permanent_resident', 'XF1000000000554', 'accepted'],
    ['foreign_permanent_resident', 'XF10000000005', 'refused:document_number'],
    ['hk_macao_resident_permit', 'HX1006913', 'accepted'],
    ['hk_macao_resident_permit', '996715199005175730', 'accepted'],
    ['taiwan_resident_permit', '996715199005175731', 'refused:document_number_check'],
    ['mainland_travel_permit_hk_macao', 'HX1001984', 'accepted'],
    ['mainland_travel_permit_hk_macao', '1001984', 'refused:document_number'],
    ['student_card', '996715199005175730', 'refused:document_type'],
    ['', '996715199005175730', 'refused:document_type'],
    ['toString', '996715199005175730', 'refused:document_type'],
  ])('of %s %s is %s', (document_type, document_number, result) => {
    expect(resultOf({ document_type, document_number })).toBe(result)
  })

  it('keeps every other digit from passing for its own check character', () => {
    const body = '99671519900517573'
    const passing = Array.from('0123456789X').filter((character) => {
      return resultOf({ document_number: body + character }) === 'accepted'
    })
    expect(passing).toEqual(['0'])
  })

  it('holds the birth date', () => {
    expect(resultOf({ birthdate: '1990-05-18' })).toBe('refused:birthdate_mismatch')
  })
})

describe('a birth date', () => {
  it.each([
    ['1990-02-30', 'refused:birthdate'],
    ['1990/05/17', 'refused:birthdate'],
    ['', 'refused:birthdate'],
    ['2026-11-22', 'refused:birthdate_in_future'],
    ['1850-01-01', 'refused:birthdate_too_old'],
  ])('of %s is %s', (birthdate, result) => {
    expect(resultOf({ birthdate })).toBe(result)
  })

  it('may be today', () => {
    const document_number = residentNumber(TODAY)
    expect(resultOf({ birthdate: TODAY, document_number })).toBe('accepted')
  })
})

describe('a name', () => {
  it.each([
    [{ family_name: '', given_name: '阿依古丽·买买提' }, 'accepted'],
    [{ family_name: '', given_name: '阿依古丽•买买提' }, 'accepted:middle_dot_normalised'],
    [{ family_name: '', given_name: '阿依古丽.买买提' }, 'accepted:middle_dot_normalised'],
    [{ given_name: '𠮷' }, 'accepted'],
    [{ given_name: '〇' }, 'accepted'],
    [{ given_name: '' }, 'refused:name_empty'],
    [{ given_name: '　' }, 'refused:name_empty'],
    [{ given_name: '小　明' }, 'accepted:inner_space_removed'],
    [{ family_name: 'da  Silva', given_name: 'João' }, 'accepted:inner_space_removed'],
    [{ family_name: 'Mu\u0308ller', given_name: 'A. B.' }, 'accepted:nfc_normalised'],
    [{ family_name: "O'Brien", given_name: 'Ji-woo' }, 'accepted'],
    [{ family_name: '-cmd' }, 'refused:name_characters'],
    [{ family_name: '王·' }, 'refused:name_characters'],
    [{ family_name: '王··明' }, 'refused:name_characters'],
    [{ family_name: '王5' }, 'refused:name_characters'],
    [{ family_name: 'Ｋｉｍ' }, 'refused:name_characters'],
    [{ family_name: 'Мiller' }, 'refused:name_characters'],
    [{ family_name: '👑' }, 'refused:name_characters'],
    [{ given_name: `a${'\u0301'.repeat(5)}` }, 'refused:name_characters'],
    [{ given_name: '小\u200B明' }, 'refused:control_character'],
    [{ given_name: '小\u202E明' }, 'refused:control_character'],
    [{ given_name: '小\u0007明' }, 'refused:control_character'],
    [{ given_name: '小\uFE00明' }, 'refused:control_character'],
    [{ given_name: '\u3164' }, 'refused:control_character'],
    [{ given_name: '小\uFFFD' }, 'refused:encoding'],
    [{ given_name: '明'.repeat(200) }, 'accepted'],
    [{ given_name: '明'.repeat(201) }, 'refused:name_too_long'],
    [{ given_name: '𠮷'.repeat(200) }, 'accepted'],
    [{ given_name: '𠮷'.repeat(201) }, 'refused:name_too_long'],
    [{ given_name: 'a'.repeat(10_000) }, 'refused:name_too_long'],
  ] as const)('of %j is %s', (change, result) => {
    expect(resultOf(change)).toBe(result)
  })

  it('is stored in one normal form', () => {
    expect(rowOf({ family_name: ' Mu\u0308ller ' }).familyName).toBe('Müller')
    expect(rowOf({ given_name: '小　明' }).givenName).toBe('小明')
    expect(rowOf({ given_name: '努尔兰・赛里克' }).givenName).toBe('努尔兰·赛里克')
  })
})

describe('the other columns', () => {
  it.each([
    [{ sex: 'Male' }, 'refused:sex'],
    [{ sex: '' }, 'refused:sex'],
    [{ nationality: 'ZZZ' }, 'refused:nationality'],
    [{ nationality: 'chn' }, 'refused:nationality'],
    [{ residence_region: 'Beijing' }, 'refused:residence_region'],
    [{ residence_region: '' }, 'refused:residence_region'],
    [{ phone: '13' }, 'refused:phone'],
    [{ phone: '' }, 'refused:phone'],
    [{ phone: '1'.repeat(100_000) }, 'refused:phone'],
    [{ phone: '+86 100 0123 4567' }, 'accepted:phone_normalised'],
    [{ phone: '1000-012-3456' }, 'accepted:phone_normalised'],
    [{ phone: '+86 123' }, 'refused:phone'],
    [{ phone: '+33612345678' }, 'accepted'],
    [{ emergency_contact_phone: 'x' }, 'refused:emergency_contact_phone'],
    [{ emergency_contact_phone: '008610001234567' }, 'accepted:phone_normalised'],
    [{ residence_region: ' BJ' }, 'accepted:trimmed'],
  ] as const)('of %j are %s', (change, result) => {
    expect(resultOf(change)).toBe(result)
  })

  it('are normalised to what a register holds', () => {
    expect(rowOf({ phone: '+86 100 0123 4567' }).phone).toBe('10001234567')
    expect(rowOf({ document_number: '９９６７１５１９９００５１７５７３０' }).documentNumber).toBe(
      ADULT.document_number,
    )
  })
})

describe('guardians', () => {
  const guardian = '990217198905047852'

  it.each([
    [ADULT.document_number, 'refused:guardian_is_self'],
    [`${guardian};${guardian}`, 'refused:guardian_repeated'],
    [`${guardian}; ${guardian} `, 'refused:guardian_repeated'],
    ['1;2;3;4;5', 'refused:guardian_too_many'],
  ])('%s are %s', (guardian_document_numbers, result) => {
    expect(resultOf({ guardian_document_numbers })).toBe(result)
  })

  it.each([
    ['2026-11-21', '', 'guardian_required'],
    ['2008-11-22', '', 'guardian_required'],
    ['2008-11-22', guardian, undefined],
    ['2008-11-21', '', undefined],
    ['2008-11-21', guardian, undefined],
    ['2007-11-22', guardian, undefined],
    ['2007-11-21', guardian, 'guardian_for_adult'],
  ])('of someone born %s are judged by age (%s)', (birthdate, numbers, refusal) => {
    const row = rowOf({
      birthdate,
      document_number: residentNumber(birthdate),
      guardian_document_numbers: numbers,
    })
    expect(guardianRefusal(row, TODAY)).toBe(refusal)
  })
})
