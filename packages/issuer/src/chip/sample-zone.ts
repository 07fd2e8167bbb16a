import { IssuerError } from '../issuer-error.js'
import { type MachineReadableZone, parseZone } from './machine-readable-zone.js'

/** What a sample document says. */
export type SampleDocument = Omit<MachineReadableZone, 'issuingState'>

/**
 * Writes a machine readable zone, its lines one after the other, and reads it back.
 *
 * @param issuingState - `UTO` for everything that leaves a test
 * @throws IssuerError `sample_document_malformed` when it cannot say exactly that
 * @see ICAO Doc 9303-4 to -6
 */
export function createZone(document: SampleDocument, issuingState: string, now: Date): string {
  const text = layouts[document.format](document, issuingState)
  const wanted: MachineReadableZone = { ...document, issuingState }
  if (!isSame(readBack(text, now), wanted)) throw unwritable()
  return text
}

/** ICAO Doc 9303-3 §4.9: weights 7, 3, 1; letters count from 10, fillers nothing. */
function checkDigit(text: string): string {
  const sum = Array.from(text).reduce((total, character, at) => {
    const value = character === '<' ? 0 : Number.parseInt(character, 36)
    return total + value * ([7, 3, 1][at % 3] ?? 0)
  }, 0)
  return String(sum % 10)
}

const layouts: Readonly<
  Record<MachineReadableZone['format'], (it: SampleDocument, state: string) => string>
> = {
  TD3: (it, state) => {
    const number = checked(filled(it.documentNumber, 9))
    const personal = `${filled('', 14)}0`
    const end = composite(number, birth(it), expiry(it) + personal)
    return `${head(it, state)}${names(it, 39)}${number}${middle(it)}${personal}${end}`
  },
  TD2: (it, state) => {
    const number = checked(filled(it.documentNumber, 9))
    const optional = filled('', 7)
    const end = composite(number, birth(it), expiry(it) + optional)
    return `${head(it, state)}${names(it, 31)}${number}${middle(it)}${optional}${end}`
  },
  TD1: (it, state) => {
    const number = checked(filled(it.documentNumber, 9)) + filled('', 15)
    const optional = filled('', 11)
    const end = composite(number, birth(it), expiry(it) + optional)
    const second = `${birth(it)}${sexOf(it)}${expiry(it)}${filled(it.nationality, 3)}`
    return `${head(it, state)}${number}${second}${optional}${end}${names(it, 30)}`
  },
}

const head = ({ documentCode }: SampleDocument, state: string) =>
  filled(documentCode, 2) + filled(state, 3)

const middle = (it: SampleDocument) =>
  `${filled(it.nationality, 3)}${birth(it)}${sexOf(it)}${expiry(it)}`

const names = ({ familyName, givenName }: SampleDocument, length: number) =>
  filled(`${familyName}<<${givenName}`.replaceAll(/[ '-]/g, '<'), length)

const birth = ({ birthdate }: SampleDocument) => checked(shortDate(birthdate))

const expiry = ({ expires }: SampleDocument) => checked(shortDate(expires))

const sexOf = ({ sex }: SampleDocument) => ({ male: 'M', female: 'F', unspecified: '<' })[sex]

const composite = (...parts: readonly string[]) => checkDigit(parts.join(''))

const checked = (text: string) => text + checkDigit(text)

const shortDate = (date: string) => date.slice(2).replaceAll('-', '')

const filled = (text: string, length: number) => text.padEnd(length, '<').slice(0, length)

function readBack(text: string, now: Date): MachineReadableZone | undefined {
  try {
    return parseZone(text, now)
  } catch {
    return undefined
  }
}

function isSame(read: MachineReadableZone | undefined, wanted: MachineReadableZone): boolean {
  if (read === undefined) return false
  return Object.entries(read).every(
    ([name, value]) => wanted[name as keyof typeof wanted] === value,
  )
}

function unwritable(): IssuerError {
  return new IssuerError(
    'sample_document_malformed',
    'A machine readable zone cannot say what the sample document shall say. Use capital letters A to Z, a number of at most nine characters, three-letter countries and dates of the calendar.',
  )
}
