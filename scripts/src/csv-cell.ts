/**
 * One cell of a CSV somebody opens in a spreadsheet (RFC 4180). A cell that a spreadsheet would
 * run as a formula gets a leading apostrophe; quotes are doubled.
 */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n\t']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One row of a CSV, with its line end. */
export function csvRow(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}
