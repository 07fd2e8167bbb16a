/**
 * What a terminal would obey instead of show: C0 and C1 controls (so ANSI and OSC sequences), DEL,
 * the bidirectional controls, line and paragraph separators, invisible joiners and fillers, tag
 * characters, noncharacters, and halves of surrogate pairs.
 */
const unsafe =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]|[\p{Bidi_Control}\u{fff9}-\u{fffb}]/gu

/**
 * Text that can be shown on a terminal or in a log without rewriting it: every character that
 * would be obeyed, or that hides, becomes a visible `\u{…}`. Everything from outside goes through
 * here on its way to a screen.
 *
 * @param limit - Longest result in UTF-16 units; what is beyond becomes `…`.
 */
export function printable(text: string, limit = 2_000): string {
  const short = text.length > limit ? `${text.slice(0, limit)}…` : text
  return short.replace(unsafe, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/**
 * JSON text of a value on one line. The same characters are written as JSON's own `\uXXXX`, so
 * that nothing is lost to a program and nothing reaches a terminal raw.
 */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(unsafe, (character) =>
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/** Columns a text takes on a terminal: East Asian wide characters take two, combining marks none. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) {
    if (/\p{Mark}/u.test(character)) continue
    width += isWide(character.codePointAt(0) ?? 0) ? 2 : 1
  }
  return width
}

function isWide(point: number): boolean {
  return (
    (point >= 0x1100 && point <= 0x115f) ||
    (point >= 0x2e80 && point <= 0xa4cf) ||
    (point >= 0xac00 && point <= 0xd7a3) ||
    (point >= 0xf900 && point <= 0xfaff) ||
    (point >= 0xfe30 && point <= 0xfe6f) ||
    (point >= 0xff00 && point <= 0xff60) ||
    (point >= 0xffe0 && point <= 0xffe6) ||
    (point >= 0x1f300 && point <= 0x1faff) ||
    (point >= 0x20000 && point <= 0x3fffd)
  )
}
