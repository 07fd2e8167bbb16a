import { CITIZEN_COLUMNS, type CitizenCells, type CitizenColumn } from './citizen-row.js'
import { csvRefused } from './csv-refusal.js'

/** The column of a test file that names what each row should come to; no part of a person. */
export const EXPECTATION_COLUMN = 'expected'

/** How the cells of one file map to columns. */
export type CsvHeader = {
  /** The cells of a row by column, or `undefined` when there are too many or too few. */
  pick(cells: readonly string[]): CitizenCells | undefined
  /** The last cell of a row where the file carries expectations. */
  expectation(cells: readonly string[]): string | undefined
}

/**
 * Reads the header of a citizens file: a closed world, columns in any order.
 *
 * @param expectColumn - The file's last column is `expected`.
 * @throws IssuerError `csv_column_unknown`, `csv_column_missing`, `csv_column_repeated`.
 */
export function readCsvHeader(cells: readonly string[], expectColumn: boolean): CsvHeader {
  const names = cells.map((cell) => cell.trim())
  const own = expectColumn ? withoutExpectation(names) : names
  checkColumns(own)
  const positions = CITIZEN_COLUMNS.map((column) => [column, own.indexOf(column)] as const)
  return {
    pick(row) {
      if (row.length !== names.length) return undefined
      const picked: Partial<Record<CitizenColumn, string>> = {}
      for (const [column, position] of positions) picked[column] = row[position] ?? ''
      return picked as CitizenCells
    },
    expectation: (row) => (expectColumn ? row.at(-1) : undefined),
  }
}

function withoutExpectation(names: readonly string[]): readonly string[] {
  if (names.at(-1) === EXPECTATION_COLUMN) return names.slice(0, -1)
  throw csvRefused(
    'csv_column_missing',
    `The last column is not "${EXPECTATION_COLUMN}"; add it or import without expectations.`,
    EXPECTATION_COLUMN,
  )
}

function checkColumns(names: readonly string[]): void {
  const known: ReadonlySet<string> = new Set(CITIZEN_COLUMNS)
  names.forEach((name, position) => {
    if (!known.has(name)) {
      throw csvRefused(
        'csv_column_unknown',
        `Column ${position + 1}, ${printable(name)}, is not one the source knows; remove it.`,
        `${position + 1}`,
      )
    }
    if (names.indexOf(name) !== position) {
      throw csvRefused(
        'csv_column_repeated',
        `The column ${printable(name)} stands twice; keep one of them.`,
        name,
      )
    }
  })
  const missing = CITIZEN_COLUMNS.filter((column) => !names.includes(column))
  if (missing.length > 0) {
    throw csvRefused(
      'csv_column_missing',
      `The file lacks ${missing.map(printable).join(', ')}; its first line names the columns.`,
      missing.join(', '),
    )
  }
}

/** Shown only when it reads like a column name: a file without header begins with a person. */
function printable(name: string): string {
  return /^[A-Za-z][\w -]{0,39}$/.test(name) ? `"${name}"` : '(not shown, no column name)'
}
