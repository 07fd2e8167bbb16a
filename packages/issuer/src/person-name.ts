import { isShowableLength, MAX_SHOWN_GRAPHEMES } from '@netcert/credential'

/** Names are bounded like every text a person sees; see docs/formats/citizens-csv.md. */
const NAME_MAX_GRAPHEMES = MAX_SHOWN_GRAPHEMES

/** A grapheme of a name never needs more; normal forms are not made of endless input. */
const NAME_MAX_UNITS = NAME_MAX_GRAPHEMES * 8

/** Spaces of every width; a space inside Han text is a typing accident, inside Latin it is part. */
const HAN_INNER_SPACE = /(?<=\p{Script=Han})\p{Zs}+(?=\p{Script=Han})/gu
const SPACE_RUN = /\p{Zs}+/gu

/** Every dot people type between the parts of a name; the full stop only between Han. */
const MIDDLE_DOTS =
  /[\u16EB\u2022\u2027\u2219\u22C5\u25CF\u2E31\u2E33\u30FB\uA78F\uFF65]|(?<=\p{Script=Han})[.\u2024\uFE52\uFF0E](?=\p{Script=Han})/gu

/** One part of a name: letters with at most two marks each, joined by one joiner at a time. */
const LETTER = String.raw`(?=[\p{L}\u3007])[\p{Script=Han}\p{Script=Latin}]\p{M}{0,2}`
const NAME = new RegExp(String.raw`^${LETTER}(?:(?:[ \u00B7'\u2019-]|\. ?)?${LETTER})*\.?$`, 'u')
/** Full width Latin letters look like others and are never what a register holds. */
const FULL_WIDTH_LATIN = /[\uFF21-\uFF3A\uFF41-\uFF5A]/u

export type NameNormalisation = 'inner_space_removed' | 'middle_dot_normalised' | 'nfc_normalised'

export type NameReading =
  | { readonly name: string; readonly normalised: readonly NameNormalisation[] }
  | { readonly refused: 'name_too_long' | 'name_characters' }

/**
 * Reads one part of a name (family or given), already trimmed and free of control characters.
 * An empty part stays empty: whether that is allowed is the row's question.
 */
export function readName(text: string): NameReading {
  if (text.length > NAME_MAX_UNITS) return { refused: 'name_too_long' }
  const normalised: NameNormalisation[] = []
  const apply = (step: NameNormalisation, before: string, after: string): string => {
    if (before !== after) normalised.push(step)
    return after
  }
  let name = apply('nfc_normalised', text, text.normalize('NFC'))
  name = apply(
    'inner_space_removed',
    name,
    name.replace(HAN_INNER_SPACE, '').replace(SPACE_RUN, ' '),
  )
  name = apply('middle_dot_normalised', name, name.replace(MIDDLE_DOTS, '\u00B7'))
  if (!isShowableLength(name)) return { refused: 'name_too_long' }
  if (name !== '' && (!NAME.test(name) || FULL_WIDTH_LATIN.test(name))) {
    return { refused: 'name_characters' }
  }
  return { name, normalised }
}
