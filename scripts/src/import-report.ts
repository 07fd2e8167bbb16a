import type { ImportReport } from '@netcert/issuer'
import { csvRow } from './csv-cell.js'
import type { Language } from './invocation.js'
import { type Screen, styled, wrapped } from './screen.js'
import { writeNewFile } from './write-output.js'

/** Tells what came of an import: counts, then every row that was refused or came out otherwise. */
export function showImport(screen: Screen, report: ImportReport, language: Language): void {
  const { rows, accepted, unchanged, refusedRows, normalised, refused, unexpected } = report
  for (const { line, code, field, reason, cure } of refused) {
    const place = field === '' ? [] : [' ', styled('dim', field)]
    screen.line(
      styled('red', `  line ${String(line).padEnd(7)}`),
      ' ',
      styled('bold', code),
      ...place,
    )
    for (const text of [reason[language], cure[language]]) {
      for (const part of wrapped(text, screen.columns - 15)) screen.line(' '.repeat(15), part)
    }
  }
  if (refused.length < refusedRows) screen.line(`  … and ${refusedRows - refused.length} more`)
  for (const { line, expected, actual } of unexpected) {
    screen.line(styled('yellow', `  line ${line}`), ` came to ${actual}, expected ${expected}`)
  }
  screen.line(styled(refusedRows === 0 ? 'green' : 'bold', `${rows} rows`), ' read')
  screen.line(
    `  accepted  ${accepted}`,
    normalised.length > 0 ? ` (${normalised.length} normalised)` : '',
  )
  screen.line(`  unchanged ${unchanged}`)
  screen.line(`  refused   ${refusedRows}`)
  screen.result(report)
}

/** Writes the refused rows to a new CSV: line, column, code, reason, cure; no value of a person. */
export async function exportRefused(
  path: string,
  { refused }: ImportReport,
  language: Language,
): Promise<void> {
  const rows = refused.map(({ line, field, code, reason, cure }) =>
    csvRow([line, field, code, reason[language], cure[language]]),
  )
  await writeNewFile({
    path,
    lines: [csvRow(['line', 'column', 'code', 'reason', 'cure']), ...rows],
  })
}
