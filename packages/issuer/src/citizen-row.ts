import { cleanCell, normalNumber, OUTER_SPACE, Refused } from './citizen-cell.js'
import { type CivilDate, ageOn, parseCivilDate } from './civil-date.js'
import { type DocumentType, isDocumentType, readDocumentNumber } from './document-number.js'
import { NATIONALITY_CODES } from './nationality-codes.js'
import { type NameNormalisation, readName } from './person-name.js'
import { readPhone } from './phone-number.js'
import { REGION_CODES } from './region-codes.js'
import type { RowRefusal } from './row-refusal.js'

/** The closed world of the authentic source: these columns, all of them, and no other. */
export const CITIZEN_COLUMNS = [
  'document_type',
  'document_number',
  'family_name',
  'given_name',
  'sex',
  'birthdate',
  'nationality',
  'residence_region',
  'phone',
  'emergency_contact_phone',
  'guardian_document_numbers',
] as const

export type CitizenColumn = (typeof CITIZEN_COLUMNS)[number]
export type CitizenCells = Readonly<Record<CitizenColumn, string>>

/** One person as the authentic source states them, validated and normalised. */
export type CitizenRow = {
  readonly documentType: DocumentType
  readonly documentNumber: string
  /** Empty for a person whose name has no family name part. */
  readonly familyName: string
  readonly givenName: string
  readonly sex: 'male' | 'female'
  readonly birthdate: CivilDate
  readonly nationality: string
  readonly residenceRegion: string
  readonly phone: string
  /** Empty when none was stated. */
  readonly emergencyContactPhone: string
  readonly guardianNumbers: readonly string[]
}

export type RowNormalisation =
  | NameNormalisation
  | 'trimmed'
  | 'full_width_digits_normalised'
  | 'check_character_upper_cased'
  | 'phone_normalised'

export type RowReading =
  | { readonly row: CitizenRow; readonly normalised: readonly RowNormalisation[] }
  | { readonly refused: RowRefusal; readonly field?: string }

/** Nobody is known to have lived longer than 122 years. */
const OLDEST_AGE = 130
const MOST_GUARDIANS = 4

/**
 * Validates one row of the authentic source and brings it into normal form. Rules that need
 * other rows (a known guardian, a number taken) or that change with a birthday (who needs a
 * guardian) are judged by the import.
 *
 * @param today - The day in Asia/Shanghai that ages are judged on.
 */
export function readCitizenRow(cells: CitizenCells, today: CivilDate): RowReading {
  const notes = new Set<RowNormalisation>()
  try {
    return { row: readCells(clean(cells, notes), today, notes), normalised: [...notes] }
  } catch (error) {
    if (error instanceof Refused) return refusedReading(error)
    throw error
  }
}

function refusedReading({ code, field }: Refused): RowReading {
  return { refused: code, ...(field === undefined ? {} : { field }) }
}

function clean(cells: CitizenCells, notes: Set<RowNormalisation>): Record<CitizenColumn, string> {
  const cleaned = { ...cells }
  for (const column of CITIZEN_COLUMNS) {
    cleaned[column] = cleanCell(cells[column], notes, column)
  }
  return cleaned
}

function readCells(
  cells: Record<CitizenColumn, string>,
  today: CivilDate,
  notes: Set<RowNormalisation>,
): CitizenRow {
  const documentType = cells.document_type
  if (!isDocumentType(documentType)) throw new Refused('document_type')
  const documentNumber = normalNumber(cells.document_number, notes)
  const reading = readDocumentNumber(documentType, documentNumber)
  if (reading.form === 'bad') throw new Refused(reading.reason)
  const names = readNames(cells, notes)
  const sex = cells.sex
  if (sex !== 'male' && sex !== 'female') throw new Refused('sex')
  const birthdate = readBirthdate(cells.birthdate, today)
  if (reading.form === 'resident' && reading.birthdate !== birthdate) {
    throw new Refused('birthdate_mismatch')
  }
  if (!NATIONALITY_CODES.has(cells.nationality)) throw new Refused('nationality')
  if (!REGION_CODES.has(cells.residence_region)) throw new Refused('residence_region')
  return {
    documentType,
    documentNumber,
    ...names,
    sex,
    birthdate,
    nationality: cells.nationality,
    residenceRegion: cells.residence_region,
    phone: phone(cells.phone, 'phone', notes),
    emergencyContactPhone:
      cells.emergency_contact_phone === ''
        ? ''
        : phone(cells.emergency_contact_phone, 'emergency_contact_phone', notes),
    guardianNumbers: readGuardians(cells.guardian_document_numbers, documentNumber, notes),
  }
}

function readNames(
  cells: Record<CitizenColumn, string>,
  notes: Set<RowNormalisation>,
): Pick<CitizenRow, 'familyName' | 'givenName'> {
  const familyName = name(cells.family_name, 'family_name', notes)
  const givenName = name(cells.given_name, 'given_name', notes)
  // A name may lack a family part (most minority names do), never the given one.
  if (givenName === '') throw new Refused('name_empty')
  return { familyName, givenName }
}

function name(text: string, column: CitizenColumn, notes: Set<RowNormalisation>): string {
  const reading = readName(text)
  if ('refused' in reading) throw new Refused(reading.refused, column)
  for (const note of reading.normalised) notes.add(note)
  return reading.name
}

function phone(
  text: string,
  column: 'phone' | 'emergency_contact_phone',
  notes: Set<RowNormalisation>,
): string {
  const reading = readPhone(text)
  if ('refused' in reading) throw new Refused(column)
  if (reading.normalised) notes.add('phone_normalised')
  return reading.phone
}

function readBirthdate(text: string, today: CivilDate): CivilDate {
  const birthdate = parseCivilDate(text)
  if (birthdate === undefined) throw new Refused('birthdate')
  if (birthdate > today) throw new Refused('birthdate_in_future')
  if (ageOn(birthdate, today) > OLDEST_AGE) throw new Refused('birthdate_too_old')
  return birthdate
}

function readGuardians(text: string, own: string, notes: Set<RowNormalisation>): string[] {
  if (text === '') return []
  const numbers = text.split(';').map((number) => {
    return normalNumber(number.replace(OUTER_SPACE, ''), notes)
  })
  if (numbers.length > MOST_GUARDIANS) throw new Refused('guardian_too_many')
  if (numbers.includes(own)) throw new Refused('guardian_is_self')
  if (new Set(numbers).size !== numbers.length) throw new Refused('guardian_repeated')
  return numbers
}
