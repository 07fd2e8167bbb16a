import PDFDocument from 'pdfkit'
import { inFont, readSheetFont } from './sheet-font.js'

/** A4 in points, 72 to the inch. */
export const PAGE = { width: 595.28, height: 841.89 } as const

/** Where text goes, and how large. */
export type Place = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly size: number
  /** After so many it ends with an ellipsis; one unless told. */
  readonly lines?: number
  readonly quiet?: boolean
}

/** A page that is being drawn. */
export type Pen = {
  /** @returns where the next line begins */
  text(text: string, place: Place): number
  /** A frame that asks to be read. */
  box(place: {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  }): void
  /** A line to cut along. */
  cut(from: readonly [number, number], to: readonly [number, number]): void
  /** Dark squares of one unit's side, from an origin. */
  squares(
    origin: readonly [number, number],
    unit: number,
    at: Iterable<readonly [number, number]>,
  ): void
  /** @returns the bytes of the PDF file */
  finish(): Promise<Uint8Array>
}

const LEADING = 1.5
const INK = '#1a1a1a'
const QUIET_INK = '#4d4d4d'

/** Begins a document of one page. */
export async function openPage(of: {
  readonly title: string
  readonly drawnAt: Date
}): Promise<Pen> {
  const page = new PDFDocument({
    ...{ size: [PAGE.width, PAGE.height], margin: 0, lang: 'zh-CN', displayTitle: true },
    // Without a name the library reads none of its own fonts, which have no Chinese.
    ...{ font: '', pdfVersion: '1.7' },
    info: { Title: of.title, Creator: 'netcert', CreationDate: of.drawnAt },
  })
  const chunks: Uint8Array[] = []
  page.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  const ended = new Promise<void>((resolve, reject) => page.on('end', resolve).on('error', reject))
  page.font(Buffer.from(await readSheetFont()))
  const finish = async () => {
    page.end()
    await ended
    return Buffer.concat(chunks)
  }
  return { ...penOn(page), finish }
}

function penOn(page: PDFKit.PDFDocument): Omit<Pen, 'finish'> {
  const hasGlyph = glyphsOf(page)
  return {
    text(text, { x, y, width, size, lines = 1, quiet = false }) {
      page.fontSize(size).fillColor(quiet ? QUIET_INK : INK)
      const height = lines * size * LEADING
      const shown = inFont(text, hasGlyph)
      page.text(shown, x, y, { width, height, ellipsis: '…' })
      return y + Math.min(height, page.heightOfString(shown, { width }))
    },
    box: ({ x, y, width, height }) => void page.rect(x, y, width, height).lineWidth(1).stroke(INK),
    cut(from, to) {
      page
        .moveTo(...from)
        .lineTo(...to)
        .lineWidth(0.6)
      page.dash(4, { space: 4 }).stroke(QUIET_INK).undash()
    },
    squares([left, top], unit, at) {
      for (const [column, row] of at) {
        page.rect(left + column * unit, top + row * unit, unit, unit)
      }
      // One fill for all: between squares filled one by one a viewer may leave a light seam.
      page.fill('#000000')
    },
  }
}

/** Which characters the font has. The library knows, and has no public word for it. */
function glyphsOf(page: PDFKit.PDFDocument): (codePoint: number) => boolean {
  const { _font } = page as unknown as {
    readonly _font: { readonly font: { hasGlyphForCodePoint(codePoint: number): boolean } }
  }
  return (codePoint) => _font.font.hasGlyphForCodePoint(codePoint)
}
