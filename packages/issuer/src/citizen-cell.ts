import type { RowNormalisation } from './citizen-row.js'
import type { RowRefusal } from './row-refusal.js'

/** Controls, format and bidi characters, fillers and variation selectors: all that is invisible. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
/** What a decoder leaves where bytes were no UTF-8. */
const REPLACEMENT = '\uFFFD'
/** Space of any width around a cell. */
export const OUTER_SPACE = /^\p{Zs}+|\p{Zs}+$/gu
const FULL_WIDTH = /[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A]/g

/** Ends the reading of a row; turned into an outcome where the row is read. */
export class Refused extends Error {
  readonly code: RowRefusal
  /** The column, for a refusal that any column can have. */
  readonly field: string | undefined
  constructor(code: RowRefusal, field?: string) {
    super(code)
    this.code = code
    this.field = field
  }
}

/** One cell without the space around it. @throws Refused `encoding`, `control_character` */
export function cleanCell(text: string, notes: Set<RowNormalisation>, column?: string): string {
  if (text.includes(REPLACEMENT)) throw new Refused('encoding', column)
  if (INVISIBLE.test(text)) throw new Refused('control_character', column)
  const trimmed = text.replace(OUTER_SPACE, '')
  if (trimmed !== text) notes.add('trimmed')
  return trimmed
}

/** Upper case, ASCII digits and letters; nothing else is forgiven in a document number. */
export function normalNumber(text: string, notes: Set<RowNormalisation>): string {
  const ascii = text.replace(FULL_WIDTH, (wide) =>
    String.fromCharCode(wide.charCodeAt(0) - 0xff00 + 0x20),
  )
  if (ascii !== text) notes.add('full_width_digits_normalised')
  const upper = ascii.replace(/[a-z]/g, (letter) => letter.toUpperCase())
  if (upper !== ascii) notes.add('check_character_upper_cased')
  return upper
}
