import { ANSWER_PREFIX, CHALLENGE_PREFIX } from '@netcert/protocol/gate'
import type { GateCode } from './gate-codes.js'

/** What a camera or scanner read: an answer to unpack, or what else it is. */
export type ScannedText =
  | { readonly kind: 'answer'; readonly code: string }
  | {
      readonly kind: 'other'
      readonly code: Extract<
        GateCode,
        'code_foreign' | 'code_challenge' | 'code_damaged' | 'code_too_long'
      >
    }

/** A QR code of version 40-L in alphanumeric mode, and what a scanner puts around it. */
export const MOST_SCANNED_CHARACTERS = 4296 + 16

const BASE45 = /^[0-9A-Z $%*+\-./:]*$/

// What a keyboard in Chinese input types for the signs of Base45, beyond the full-width forms that
// NFKC undoes. None of them stands in a code, so putting them back loses nothing.
const chineseSigns: Readonly<Record<string, string>> = {
  '\u3002': '.',
  '\u3001': '/',
  '\u00a5': '$',
  '\u00d7': '*',
  '\u2014': '-',
}

/**
 * Tells what was read, and takes off what a scanner that acts as a keyboard puts around it or does to
 * it: line ends, tabs and blanks at the ends, its symbology mark, small letters for capitals, and the
 * signs of Chinese input. What cannot be put back is `code_damaged`. Nothing in it is followed.
 */
export function readScanned(text: string): ScannedText {
  if (text.length > MOST_SCANNED_CHARACTERS) return other('code_too_long')
  const bare = withoutFrame(text)
  const code = BASE45.test(bare) ? bare : typedAgain(bare)
  // `NC1:` does not begin `NCC1:`.
  if (code.startsWith(CHALLENGE_PREFIX)) return other('code_challenge')
  if (code.startsWith(ANSWER_PREFIX)) {
    return BASE45.test(code) ? { kind: 'answer', code } : other('code_damaged')
  }
  return other(looksDamaged(code) ? 'code_damaged' : 'code_foreign')
}

/** Base45 never ends in a blank, and the prefix does not begin with one. */
function withoutFrame(text: string): string {
  const inner = text.replaceAll(/^[\s\p{Cc}]+|[\s\p{Cc}]+$/gu, '')
  // ISO/IEC 15424: what some scanners send before the text of a QR code.
  return inner.replace(/^\]Q\d/u, '')
}

function typedAgain(text: string): string {
  const wide = text.normalize('NFKC').toUpperCase()
  return wide.replaceAll(/[\u3002\u3001\u00a5\u00d7\u2014]/gu, (sign) => chineseSigns[sign] ?? sign)
}

/**
 * Under another keyboard layout letters mostly stay and the colon does not; on a French one the 1
 * becomes `&`, and without its shift key `!`.
 */
function looksDamaged(code: string): boolean {
  return /^NC{1,2}[1&!]\S/u.test(code) && code.length > 40
}

function other(code: Extract<ScannedText, { kind: 'other' }>['code']): ScannedText {
  return { kind: 'other', code }
}
