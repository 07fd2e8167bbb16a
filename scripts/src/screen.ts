import { styleText } from 'node:util'
import { displayWidth, printable, printableJson } from './printable.js'

/** Styles the command uses. Nothing is said by a style alone. */
export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan'

/** A text with a style: made by {@link styled}, so its text has been made printable. */
export type Styled = { readonly plain: string; readonly style: Style }

/** A piece of a line: text from anywhere, or a styled text. */
export type Piece = string | number | Styled

/** Where the command writes. */
export type Screen = {
  /** Whether results are JSON; then {@link line} and {@link table} write nothing. */
  readonly json: boolean
  /** Columns, at most 100 so that tables stay readable. */
  readonly columns: number
  /** Whether standard output takes styles. */
  readonly colour: boolean
  /** Writes one line for people, every piece made printable. */
  line(...pieces: readonly Piece[]): void
  /** Writes one line for people to standard error. */
  note(...pieces: readonly Piece[]): void
  /** Writes one JSON document on one line for programs; nothing when not in JSON mode. */
  result(value: unknown): void
  /** Writes text exactly as it is: a token, a CSV, JSON that was made printable. */
  raw(text: string): void
}

/** A piece of text in a style; plain where the output is no terminal. */
export function styled(style: Style, text: string | number): Styled {
  return { plain: printable(String(text)), style }
}

/** The two streams a screen writes to. */
export type ScreenOptions = {
  readonly json: boolean
  readonly out: NodeJS.WriteStream
  readonly err: NodeJS.WriteStream
}

/** A screen on two streams; styles only on a terminal and where `NO_COLOR` is not set. */
export function createScreen({ json, out, err }: ScreenOptions): Screen {
  const write = (stream: NodeJS.WriteStream, pieces: readonly Piece[]) =>
    stream.write(`${pieces.map((piece) => render(piece, coloured(stream))).join('')}\n`)
  return {
    json,
    columns: Math.min(out.isTTY ? out.columns : 80, 100),
    colour: coloured(out),
    line: (...pieces) => void (json || write(out, pieces)),
    note: (...pieces) => void (json || write(err, pieces)),
    result: (value) => void (json && out.write(`${printableJson(value)}\n`)),
    raw: (text) => void out.write(text),
  }
}

/** Whether a stream takes styles. */
export function coloured(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && stream.hasColors() && !process.env['NO_COLOR']
}

/** A piece as it is written. */
export function render(piece: Piece, colour: boolean): string {
  if (typeof piece !== 'object') return printable(String(piece))
  return colour ? styleText(piece.style, piece.plain, { validateStream: false }) : piece.plain
}

/** A piece padded on the right to a width in columns. */
export function padded(piece: Piece, width: number): Piece {
  const plain = typeof piece === 'object' ? piece.plain : printable(String(piece))
  const text = plain + ' '.repeat(Math.max(0, width - displayWidth(plain)))
  return typeof piece === 'object' ? { plain: text, style: piece.style } : text
}

/**
 * Breaks a text into lines of at most `width` columns at spaces, and between Han characters, which
 * are written without spaces.
 */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of printable(text).match(
    /[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/gu,
  ) ?? []) {
    if (line !== '' && displayWidth(line) + displayWidth(word.trimEnd()) > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += word
  }
  if (line.trim() !== '') lines.push(line.trimEnd())
  return lines
}
