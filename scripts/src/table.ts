import Table from 'cli-table3'
import { type Piece, render, type Screen } from './screen.js'

/** A table of pieces with one head. */
export type TableOptions = {
  readonly head: readonly string[]
  readonly rows: readonly (readonly Piece[])[]
  /** Columns whose cells stand on the right: numbers. */
  readonly right?: readonly number[]
  /** Widths in columns, borders apart; a longer cell is wrapped. */
  readonly widths?: readonly number[]
  readonly indent?: number
}

const frame = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/** Writes a table without frames: a head, a rule, and the rows, in columns. */
export function writeTable(screen: Screen, options: TableOptions): void {
  if (screen.json) return
  const { colour } = screen
  const table = new Table({
    chars: frame,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    head: options.head.map((text) => render({ plain: text, style: 'dim' }, colour)),
    colAligns: options.head.map((_, at) => (options.right?.includes(at) ? 'right' : 'left')),
    ...(options.widths === undefined ? {} : { colWidths: [...options.widths], wordWrap: true }),
  })
  table.push(...options.rows.map((row) => row.map((cell) => render(cell, colour))))
  const indent = ' '.repeat(options.indent ?? 2)
  screen.raw(
    table
      .toString()
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => `${indent}${line.trimEnd()}\n`)
      .join(''),
  )
}
