import { CITIZEN_COLUMNS } from './citizen-row.js'
import { type CivilDate, parseCivilDate } from './civil-date.js'
import { type DocumentType, checkCharacter } from './document-number.js'
import { FULL_AGE } from './guardianship.js'
import { createSampleRandom, type SampleRandom } from './sample-random.js'
import { REGION_CODES } from './region-codes.js'
import {
  SAMPLE_FAMILY_NAMES,
  SAMPLE_FOREIGN_PEOPLE,
  SAMPLE_GIVEN_CHARACTERS,
  SAMPLE_MINORITY_NAMES,
} from './sample-names.js'

export type SampleCitizensOptions = {
  readonly count: number
  /** The same seed, count and day give the same file. */
  readonly seed?: number | string
  /** The day in Asia/Shanghai on which every row shall import cleanly. */
  readonly today: CivilDate
}

type SamplePerson = {
  readonly documentType: DocumentType
  readonly documentNumber: string
  readonly familyName: string
  readonly givenName: string
  readonly birthdate: CivilDate
  readonly nationality: string
  readonly guardians: readonly string[]
}

/** Minors pick their guardians among the last adults, so that memory does not grow with count. */
const REMEMBERED_ADULTS = 64
const AREAS = 9999
/** Prime, and so no factor of AREAS: stepping by it visits every area once. */
const AREA_STEP = 7919
const REGIONS = [...REGION_CODES].filter((code) => !['TW', 'HK', 'MO'].includes(code))
/** Ages that facts change at; a share of the people has just reached one or is a day short. */
const ADULT_BOUNDARIES = [18, 60, 65]
const MINOR_BOUNDARIES = [14, 18]

/**
 * Synthetic people for a test of the authentic source: lines of a CSV file, the header first,
 * each with its line feed. None of them can exist: area codes begin with 99 and phone numbers
 * with 1000, which are assigned to nobody. All rows import cleanly on `today`.
 */
export function* sampleCitizens(options: SampleCitizensOptions): Generator<string, void> {
  if (!Number.isSafeInteger(options.count) || options.count < 0) {
    throw new TypeError('the count of sample citizens is a whole number')
  }
  const random = createSampleRandom(String(options.seed ?? 'netcert'))
  const firstArea = random.below(AREAS)
  const adults: string[] = []
  yield `${CITIZEN_COLUMNS.join(',')}\n`
  for (let position = 0; position < options.count; position++) {
    const person = samplePerson({ position, firstArea, random, adults, today: options.today })
    if (person.guardians.length === 0) {
      adults.push(person.documentNumber)
      if (adults.length > REMEMBERED_ADULTS) adults.shift()
    }
    yield csvLine(person, random)
  }
}

type PersonOptions = {
  readonly position: number
  readonly firstArea: number
  readonly random: SampleRandom
  readonly adults: readonly string[]
  readonly today: CivilDate
}

function samplePerson(options: PersonOptions): SamplePerson {
  const { position, random, adults, today } = options
  const minor = adults.length >= 4 && random.below(6) === 0
  const birthdate = minor ? minorBirthdate(random, today) : adultBirthdate(random, today)
  const guardians = minor ? sampleGuardians(random, adults) : []
  const kind = minor ? 0 : random.below(1000)
  if (kind >= 970) return { ...foreigner(position, random), birthdate, guardians }
  const documentType = cardType(kind)
  return {
    documentType,
    documentNumber:
      documentType === 'resident_id'
        ? residentNumber(options, birthdate)
        : otherNumber(documentType, position),
    ...chineseName(random),
    birthdate,
    nationality: 'CHN',
    guardians,
  }
}

function cardType(kind: number): DocumentType {
  if (kind < 950) return 'resident_id'
  if (kind < 956) return 'passport'
  if (kind < 962) return 'mainland_travel_permit_hk_macao'
  if (kind < 966) return 'hk_macao_resident_permit'
  return kind < 968 ? 'taiwan_resident_permit' : 'mainland_travel_permit_taiwan'
}

function otherNumber(type: DocumentType, position: number): string {
  if (type === 'mainland_travel_permit_taiwan') return `99${String(position).padStart(8, '0')}`
  return `${type === 'passport' ? 'EX' : 'HX'}${String(position).padStart(7, '0')}`
}

function foreigner(
  position: number,
  random: SampleRandom,
): Omit<SamplePerson, 'birthdate' | 'guardians'> {
  return {
    documentType: 'foreign_permanent_resident',
    documentNumber: `XF1${String(position).padStart(12, '0')}`,
    ...random.pick(SAMPLE_FOREIGN_PEOPLE),
  }
}

function chineseName(random: SampleRandom): Pick<SamplePerson, 'familyName' | 'givenName'> {
  if (random.below(80) === 0) {
    return { familyName: '', givenName: random.pick(SAMPLE_MINORITY_NAMES) }
  }
  const second = random.below(10) < 7 ? random.pick(SAMPLE_GIVEN_CHARACTERS) : ''
  return {
    familyName: random.pick(SAMPLE_FAMILY_NAMES),
    givenName: random.pick(SAMPLE_GIVEN_CHARACTERS) + second,
  }
}

/** No two positions share area and order, so no two numbers are equal, whatever the birth dates. */
function residentNumber(options: PersonOptions, birthdate: CivilDate): string {
  const area = (options.firstArea + (options.position % AREAS) * AREA_STEP) % AREAS
  const order = Math.floor(options.position / AREAS) % 1000
  const body =
    `99${String(area + 1).padStart(4, '0')}` +
    birthdate.replaceAll('-', '') +
    String(order).padStart(3, '0')
  return body + checkCharacter(body)
}

function sampleGuardians(random: SampleRandom, adults: readonly string[]): string[] {
  const first = random.pick(adults)
  const second = random.pick(adults)
  return random.below(2) === 0 || second === first ? [first] : [first, second]
}

function adultBirthdate(random: SampleRandom, today: CivilDate): CivilDate {
  if (random.below(50) === 0) return birthday(today, random.pick(ADULT_BOUNDARIES))
  if (random.below(400) === 0) return `${1940 + random.below(15) * 4}-02-29`
  return dayBefore(today, FULL_AGE * 366 + random.below(72 * 365))
}

function minorBirthdate(random: SampleRandom, today: CivilDate): CivilDate {
  if (random.below(10) === 0) {
    return dayBefore(birthday(today, random.pick(MINOR_BOUNDARIES)), -1)
  }
  return dayBefore(today, random.below(FULL_AGE * 365))
}

/** The birth date of somebody who reached `age` today, or yesterday where the day is missing. */
function birthday(today: CivilDate, age: number): CivilDate {
  const date = `${Number(today.slice(0, 4)) - age}${today.slice(4)}`
  return parseCivilDate(date) ?? date.replace(/29$/, '28')
}

function dayBefore(today: CivilDate, days: number): CivilDate {
  const instant = Date.parse(`${today}T00:00:00Z`) - days * 86_400_000
  return new Date(instant).toISOString().slice(0, 10)
}

function csvLine(person: SamplePerson, random: SampleRandom): string {
  const phone = (): string => `1000${String(random.below(10_000_000)).padStart(7, '0')}`
  const cells = [
    person.documentType,
    person.documentNumber,
    person.familyName,
    person.givenName,
    random.below(2) === 0 ? 'male' : 'female',
    person.birthdate,
    person.nationality,
    random.pick(REGIONS),
    phone(),
    phone(),
    person.guardians.join(';'),
  ]
  return `${cells.join(',')}\n`
}
