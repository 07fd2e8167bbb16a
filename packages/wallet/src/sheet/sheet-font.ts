import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { unpackWoff } from './woff.js'

/** A character in the place of one that the font has not; printers have used it for that for long. */
const MISSING = '〓'

/** The part of Noto Sans SC that comes with the wallet: 7,333 Chinese characters, Latin letters. */
export async function readSheetFont(): Promise<Uint8Array> {
  const file = createRequire(import.meta.url).resolve('@netcert/wallet/fonts/noto-sans-sc-400.woff')
  return unpackWoff(await readFile(file))
}

/** A text with a mark where the font has no character: a gap would be taken for the end of a name. */
export function inFont(text: string, hasGlyph: (codePoint: number) => boolean): string {
  return Array.from(text.normalize('NFC'), (letter) =>
    hasGlyph(letter.codePointAt(0) ?? 0) ? letter : MISSING,
  ).join('')
}
