import type { CitizenRegister } from './authentic-source.js'
import {
  CITIZEN_COLUMNS,
  type CitizenRow,
  type RowNormalisation,
  readCitizenRow,
} from './citizen-row.js'
import { civilDateAt } from './civil-date.js'
import { type CsvHeader, readCsvHeader } from './csv-header.js'
import { type CsvLine, readCsvLines } from './csv-lines.js'
import { csvRefused } from './csv-refusal.js'
import type { RecordOutcome } from './source-record.js'
import type { Finding } from './finding.js'
import { rowFinding, type RowRefusal } from './row-refusal.js'

export type ImportOptions = {
  /** The bytes of a CSV file, UTF-8; see docs/formats/citizens-csv.md. */
  readonly input: AsyncIterable<Uint8Array>
  /** The last column, `expected`, names what each row should come to and is compared. */
  readonly expectColumn?: boolean
  /** Called after each committed chunk. */
  readonly onProgress?: (progress: ImportCounts) => void
  /** Stops between two chunks; what is committed stays, and the same file can be run again. */
  readonly signal?: AbortSignal
}

export type ImportCounts = {
  /** Rows read so far, the header and blank lines not counted. */
  readonly rows: number
  readonly accepted: number
  /** Rows that were on record already, exactly so. */
  readonly unchanged: number
  readonly refusedRows: number
}

/** A refused row: where it stands, which column, why, and what to do; never a value. */
export type RefusedRow = Finding & { readonly line: number }

export type ImportReport = ImportCounts & {
  /** The first 10,000 rows that were brought into normal form, and how. */
  readonly normalised: readonly {
    readonly line: number
    readonly changes: readonly RowNormalisation[]
  }[]
  /** The first 10,000 refused rows; nothing of them is stored. */
  readonly refused: readonly RefusedRow[]
  /** Only with `expectColumn`: rows that came to something else. */
  readonly unexpected: readonly {
    readonly line: number
    readonly expected: string
    readonly actual: string
  }[]
  /** The signal stopped the import before the end of the file. */
  readonly interrupted: boolean
}

/** One transaction each: large enough to be fast, small enough to lose little when interrupted. */
const CHUNK_ROWS = 500
const LISTED_ROWS = 10_000

type Pending = { readonly line: number; readonly expected: string | undefined } & (
  | { readonly row: CitizenRow; readonly changes: readonly RowNormalisation[] }
  | { readonly refused: RowRefusal; readonly field?: string }
)

/**
 * Imports a file of citizens into the authentic source. It enrols nobody. Memory is bounded by
 * one chunk of rows, whatever the file's size; the same file again changes nothing.
 *
 * @throws IssuerError `csv_empty`, `csv_encoding`, `csv_column_unknown`, `csv_column_missing`,
 *   `csv_column_repeated` before anything is stored; `import_busy`.
 */
export async function importCitizens(
  register: CitizenRegister,
  clock: () => Date,
  options: ImportOptions,
): Promise<ImportReport> {
  const importer = new CitizenImport(register, clock, options)
  let header: CsvHeader | undefined
  for await (const line of readCsvLines(options.input)) {
    if (header === undefined) {
      header = readCsvHeader(headerCells(line), options.expectColumn === true)
      continue
    }
    if (await importer.add(line, header)) return importer.report(true)
  }
  if (header === undefined) {
    throw csvRefused('csv_empty', 'The file is empty; its first line names the columns.')
  }
  await importer.flush()
  return importer.report(false)
}

function headerCells(line: CsvLine): readonly string[] {
  if ('cells' in line) return line.cells
  throw csvRefused(
    'csv_encoding',
    'The first line is no CSV header in UTF-8; save the file as CSV, UTF-8.',
  )
}

