import { createNetworkNumber, formatNetworkNumber, parseNetworkNumber } from '@netcert/credential'

const LEAST_CHARACTERS = 12
const LEAST_DIFFERENT = 5
/** Of digits alone there have to be more: each says less. */
const LEAST_DIGITS = 20
/** Symbols that do not follow from the one before, and symbols beside a well-known word. */
const LEAST_UNFORESEEN = 8

/** A passphrase that nobody guesses: 100 random bits, in groups that can be copied by hand. */
export function suggestPassphrase(): string {
  // The same form as a network number, because people read that form aloud without mistakes.
  return formatNetworkNumber(createNetworkNumber())
}

/** One spelling for what people type the same: a suggested one in any form, else blanks and NFKC. */
export function canonicalPassphrase(passphrase: string): string {
  return suggested(passphrase) ?? passphrase.normalize('NFKC').trim().replaceAll(/\s+/gu, ' ')
}

/**
 * Whether a passphrase is long, and not of what is tried first: digits alone, rows, repetitions, or a
 * well-known word with a few digits. Nothing measures what a person will think of: the one that is
 * suggested is the one to take.
 */
export function isStrongPassphrase(passphrase: string): boolean {
  const text = canonicalPassphrase(passphrase)
  const symbols = Array.from(text)
  if (symbols.length < LEAST_CHARACTERS || new Set(symbols).size < LEAST_DIFFERENT) return false
  if (suggested(passphrase) !== null) return true
  const digits = symbols.filter((symbol) => /\p{Nd}/u.test(symbol)).length
  if (!/[^\p{Nd}\s\p{P}]/u.test(text) && digits < LEAST_DIGITS) return false
  return !repeatsItself(symbols) && !isRow(symbols) && !isKnownWord(text)
}

function suggested(passphrase: string): string | null {
  try {
    return parseNetworkNumber(passphrase)
  } catch {
    return null
  }
}

/** The same part again, up to the end: `123456123456`, `abcabcabcabca`. */
function repeatsItself(symbols: readonly string[]): boolean {
  const half = Math.floor(symbols.length / 2)
  return Array.from({ length: half }, (_, at) => at + 1).some((step) =>
    symbols.every((symbol, at) => at < step || symbol === symbols[at - step]),
  )
}

/** Mostly neighbours of the alphabet or of the digits: `112233445566`, `abcdefghijkl`. */
function isRow(symbols: readonly string[]): boolean {
  const codes = symbols.map((symbol) => symbol.codePointAt(0) ?? 0)
  const foreseen = codes.filter((code, at) => Math.abs(code - (codes[at - 1] ?? -2)) <= 1).length
  return symbols.length - foreseen < LEAST_UNFORESEEN
}

const WORDS = [
  ...['password', 'passwort', 'passwd', 'passphrase', 'iloveyou', 'letmein', 'welcome', 'trustno'],
  ...['qwertyuiop', 'qwerty', 'qwertz', 'asdfghjkl', 'asdfgh', 'zxcvbnm', 'zxcvbn', 'qazwsx'],
  ...['administrator', 'admin', 'login', 'secret', 'dragon', 'monkey', 'football', 'sunshine'],
  ...['princess', 'superman', 'netcert', 'wallet', 'abcdef', 'woaini', 'mima', 'zhongguo'],
  ...['wangzheng', 'wodemima', '我爱你', '密码', '口令', '凭证夹', '网证'],
]
/** What is written for a letter by whoever thinks that nobody else does. */
const WRITTEN_FOR: Readonly<Record<string, string>> = {
  ...{ a: 'a@4', e: 'e3', i: 'i1!', l: 'l1', o: 'o0', s: 's$5', t: 't7' },
}
const KNOWN = new RegExp(
  WORDS.map((word) => word.replaceAll(/[aeilost]/g, (it) => `[${WRITTEN_FOR[it] ?? it}]`)).join(
    '|',
  ),
  'giu',
)

/** A word that everybody takes, and too little beside it: `password1234`, `P@ssw0rd 2026!`. */
function isKnownWord(text: string): boolean {
  const beside = text.replaceAll(KNOWN, '')
  const letters = Array.from(beside.replaceAll(/[^\p{L}]/gu, ''))
  return beside !== text && letters.length < LEAST_UNFORESEEN
}
