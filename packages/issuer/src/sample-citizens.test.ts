import { describe, expect, it } from 'vitest'
import { CITIZEN_COLUMNS, type CitizenRow, readCitizenRow } from './citizen-row.js'
import { ageOn } from './civil-date.js'
import { readCsvHeader } from './csv-header.js'
import { guardianRefusal } from './guardianship.js'
import { sampleCitizens } from './sample-citizens.js'

const TODAY = '2026-11-21'

function readAll(count: number, today: string, seed?: number): CitizenRow[] {
  const [first, ...lines] = [
    ...sampleCitizens({ count, today, ...(seed === undefined ? {} : { seed }) }),
  ]
  const header = readCsvHeader(first!.trimEnd().split(','), false)
  return lines.map((line) => {
    expect(line.endsWith('\n')).toBe(true)
    const reading = readCitizenRow(header.pick(line.trimEnd().split(','))!, today)
    if ('refused' in reading) throw new Error(`${reading.refused}: ${line}`)
    expect(reading.normalised).toEqual([])
    return reading.row
  })
}

describe('sample citizens', () => {
  it.each(['2026-11-21', '2028-02-29', '2027-01-01', '2027-03-01'])(
    'are all valid as of %s, with guardians known before their wards',
    (today) => {
      const known = new Set<string>()
      for (const row of readAll(4000, today)) {
        expect(guardianRefusal(row, today)).toBeUndefined()
        for (const guardian of row.guardianNumbers) expect(known.has(guardian)).toBe(true)
        expect(known.has(row.documentNumber)).toBe(false)
        known.add(row.documentNumber)
      }
    },
  )

  it('hold people of every kind', () => {
    const rows = readAll(5000, TODAY)
    expect(new Set(rows.map((row) => row.documentType)).size).toBe(7)
    expect(rows.some((row) => row.guardianNumbers.length === 2)).toBe(true)
    expect(rows.some((row) => row.familyName === '' && row.givenName.includes('·'))).toBe(true)
    expect(rows.some((row) => row.birthdate.endsWith('02-29'))).toBe(true)
    expect(
      rows.some((row) => Array.from(row.givenName).some((letter) => letter.length === 2)),
    ).toBe(true)
    for (const age of [18, 60, 65]) {
      expect(rows.some((row) => row.birthdate === `${2026 - age}-11-21`)).toBe(true)
    }
    expect(rows.some((row) => row.birthdate === '2008-11-22')).toBe(true)
    expect(rows.some((row) => ageOn(row.birthdate, TODAY) < 14)).toBe(true)
  })

  it('are people who cannot exist', () => {
    for (const row of readAll(500, TODAY)) {
      expect(row.phone.startsWith('1000')).toBe(true)
      expect(row.emergencyContactPhone.startsWith('1000')).toBe(true)
      if (row.documentType === 'resident_id') expect(row.documentNumber.startsWith('99')).toBe(true)
    }
  })

  it('repeat with the same seed and differ with another', () => {
    expect(readAll(50, TODAY, 7)).toEqual(readAll(50, TODAY, 7))
    expect(readAll(50, TODAY, 7)).not.toEqual(readAll(50, TODAY, 8))
  })

  it('name the columns of the register first', () => {
    const [header] = sampleCitizens({ count: 0, today: TODAY })
    expect(header).toBe(`${CITIZEN_COLUMNS.join(',')}\n`)
  })

  it('refuse a count that is no whole number', () => {
    expect(() => [...sampleCitizens({ count: -1, today: TODAY })]).toThrow(TypeError)
    expect(() => [...sampleCitizens({ count: 1.5, today: TODAY })]).toThrow(TypeError)
  })
})