/** The state of one import: counts, lists, and the chunk being filled. */
class CitizenImport {
  readonly #register: CitizenRegister
  readonly #clock: () => Date
  readonly #options: ImportOptions
  readonly #counts = { rows: 0, accepted: 0, unchanged: 0, refusedRows: 0 }
  readonly #normalised: { line: number; changes: readonly RowNormalisation[] }[] = []
  readonly #refused: RefusedRow[] = []
  readonly #unexpected: { line: number; expected: string; actual: string }[] = []
  #chunk: Pending[] = []

  constructor(register: CitizenRegister, clock: () => Date, options: ImportOptions) {
    this.#register = register
    this.#clock = clock
    this.#options = options
  }

  /** Takes one line; `true` when the import was asked to stop. */
  async add(line: CsvLine, header: CsvHeader): Promise<boolean> {
    this.#chunk.push(this.#judge(line, header))
    if (this.#chunk.length < CHUNK_ROWS) return false
    // Looked at before the chunk is stored: whoever stops now wants no more of it.
    if (this.#options.signal?.aborted === true) return true
    await this.flush()
    return false
  }

  async flush(): Promise<void> {
    const chunk = this.#chunk
    this.#chunk = []
    const rows = chunk.flatMap((pending) => ('row' in pending ? [pending.row] : []))
    const outcomes = (await this.#register.record(rows, this.#today())).values()
    for (const pending of chunk) {
      this.#count(pending, 'row' in pending ? outcomes.next().value : undefined)
    }
    this.#options.onProgress?.({ ...this.#counts })
  }

  report(interrupted: boolean): ImportReport {
    return {
      ...this.#counts,
      normalised: this.#normalised,
      refused: this.#refused,
      unexpected: this.#unexpected,
      interrupted,
    }
  }

  #today(): string {
    return civilDateAt(this.#clock())
  }

  #judge(line: CsvLine, header: CsvHeader): Pending {
    if ('refused' in line) return { line: line.line, expected: '', refused: line.refused }
    const place = { line: line.line, expected: header.expectation(line.cells) }
    const cells = header.pick(line.cells)
    if (cells === undefined) return { ...place, refused: 'column_count' }
    if (CITIZEN_COLUMNS.every((column) => cells[column].trim() === '')) {
      return { ...place, refused: 'row_empty' }
    }
    const reading = readCitizenRow(cells, this.#today())
    if ('refused' in reading) return { ...place, ...reading }
    return { ...place, row: reading.row, changes: reading.normalised }
  }

  #count(pending: Pending, outcome: RecordOutcome | undefined): void {
    this.#counts.rows++
    const { line } = pending
    const code =
      'refused' in pending
        ? pending.refused
        : typeof outcome === 'object'
          ? outcome.refused
          : undefined
    const changes = 'row' in pending ? pending.changes : []
    if (code !== undefined) {
      this.#counts.refusedRows++
      list(this.#refused, {
        line,
        ...rowFinding(code, 'field' in pending ? pending.field : undefined),
      })
    } else if (outcome === 'unchanged') {
      this.#counts.unchanged++
    } else {
      this.#counts.accepted++
      if (changes.length > 0) list(this.#normalised, { line, changes })
    }
    this.#compare(pending, resultName(code, outcome === 'unchanged', changes))
  }

  #compare({ line, expected }: Pending, actual: string): void {
    if (this.#options.expectColumn !== true || expected === actual) return
    list(this.#unexpected, { line, expected: expected ?? '', actual })
  }
}

/** The name a row's result has in the column of expectations. */
function resultName(
  code: RowRefusal | undefined,
  unchanged: boolean,
  changes: readonly RowNormalisation[],
): string {
  if (code !== undefined) return `refused:${code}`
  if (unchanged) return 'accepted:same_row_again_changes_nothing'
  return changes.length === 0 ? 'accepted' : `accepted:${changes.join('+')}`
}

/** A file that is wrong from end to end must not fill memory with its faults. */
function list<Item>(items: Item[], item: Item): void {
  if (items.length < LISTED_ROWS) items.push(item)
}
