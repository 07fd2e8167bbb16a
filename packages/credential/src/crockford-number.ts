import { CredentialError, type CredentialErrorCode } from './errors.js'

/** Crockford base32: no I, L, O, U, so that nothing is mistaken for a digit or a word. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const GROUP = 5

/** How many symbols a number has before its check digits: 100 bits. */
export const NUMBER_SYMBOLS = 20

/** The symbol of the low five bits of `value`. */
export function crockfordSymbol(value: number): string {
  return ALPHABET.charAt(value & 31)
}

/** A kind of number: what people call it, what it begins with, and the code of a text that is none. */
export type NumberKind = {
  readonly name: string
  readonly prefix: '' | 'P'
  readonly code: CredentialErrorCode
}

/**
 * Reads a number as a person writes it: in any case, with blanks or hyphens between groups, with O
 * for 0 and I or L for 1.
 *
 * @returns The prefix, 20 symbols and two check digits that fit.
 * @throws CredentialError with the code of its kind, for anything else.
 */
export function readCrockfordNumber(text: string, { name, prefix, code }: NumberKind): string {
  const refuse = (reason: string) =>
    new CredentialError(code, `This is no ${name}. ${reason} Compare it with the original.`)
  const length = prefix.length + NUMBER_SYMBOLS + 2
  // The longest sensible spelling has a separator after every symbol.
  if (text.length > 2 * length) throw refuse('It is too long.')
  const canonical = text
    .toUpperCase()
    .replaceAll(/[\s-]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/gu, '1')
  if (!canonical.startsWith(prefix)) throw refuse(`It does not begin with ${prefix}.`)
  if (canonical.length !== length) throw refuse(`It has not ${length} characters.`)
  const symbols = canonical.slice(prefix.length, -2)
  for (const symbol of symbols) {
    if (!ALPHABET.includes(symbol)) throw refuse('It holds a character that is not used.')
  }
  if (canonical.slice(-2) !== crockfordCheckDigits(symbols)) {
    throw refuse('Its check digits do not fit: a character is wrong or two are swapped.')
  }
  return canonical
}

/** The form for people's eyes: groups of five, parted by a blank. */
export function groupNumber(canonical: string): string {
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
