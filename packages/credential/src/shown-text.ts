/** Every text that a person is shown and that somebody else chose is bounded. */
export const MAX_SHOWN_GRAPHEMES = 200

/** What somebody reads as one sign never needs more; it keeps the segmenter off endless input. */
const MAX_SHOWN_UNITS = MAX_SHOWN_GRAPHEMES * 8

let segmenter: Intl.Segmenter | undefined

/** Whether a text has at most 200 graphemes, what people count as characters (UAX 29). */
export function isShowableLength(text: string): boolean {
  // A text has at most as many graphemes as code units: most need no segmenter.
  if (text.length <= MAX_SHOWN_GRAPHEMES) return true
  if (text.length > MAX_SHOWN_UNITS) return false
  return endOfShown(text) === text.length
}

/** The text, or its first 200 graphemes and an ellipsis; no sign is cut in two. */
export function shortenShown(text: string): string {
  if (isShowableLength(text)) return text
  return `${text.slice(0, endOfShown(text.slice(0, MAX_SHOWN_UNITS)))}…`
}

/** Where the 200th grapheme ends, or the text. */
function endOfShown(text: string): number {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' })
  let count = 0
  for (const { index } of segmenter.segment(text)) {
    if (count === MAX_SHOWN_GRAPHEMES) return index
    count += 1
  }
  return text.length
}
