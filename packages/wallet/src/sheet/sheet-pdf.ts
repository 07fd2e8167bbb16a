import type { LocalisedText } from '@netcert/protocol'
import { create } from 'qrcode'
import { MOST_PASSES, type SheetContent, type SheetPass } from './sheet-content.js'
import { openPage, PAGE, type Pen } from './sheet-page.js'
import { chinaTime, passNumber, sheetWords } from './sheet-words.js'

const MARGIN = 36
const COLUMNS = 2
const GRID_TOP = 190
const CELL_WIDTH = (PAGE.width - 2 * MARGIN) / COLUMNS
const CELL_HEIGHT = (PAGE.height - MARGIN - GRID_TOP) / (MOST_PASSES / COLUMNS)
/** Light around a code, which scanners need (ISO/IEC 18004 §6.3.8). */
const QUIET_MODULES = 4
const CODE_SIDE = 148

/**
 * Draws a sheet of passes: one A4 page with a code, its number, its end and the bearer's words on each
 * piece, and lines to cut along. Text is text, with the part of its font that it needs.
 *
 * @returns The bytes of the PDF file.
 * @throws TypeError for no passes, or more than `MOST_PASSES`
 */
export async function drawSheet(content: SheetContent): Promise<Uint8Array> {
  const { passes, printedAt } = content
  const venue = { ...content.venue, en: straightQuotes(content.venue.en) }
  if (passes.length === 0 || passes.length > MOST_PASSES) throw new TypeError('1 to 8 passes')
  const title = `${sheetWords.title.en}: ${venue.en}`
  const pen = await openPage({ title, drawnAt: printedAt })
  drawHead(pen, { ...content, venue })
  for (const [index, pass] of passes.entries()) {
    drawPass(pen, { ...content, venue }, { pass, index })
  }
  drawCuttingLines(pen, Math.ceil(passes.length / COLUMNS))
  return pen.finish()
}

function drawHead(pen: Pen, { venue, shows, printedAt }: SheetContent): void {
  const line = { x: MARGIN, width: PAGE.width - 2 * MARGIN }
  const { title, rules, printed, zone } = sheetWords
  let y = pen.text(inBoth(title), { ...line, y: MARGIN - 8, size: 10, quiet: true })
  y = pen.text(venue['zh-CN'], { ...line, y, size: 17 })
  if (venue.en !== venue['zh-CN']) y = pen.text(venue.en, { ...line, y, size: 10 })
  y = drawBearerBox(pen, y + 4)
  y = pen.text(rules['zh-CN'], { ...line, y: y + 5, size: 7.5 })
  y = pen.text(rules.en, { ...line, y, size: 7.5 })
  y = pen.text(learned(shows), { ...line, y, size: 7.5, quiet: true })
  const when = `${inBoth(printed)} ${chinaTime(printedAt)} (${inBoth(zone)})`
  pen.text(when, { ...line, y, size: 7.5, quiet: true })
}

function drawBearerBox(pen: Pen, y: number): number {
  const { bearer } = sheetWords
  const box = { x: MARGIN, y, width: PAGE.width - 2 * MARGIN, height: 37 }
  pen.box(box)
  const line = { x: MARGIN + 8, width: box.width - 16 }
  const next = pen.text(bearer['zh-CN'], { ...line, y: y + 3, size: 10.5 })
  pen.text(bearer.en, { ...line, y: next, size: 8.5 })
  return y + box.height
}

function learned(shows: SheetContent['shows']): string {
  const names = shows.map((name) => name['zh-CN']).join('、')
  const english = shows.map((name) => name.en).join(', ')
  return `${sheetWords.shows['zh-CN']}：${names}  ${sheetWords.shows.en}: ${english}`
}

/** In a Chinese font the curled ones are as wide as a character. */
function straightQuotes(text: string): string {
  return text.replace(/[‘’]/g, "'").replace(/[“”]/g, '"')
}

function inBoth(text: LocalisedText): string {
  return `${text['zh-CN']}  ${text.en}`
}

function drawPass(
  pen: Pen,
  { venue, passes }: SheetContent,
  { pass, index }: { readonly pass: SheetPass; readonly index: number },
): void {
  const left = MARGIN + (index % COLUMNS) * CELL_WIDTH
  const top = GRID_TOP + Math.floor(index / COLUMNS) * CELL_HEIGHT
  drawCode(pen, pass.code, [left, top + (CELL_HEIGHT - CODE_SIDE) / 2])
  const line = { x: left + CODE_SIDE + 2, width: CELL_WIDTH - CODE_SIDE - 10 }
  const number = passNumber(index + 1, passes.length)
  const { until, once, onPass, zone } = sheetWords
  let y = pen.text(number['zh-CN'], { ...line, y: top + 7, size: 11 })
  y = pen.text(number.en, { ...line, y, size: 8, quiet: true })
  y = pen.text(venue['zh-CN'], { ...line, y: y + 3, size: 8.5, lines: 2 })
  if (venue.en !== venue['zh-CN']) y = pen.text(venue.en, { ...line, y, size: 7 })
  y = pen.text(inBoth(once), { ...line, y: y + 3, size: 7.5 })
  y = pen.text(inBoth(until), { ...line, y: y + 3, size: 7.5, quiet: true })
  y = pen.text(chinaTime(pass.expiresAt), { ...line, y, size: 10 })
  y = pen.text(inBoth(zone), { ...line, y, size: 7, quiet: true })
  y = pen.text(onPass['zh-CN'], { ...line, y: y + 3, size: 7.5, lines: 2 })
  pen.text(onPass.en, { ...line, y, size: 7 })
}

/** Error correction L, as the format says: paper that is folded is smoothed, and the code is larger for it. */
function drawCode(pen: Pen, code: string, [left, top]: readonly [number, number]): void {
  const { modules } = create(code, { errorCorrectionLevel: 'L' })
  const unit = CODE_SIDE / (modules.size + 2 * QUIET_MODULES)
  const origin = [left + QUIET_MODULES * unit, top + QUIET_MODULES * unit] as const
  const dark = Array.from(modules.data.keys())
    .filter((at) => modules.data[at] === 1)
    .map((at) => [at % modules.size, Math.floor(at / modules.size)] as const)
  pen.squares(origin, unit, dark)
}

function drawCuttingLines(pen: Pen, rows: number): void {
  const bottom = GRID_TOP + rows * CELL_HEIGHT
  const middle = MARGIN + CELL_WIDTH
  for (let row = 0; row <= rows; row += 1) {
    const y = GRID_TOP + row * CELL_HEIGHT
    pen.cut([MARGIN, y], [PAGE.width - MARGIN, y])
  }
  for (const x of [MARGIN, middle, PAGE.width - MARGIN]) pen.cut([x, GRID_TOP], [x, bottom])
}
