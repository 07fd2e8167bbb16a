import { isDisplayText } from '@netcert/protocol'

/** What is wrong with a text that will stand on a consent screen. */
export type TextFault =
  | 'text_empty'
  | 'text_too_long'
  | 'text_spacing'
  | 'text_invisible'
  | 'text_styled'
  | 'text_script'
  | 'text_marks'

/** What may be written: Latin, or Latin and Han; digits and punctuation go with both. */
export type TextLanguage = 'zh-CN' | 'en'

const SCRIPTS: Readonly<Record<TextLanguage, RegExp>> = {
  'zh-CN': /^[\p{sc=Han}\p{sc=Latn}\p{sc=Zyyy}\p{sc=Zinh}]*$/u,
  en: /^[\p{sc=Latn}\p{sc=Zyyy}\p{sc=Zinh}]*$/u,
}

/** Letters, digits and signs that only look different: 𝐀, Ⓐ, Ａ, ＠, ﬁ. Full-width marks are usual. */
const STYLED = /[\p{L}\p{N}\p{S}]/u
const TWO_MARKS = /^\p{M}|\p{M}{2}/u

/**
 * What is wrong with a text, or `null`. After UTS 39, "highly restrictive": one script, or Han with
 * Latin; nothing that is invisible, turns the direction, or imitates another character.
 *
 * @param most - Characters at most.
 */
export function textFault(text: string, language: TextLanguage, most: number): TextFault | null {
  if (text === '') return 'text_empty'
  if (Array.from(text).length > most) return 'text_too_long'
  // Controls, direction marks, zero-width, private and unassigned characters; lone surrogates too.
  if (/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u.test(text)) return 'text_invisible'
  if (/^\s|\s$|\s\s|[^\S ]/u.test(text)) return 'text_spacing'
  if (text.normalize('NFC') !== text || Array.from(text).some(isStyled)) return 'text_styled'
  if (/\p{Extended_Pictographic}/u.test(text)) return 'text_styled'
  if (TWO_MARKS.test(text)) return 'text_marks'
  if (!SCRIPTS[language].test(text)) return 'text_script'
  // The rule of whoever reads the accreditation has the last word.
  return isDisplayText(text) ? null : 'text_invisible'
}

function isStyled(character: string): boolean {
  return STYLED.test(character) && character.normalize('NFKC') !== character
}

/** Of what Latin and digits can be mistaken for inside one script (UTS 39 §4, a small part). */
const ALIKE: ReadonlyMap<string, string> = new Map([
  ['0', 'o'],
  ['1', 'l'],
  ['i', 'l'],
  ['|', 'l'],
  ['!', 'l'],
  ['5', 's'],
  ['8', 'b'],
  ['ı', 'l'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ł', 'l'],
  ['口', '囗'],
  ['未', '末'],
  ['土', '士'],
  ['曰', '日'],
  ['己', '已'],
  ['巳', '已'],
  ['人', '入'],
  ['〇', 'o'],
])

/**
 * What a name looks like at a glance: two names with the same skeleton are taken for each other.
 * Accents, case, spaces and punctuation do not count; `rn` is `m`, `vv` is `w`.
 */
export function nameSkeleton(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}\p{P}\p{Z}]/gu, '')
  const glyphs = Array.from(plain, (character) => ALIKE.get(character) ?? character).join('')
  return glyphs.replaceAll('rn', 'm').replaceAll('vv', 'w').replaceAll('cl', 'd')
}
