import type { CitizenRegister } from './authentic-source.js'
import { cleanCell, normalNumber, Refused } from './citizen-cell.js'
import type { DocumentRow } from './citizen-documents.js'
import type { RefusedRow } from './citizen-import.js'
import type { RowNormalisation } from './citizen-row.js'
import { readCsvLines } from './csv-lines.js'
import { isDocumentType } from './document-number.js'
import { csvRefused } from './csv-refusal.js'
import { type RowRefusal, rowFinding } from './row-refusal.js'

/** The closed world of a file of further documents: these columns, all of them, and no other. */
export const DOCUMENT_COLUMNS = [
  'document_type',
  'document_number',
  'further_document_type',
  'further_document_number',
] as const
type DocumentColumn = (typeof DOCUMENT_COLUMNS)[number]

/** What came of a file of further documents. */
export type DocumentImportReport = {
  readonly rows: number
  readonly accepted: number
  readonly unchanged: number
  readonly refusedRows: number
  /** The first 10,000 refused rows; nothing of them is stored. */
  readonly refused: readonly RefusedRow[]
}

const LISTED_ROWS = 10_000

/**
 * Takes further documents of people on record into the authentic source, one a row: the first two
 * columns name a document a person is found by already. A file again changes nothing.
 *
 * @throws IssuerError `csv_empty`, `csv_encoding`, `csv_column_unknown`, `csv_column_missing`.
 */
export async function importDocuments(
  register: Pick<CitizenRegister, 'recordDocument'>,
  input: AsyncIterable<Uint8Array>,
): Promise<DocumentImportReport> {
  const counts = { rows: 0, accepted: 0, unchanged: 0, refusedRows: 0 }
  const refused: RefusedRow[] = []
  let header: readonly DocumentColumn[] | undefined
  for await (const line of readCsvLines(input)) {
    if (header === undefined) {
      header = readHeader('cells' in line ? line.cells : undefined)
      continue
    }
    counts.rows++
    const row = 'cells' in line ? readRow(line.cells, header) : line
    const outcome = 'refused' in row ? row : await register.recordDocument(row)
    if (outcome === 'accepted' || outcome === 'unchanged') counts[outcome]++
    else {
      counts.refusedRows++
      if (refused.length < LISTED_ROWS) {
        refused.push({ line: line.line, ...rowFinding(outcome.refused, fieldOf(outcome)) })
      }
    }
  }
  if (header === undefined) {
    throw csvRefused('csv_empty', 'The file is empty; its first line names the columns.')
  }
  return { ...counts, refused }
}

type RefusedCell = { readonly refused: RowRefusal; readonly field?: string | undefined }

/** The column it happened in, where any column can have it. */
function fieldOf(outcome: object): string | undefined {
  return 'field' in outcome && typeof outcome.field === 'string' ? outcome.field : undefined
}

function readHeader(cells: readonly string[] | undefined): readonly DocumentColumn[] {
  if (cells === undefined) {
    const text = 'The first line is no CSV header in UTF-8; save the file as CSV, UTF-8.'
    throw csvRefused('csv_encoding', text)
  }
  const names = cells.map((cell) => cell.trim())
  const known = names.filter((name): name is DocumentColumn =>
    (DOCUMENT_COLUMNS as readonly string[]).includes(name),
  )
  const all = `The columns are ${DOCUMENT_COLUMNS.join(', ')}; name each once and no other.`
  if (known.length !== names.length) {
    throw csvRefused('csv_column_unknown', `The file has a column that is not known. ${all}`)
  }
  const missing = DOCUMENT_COLUMNS.filter((column) => !known.includes(column)).join(', ')
  if (new Set(known).size !== DOCUMENT_COLUMNS.length || known.length !== DOCUMENT_COLUMNS.length) {
    throw csvRefused('csv_column_missing', `A column is missing or stands twice. ${all}`, missing)
  }
  return known
}

function readRow(
  cells: readonly string[],
  header: readonly DocumentColumn[],
): DocumentRow | RefusedCell {
  if (cells.length !== header.length) return { refused: 'column_count' }
  const notes = new Set<RowNormalisation>()
  const cell = (column: DocumentColumn): string =>
    cleanCell(cells[header.indexOf(column)] ?? '', notes, column)
  try {
    const type = cell('document_type')
    const furtherType = cell('further_document_type')
    if (!isDocumentType(type) || !isDocumentType(furtherType)) return { refused: 'document_type' }
    return {
      known: { documentType: type, documentNumber: normalNumber(cell('document_number'), notes) },
      further: {
        documentType: furtherType,
        documentNumber: normalNumber(cell('further_document_number'), notes),
      },
    }
  } catch (error) {
    if (error instanceof Refused) return { refused: error.code, field: error.field }
    throw error
  }
}
