import { randomBytes } from '@netcert/credential/crypto'
import { CredentialError } from './errors.js'

/** Crockford base32: no I, L, O, U, so that nothing is mistaken for a digit or a word. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const SYMBOLS = 20
const GROUP = 5

/**
 * A new network number: 20 random Crockford symbols (100 bits) and two check digits, 22 characters.
 * It is drawn, never derived, so it says nothing about the person.
 *
 * @param random - 20 bytes, of which the low five bits each are used; for tests with a fixed value.
 * @throws TypeError when `random` is not 20 bytes.
 */
export function createNetworkNumber(random: Uint8Array = randomBytes(SYMBOLS)): string {
  if (random.length !== SYMBOLS) throw new TypeError(`A network number takes ${SYMBOLS} bytes.`)
  let symbols = ''
  for (const byte of random) symbols += ALPHABET.charAt(byte & 31)
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
  // The longest sensible spelling has a separator after every symbol.
  if (text.length > 2 * (SYMBOLS + 2)) throw malformed('It is too long.')
  const canonical = text
    .toUpperCase()
    .replaceAll(/[\s-]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/gu, '1')
  if (canonical.length !== SYMBOLS + 2) throw malformed(`It has not ${SYMBOLS + 2} characters.`)
  const symbols = canonical.slice(0, SYMBOLS)
  for (const symbol of symbols) {
    if (!ALPHABET.includes(symbol)) throw malformed('It holds a character that is not used.')
  }
  if (canonical.slice(SYMBOLS) !== crockfordCheckDigits(symbols)) {
    throw malformed('Its check digits do not fit: a character is wrong or two are swapped.')
  }
  return canonical
}

/**
 * The form for people's eyes: groups of five, parted by a blank.
 *
 * @throws CredentialError `network_number_malformed`
 */
export function formatNetworkNumber(number: string): string {
  const canonical = parseNetworkNumber(number)
  const groups: string[] = []
  for (let at = 0; at < canonical.length; at += GROUP) groups.push(canonical.slice(at, at + GROUP))
  return groups.join(' ')
}

/**
 * Two check digits over Crockford symbols: 98 minus the remainder of `symbols || 00` by 97, with A as
 * 10 to Z as 35, as in an IBAN. They find every digit taken for another digit, every letter for
 * another letter and every swap of two digits or two letters; of all else they miss one in 97.
 *
 * @see ISO 7064 MOD 97-10, ISO 13616
 */
export function crockfordCheckDigits(symbols: string): string {
  let remainder = 0
  for (const symbol of symbols) {
    const value = Number.parseInt(symbol, 36)
    remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97
  }
  return String(98 - ((remainder * 100) % 97)).padStart(2, '0')
}

function malformed(reason: string): CredentialError {
  return new CredentialError(
    'network_number_malformed',
    `This is no network number. ${reason} Compare it with the original.`,
  )
}
