import { randomBytes } from 'node:crypto'

/** Crockford base32: no I, L, O, U, so that nothing is mistaken for a digit or a word. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Finds the row (40 bits); says nothing and opens nothing. */
const LOCATOR_SYMBOLS = 8
/** Is the secret (50 bits); with so few tries nobody guesses it. */
const SECRET_SYMBOLS = 10
const CHECK_DIGITS = 2
const LENGTH = LOCATOR_SYMBOLS + SECRET_SYMBOLS + CHECK_DIGITS
const GROUP = /.{5}(?=.)/g
const FORM = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`)

/** A revocation code in its normal form, and the part it is found by. */
export type RevocationCodeText = { readonly code: string; readonly locator: string }

/** A new code: 18 random symbols and two check digits, in four groups of five for printing. */
export function createRevocationCodeText(): RevocationCodeText & { readonly printed: string } {
  let symbols = ''
  for (const byte of randomBytes(LOCATOR_SYMBOLS + SECRET_SYMBOLS)) {
    symbols += ALPHABET.charAt(byte & 31)
  }
  const code = symbols + checkDigits(symbols)
  return { code, locator: locatorOf(code), printed: code.replace(GROUP, '$& ') }
}

/**
 * Reads a code as a person types it: in any case, with blanks or hyphens, O for 0, I or L for 1.
 * `undefined` for a mistyped one: the check digits tell that without anybody looking for it.
 */
export function readRevocationCode(text: string): RevocationCodeText | undefined {
  if (text.length > 4 * LENGTH) return undefined
  const code = text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
  if (!FORM.test(code)) return undefined
  if (code.slice(-CHECK_DIGITS) !== checkDigits(code.slice(0, -CHECK_DIGITS))) return undefined
  return { code, locator: locatorOf(code) }
}

function locatorOf(code: string): string {
  return code.slice(0, LOCATOR_SYMBOLS)
}

/** As in an IBAN, letters as 10 to 35. @see ISO 7064 MOD 97-10 */
function checkDigits(symbols: string): string {
  let remainder = 0
  for (const symbol of symbols) {
    const value = Number.parseInt(symbol, 36)
    remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97
  }
  return String(98 - ((remainder * 100) % 97)).padStart(2, '0')
}
