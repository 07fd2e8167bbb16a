import { IssuerError } from '../issuer-error.js'
import { readDerElement, readDerElements } from './der.js'

/** Identifier of each data group's file (ICAO Doc 9303-10 §4.7), by its number. */
const tags: readonly number[] = [
  0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70,
]

/** Tag of the machine readable zone inside of data group 1. */
const ZONE = 0x5f1f

/** The identifier of a data group's file. */
export function tagOfGroup(number: number): number | undefined {
  return tags[number - 1]
}

/**
 * Refuses a file that is not the data group it is presented as, or that something follows.
 *
 * @throws IssuerError `chip_group_malformed`
 */
export function requireDataGroup(number: number, bytes: Uint8Array): void {
  const isGroup = elementOr(bytes)?.tag === tagOfGroup(number)
  if (!isGroup || tagOfGroup(number) === undefined) throw malformedGroup()
}

/**
 * The text of the machine readable zone in data group 1, its lines one after the other.
 *
 * @throws IssuerError `chip_group_malformed`
 * @see ICAO Doc 9303-10 §4.7.1
 */
export function zoneOfGroup1(bytes: Uint8Array): string {
  const group = elementOr(bytes)
  const zone = group && elementOr(group.content)
  if (group?.tag !== tagOfGroup(1) || zone?.tag !== ZONE) throw malformedGroup()
  const text = Buffer.from(zone.content).toString('latin1')
  if (!/^[A-Z0-9<]{72,90}$/.test(text)) throw malformedGroup()
  return text
}

/** Whether data group 2 holds at least one picture of a face; it is not looked at. */
export function holdsFace(bytes: Uint8Array): boolean {
  const group = elementOr(bytes)
  const templates = group && elementOr(group.content)
  if (templates?.tag !== 0x7f61) return false
  try {
    return readDerElements(templates.content).some(({ tag }) => tag === 0x7f60)
  } catch {
    return false
  }
}

function elementOr(bytes: Uint8Array) {
  try {
    return readDerElement(bytes)
  } catch {
    return undefined
  }
}

function malformedGroup(): IssuerError {
  return new IssuerError(
    'chip_group_malformed',
    'A data group is not what a travel document holds there. Read the chip again.',
  )
}
