import { describe, expect, it } from 'vitest'
import { csvCell, csvRow } from './csv-cell.js'

describe('csvCell', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1'])(
    'keeps a spreadsheet from running %j',
    (cell) => {
      expect(csvCell(cell)).toBe(`"'${cell}"`)
    },
  )

  it('leaves numbers and ordinary text alone', () => {
    expect(csvCell(-5)).toBe('-5')
    expect(csvCell('王小明')).toBe('王小明')
  })

  it('quotes what would end a cell or a row', () => {
    expect(csvRow(['a,b', 'say "x"', 'two\r\nlines'])).toBe('"a,b","say ""x""","two\r\nlines"\r\n')
  })
})
