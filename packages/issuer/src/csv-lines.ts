import { parse } from 'csv-parse/sync'
import type { RowRefusal } from './row-refusal.js'

/** One physical line of a CSV file: its cells, or why it has none. */
export type CsvLine =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly refused: RowRefusal }

/** No row of a register is longer; also the most that is ever held of one line. */
export const MAX_LINE_BYTES = 16 * 1024

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const BYTE_ORDER_MARK = '\uFEFF'

/**
 * Reads a CSV file line by line, holding one line and one chunk of input at a time.
 *
 * One row is one physical line: no cell of the register may hold a line break, and so an
 * unmatched quote costs its own row instead of swallowing every row up to the next quote.
 * Lines end in LF or CRLF; blank lines are passed over but counted.
 *
 * @see RFC 4180 §2
 */
export async function* readCsvLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<CsvLine> {
  // With `ignoreBOM` a mark stays in the text: the file's own is taken off below, any other is
  // an invisible character that the row is refused for.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  for await (const { line, bytes } of splitLines(input)) {
    if (bytes === undefined) {
      yield { line, refused: 'row_too_long' }
      continue
    }
    const text = decode(decoder, bytes)
    if (text === undefined) {
      yield { line, refused: 'encoding' }
      continue
    }
    const row = line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
    if (row === '') continue
    const cells = splitCells(row)
    yield cells === undefined ? { line, refused: 'csv_syntax' } : { line, cells }
  }
}

type RawLine = { readonly line: number; readonly bytes: Uint8Array | undefined }

async function* splitLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<RawLine> {
  let line = 1
  let rest: Uint8Array = new Uint8Array(0)
  let overlong = false
  for await (const chunk of input) {
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const piece = chunk.subarray(start, end)
      const whole = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      yield { line, bytes: overlong || whole.length > MAX_LINE_BYTES ? undefined : trimCr(whole) }
      line++
      start = end + 1
      rest = new Uint8Array(0)
      overlong = false
    }
    const tail = chunk.subarray(start)
    if (overlong || rest.length + tail.length > MAX_LINE_BYTES + 1) {
      overlong = true
      rest = new Uint8Array(0)
    } else if (tail.length > 0) rest = Buffer.concat([rest, tail])
  }
  if (overlong) yield { line, bytes: undefined }
  else if (rest.length > 0) yield { line, bytes: trimCr(rest) }
}

function trimCr(bytes: Uint8Array): Uint8Array {
  return bytes[bytes.length - 1] === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes
}

function decode(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

function splitCells(row: string): readonly string[] | undefined {
  if (!row.includes('"')) return row.split(',')
  try {
    const rows: unknown = parse(row, { relax_column_count: true, record_delimiter: '\n' })
    return Array.isArray(rows) && rows.length === 1 ? (rows[0] as string[]) : undefined
  } catch {
    // The parser's own message quotes the cell: nothing of it may go further.
    return undefined
  }
}
