import { type Details, type FieldName, type FieldRecords, type ParseResult, parse } from 'mrz'
import { type CivilDate, civilDateAt, parseCivilDate } from '../civil-date.js'
import { IssuerError } from '../issuer-error.js'
import { countryOfState, isoNationality } from './issuing-states.js'

/** The printed forms of ICAO Doc 9303: cards (parts 5 and 6) and passports (part 4). */
export type ZoneFormat = 'TD1' | 'TD2' | 'TD3'

/** What a machine readable zone says, its check digits tried. */
export type MachineReadableZone = {
  readonly format: ZoneFormat
  /** One or two letters: `P`, `PM`, `I`, … */
  readonly documentCode: string
  /** As written (`CHN`, `D`, `UTO`): who issued the document. */
  readonly issuingState: string
  readonly documentNumber: string
  /** Transliterated, upper case, parts divided by single spaces; Han names as pinyin. */
  readonly familyName: string
  /** As {@link familyName}; empty where the document has one name only. */
  readonly givenName: string
  /** The year is written with two digits: the latest such day that has come. */
  readonly birthdate: CivilDate
  readonly sex: 'male' | 'female' | 'unspecified'
  /** ISO 3166-1 alpha-3, or `XXA` (stateless), `XXB`, `XXC` (refugees), `XXX`. */
  readonly nationality: string
  /** The last day of validity, of this century. */
  readonly expires: CivilDate
}

/** Characters in a line and lines, by characters in all. */
const forms: ReadonlyMap<number, readonly [ZoneFormat, lineLength: number]> = new Map([
  [90, ['TD1', 30]],
  [72, ['TD2', 36]],
  [88, ['TD3', 44]],
])

const sexes = new Map([
  ['male', 'male'],
  ['female', 'female'],
  ['nonspecified', 'unspecified'],
] as const)

/**
 * Reads a machine readable zone: every check digit holds, every date is a day of the calendar.
 *
 * @param text - the lines one after the other, as data group 1 has them
 * @throws IssuerError `chip_zone`
 * @see ICAO Doc 9303-3 §4, Doc 9303-4 to -6
 */
export function parseZone(text: string, now: Date): MachineReadableZone {
  const [format, lineLength] = forms.get(text.length) ?? []
  if (format === undefined || !/^[A-Z0-9<]*$/.test(text)) throw unreadable()
  const { fields, documentNumber, details } = checkedFields(text, format, lineLength ?? 0)
  const sex = sexes.get(fields.sex as 'male')
  const birthdate = birthdateOf(fields, civilDateAt(now))
  const expires = parseCivilDate(`20${dashed(fields.expirationDate)}`)
  if (!documentNumber || !sex || !birthdate || !expires) throw unreadable()
  return {
    format,
    documentCode: textOf(fields.documentCode),
    issuingState: stateOf(details, 'issuingState'),
    documentNumber,
    familyName: nameOf(fields.lastName),
    givenName: nameField(text, format).includes('<<') ? nameOf(fields.firstName) : '',
    birthdate,
    sex,
    nationality: isoNationality(stateOf(details, 'nationality')),
    expires,
  }
}

function checkedFields(text: string, format: ZoneFormat, lineLength: number): ParseResult {
  const read = parse(linesOf(text, lineLength))
  // The library's list of states is not the one of issuing-states.ts, which decides.
  const isValid = read.details.every(({ valid, field }) => valid || isState(field))
  // It takes what looks like a French card of its own layout for one.
  if (isValid && read.format === format && isWholeNumber(text, format)) return read
  throw unreadable()
}

const isState = (field: FieldName | null) => field === 'issuingState' || field === 'nationality'

function stateOf(details: readonly Details[], name: FieldName): string {
  const raw = details.find(({ field }) => field === name)?.ranges[0]
  const state = raw !== undefined && 'raw' in raw ? String(raw.raw).replaceAll('<', '') : ''
  if (countryOfState(state) === undefined && !/^XX[ABCX]$/.test(state)) throw unreadable()
  return state
}

/** Family and given names, divided by two fillers. */
function nameField(text: string, format: ZoneFormat): string {
  return { TD1: text.slice(60), TD2: text.slice(5, 36), TD3: text.slice(5, 44) }[format]
}

function linesOf(text: string, length: number): string[] {
  return Array.from({ length: text.length / length }, (_, at) =>
    text.slice(at * length, (at + 1) * length),
  )
}

/** A number that goes on in the optional field has its check digit there, and ends there. */
function isWholeNumber(text: string, format: ZoneFormat): boolean {
  if (format === 'TD3') return text.charAt(53) !== '<'
  const optional = format === 'TD1' ? text.slice(15, 30) : text.slice(64, 71)
  const goesOn = text.charAt(format === 'TD1' ? 14 : 45) === '<'
  return !goesOn || /^[A-Z0-9]+[0-9]</.test(optional)
}

/** The latest day with those last two digits of the year that is not after today. */
function birthdateOf({ birthDate }: FieldRecords, today: CivilDate): CivilDate | undefined {
  const written = ['20', '19'].map((century) => parseCivilDate(century + dashed(birthDate)))
  return written.find((date) => date !== undefined && date <= today)
}

/** `YYMMDD` with dashes. */
const dashed = (digits: string | null | undefined) =>
  (digits ?? '').replace(/^(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3')

const textOf = (field: string | null | undefined) => field ?? ''

const nameOf = (field: string | null | undefined) => textOf(field).trim().replaceAll(/ +/g, ' ')

function unreadable(): IssuerError {
  return new IssuerError(
    'chip_zone',
    'The machine readable zone is incomplete, or a check digit in it is wrong. Ask for other evidence.',
  )
}
