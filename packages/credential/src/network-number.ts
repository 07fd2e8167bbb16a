import { randomBytes } from '@netcert/credential/crypto'
import {
  crockfordCheckDigits,
  crockfordSymbol,
  groupNumber,
  NUMBER_SYMBOLS,
  type NumberKind,
  readCrockfordNumber,
} from './crockford-number.js'

/**
 * A new network number: 20 random Crockford symbols (100 bits) and two check digits, 22 characters.
 * It is drawn, never derived, so it says nothing about the person.
 *
 * @param random - 20 bytes, of which the low five bits each are used; for tests with a fixed value.
 * @throws TypeError when `random` is not 20 bytes.
 */
export function createNetworkNumber(random: Uint8Array = randomBytes(NUMBER_SYMBOLS)): string {
  if (random.length !== NUMBER_SYMBOLS) {
    throw new TypeError(`A network number takes ${NUMBER_SYMBOLS} bytes.`)
  }
  let symbols = ''
  for (const byte of random) symbols += crockfordSymbol(byte)
  return symbols + crockfordCheckDigits(symbols)
}

/**
 * Reads a network number as a person writes it: in any case, with blanks or hyphens between groups,
 * with O for 0 and I or L for 1.
 *
 * @returns The canonical 22 characters.
 * @throws CredentialError `network_number_malformed` for a wrong length, a symbol that is none, or
 * check digits that do not fit.
 */
export function parseNetworkNumber(text: string): string {
  return readCrockfordNumber(text, kind)
}

/**
 * The form for people's eyes: groups of five, parted by a blank.
 *
 * @throws CredentialError `network_number_malformed`
 */
export function formatNetworkNumber(number: string): string {
  return groupNumber(parseNetworkNumber(number))
}

const kind: NumberKind = { name: 'network number', prefix: '', code: 'network_number_malformed' }
