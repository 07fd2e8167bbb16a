import { describe, expect, it } from 'vitest'
import { CITIZEN_COLUMNS } from './citizen-row.js'
import { readCsvHeader } from './csv-header.js'
import { type CsvLine, MAX_LINE_BYTES, readCsvLines } from './csv-lines.js'

async function linesOf(...chunks: (string | Uint8Array)[]): Promise<CsvLine[]> {
  async function* input() {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
  }
  const lines: CsvLine[] = []
  for await (const line of readCsvLines(input())) lines.push(line)
  return lines
}

const cells = (lines: readonly CsvLine[]) =>
  lines.map((line) => ('cells' in line ? line.cells : line.refused))

describe('the lines of a CSV file', () => {
  it('end in LF or CRLF, with or without a last one, after an optional byte order mark', async () => {
    const expected = [
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', '2'] },
    ]
    expect(await linesOf('a,b\n1,2')).toEqual(expected)
    expect(await linesOf('\uFEFFa,b\r\n1,2\r\n')).toEqual(expected)
  })

  it('are the same however the input is cut', async () => {
    const bytes = Buffer.from('\uFEFF名,b\r\n"𠮷,x",2\r\n3,4')
    const whole = await linesOf(bytes)
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(await linesOf(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole)
    }
    expect(await linesOf(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole)
  })

  it('count blank lines but pass over them', async () => {
    expect(await linesOf('a\n\n\nb\n')).toEqual([
      { line: 1, cells: ['a'] },
      { line: 4, cells: ['b'] },
    ])
  })

  it('may quote a cell', async () => {
    expect(cells(await linesOf('"a,b","c""d",""\n'))).toEqual([['a,b', 'c"d', '']])
  })

  it('lose only their own row to an unmatched quote', async () => {
    expect(cells(await linesOf('1,"open\n3,4\n5,a"b\n"x"y,1\n7,8\n'))).toEqual([
      'csv_syntax',
      ['3', '4'],
      'csv_syntax',
      'csv_syntax',
      ['7', '8'],
    ])
  })

  it('refuse bytes that are no UTF-8, for their own row', async () => {
    const latin = Buffer.from('caf\u00E9,1\n', 'latin1')
    expect(cells(await linesOf('a,b\n', latin, '1,2\n'))).toEqual([
      ['a', 'b'],
      'encoding',
      ['1', '2'],
    ])
  })

  it('hold at most 16 KiB of one row', async () => {
    const longest = 'x'.repeat(MAX_LINE_BYTES)
    expect(cells(await linesOf(`${longest}\n1\n`))).toEqual([[longest], ['1']])
    expect(cells(await linesOf(`${longest}x\n1\n`))).toEqual(['row_too_long', ['1']])
    const parts = Array.from({ length: 100 }, () => longest)
    expect(cells(await linesOf('a\n', ...parts, '\n1\n'))).toEqual([['a'], 'row_too_long', ['1']])
    expect(cells(await linesOf('a\n', ...parts))).toEqual([['a'], 'row_too_long'])
  })
})

describe('the header of a citizens file', () => {
  const columns = [...CITIZEN_COLUMNS]

  it('names the columns in any order', () => {
    const header = readCsvHeader(columns.toReversed(), false)
    const row = header.pick(columns.map((_, position) => String(position)))
    expect(row?.guardian_document_numbers).toBe('0')
    expect(row?.document_type).toBe('10')
  })

  it('refuses an unknown column by its name', () => {
    expect(() => readCsvHeader([...columns, 'face_image'], false)).toThrow(
      expect.objectContaining({
        code: 'csv_column_unknown',
        message: expect.stringContaining('"face_image"') as string,
      }),
    )
  })

  it('refuses the column of expectations unless asked for it', () => {
    expect(() => readCsvHeader([...columns, 'expected'], false)).toThrow(
      expect.objectContaining({ code: 'csv_column_unknown' }),
    )
    expect(readCsvHeader([...columns, 'expected'], true).expectation(['a', 'b'])).toBe('b')
    expect(() => readCsvHeader(columns, true)).toThrow(
      expect.objectContaining({ code: 'csv_column_missing' }),
    )
  })

  it('refuses a missing column by its name', () => {
    expect(() => readCsvHeader(columns.slice(1), false)).toThrow(
      expect.objectContaining({
        code: 'csv_column_missing',
        message: expect.stringContaining('"document_type"') as string,
        findings: [
          {
            field: 'document_type',
            code: 'csv_column_missing',
            reason: { 'zh-CN': '缺少该列。', en: 'The column is missing.' },
            cure: { 'zh-CN': '首行须为列名。', en: 'Its first line names the columns.' },
          },
        ],
      }),
    )
  })

  it('refuses a column that stands twice', () => {
    expect(() => readCsvHeader([...columns, 'phone'], false)).toThrow(
      expect.objectContaining({ code: 'csv_column_repeated' }),
    )
  })

  it('repeats nothing of a person when the file has no header', () => {
    const person = ['王小明', '996715199005175730']
    try {
      readCsvHeader(person, false)
      expect.unreachable()
    } catch (error) {
      expect(JSON.stringify([(error as Error).message, error])).not.toMatch(/王|9967/)
    }
  })

  it('refuses a row with more or fewer cells', () => {
    const header = readCsvHeader(columns, false)
    expect(header.pick(columns.slice(1))).toBeUndefined()
    expect(header.pick([...columns, ''])).toBeUndefined()
  })
})
