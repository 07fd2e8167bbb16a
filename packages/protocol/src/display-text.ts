/** Longest text that is shown as a name or a purpose, in graphemes. */
export const MAX_DISPLAY_GRAPHEMES = 200

/** A text in the two languages of the project. */
export type LocalisedText = { readonly 'zh-CN': string; readonly en: string }

/**
 * What nobody sees, or what changes how the text around it is read: control characters, lone
 * surrogates, private use, unassigned and noncharacters; separators of lines and paragraphs, every
 * space but the plain one; format characters, among them bidirectional marks, zero-width characters
 * and tags; fillers and variation selectors.
 */
const unseen =
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u

const segmenter = new Intl.Segmenter('zh-CN', { granularity: 'grapheme' })

/**
 * Whether a text may stand on a consent screen as it is: 1 to 200 graphemes, in normal form C, with
 * nothing unseen in it, not blank at an end, and no letter buried under marks.
 */
export function isDisplayText(text: string): boolean {
  if (text.length === 0 || text.length > MAX_DISPLAY_GRAPHEMES * 16) return false
  if (unseen.test(text) || text !== text.normalize('NFC') || text !== text.trim()) return false
  if (/\p{M}{4}/u.test(text)) return false
  let graphemes = 0
  for (const _ of segmenter.segment(text)) {
    graphemes += 1
    if (graphemes > MAX_DISPLAY_GRAPHEMES) return false
  }
  return true
}

/** What a person should be told about a name before they believe it. */
export type NameWarning = 'mixed_script' | 'look_alike'

/**
 * Whether a name may be read as another one: letters of several scripts that do not belong together
 * in one word, or a word of foreign letters that all look Latin. Chinese with Latin is usual here and
 * no warning. A name in one look-alike Han character is not found: no table tells those apart.
 *
 * @see Unicode Technical Standard 39 §5.2 ("Highly Restrictive")
 */
export function nameWarning(text: string): NameWarning | null {
  const words = text.normalize('NFKC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  if (words.some(mixesScripts)) return 'mixed_script'
  return words.some(looksLatin) ? 'look_alike' : null
}

const scripts = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Arabic}/u,
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}]/u,
] as const
/** Scripts that are written together every day: Latin with Han and its neighbours. */
const EAST_ASIAN = scripts.length - 1
const LATIN = 0

function mixesScripts(word: string): boolean {
  const found = scripts.flatMap((script, at) => (script.test(word) ? [at] : []))
  const other = /\p{L}/u.test(word) && foreignLetters(word) ? 1 : 0
  if (found.length + other < 2) return false
  return !(found.length + other === 2 && found.includes(LATIN) && found.includes(EAST_ASIAN))
}

/** A letter of a script that is not listed above. */
function foreignLetters(word: string): boolean {
  for (const letter of word.match(/\p{L}/gu) ?? []) {
    const isListed = scripts.some((script) => script.test(letter))
    if (!isListed && !/[\p{Script=Common}\p{Script=Inherited}]/u.test(letter)) return true
  }
  return false
}

// Letters of other scripts that are drawn like Latin ones in usual fonts.
const lookalikes =
  /^[\p{M}\p{N}\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u03c1\u03b1\u03b9\u03ba\u03c5\u0405\u0406\u0408\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u04ae\u04af\u04bb\u04c0\u04cf\u0501\u051b\u051d\u0570\u0578\u057d\u0585\u0561\u13a0\u13aa\u13ab\u13ac\u13b3\u13b7\u13bb\u13c0\u13c2\u13c3\u13ce\u13cf\u13d2\u13d4\u13da\u13de\u13df\u13e2\u13e6]+$/u

function looksLatin(word: string): boolean {
  return /\p{L}/u.test(word) && !/\p{Script=Latin}/u.test(word) && lookalikes.test(word)
}
