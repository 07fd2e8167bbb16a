import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { streamInput } from '../read-input.js'
import { styled } from '../screen.js'
import { withIssuer } from '../with-issuer.js'

const MOST_BYTES = 256 * 1024 ** 3
const SHOWN_ROWS = 100

/** `netcert citizens documents`: one person, found by several documents. */
export function addDocumentsCommand(citizens: Command): void {
  const command = citizens
    .command('documents')
    .argument('<file.csv>', 'one further document a row, UTF-8')
    .description('record that people have further documents: they are found by any of them')
    .addHelpText(
      'after',
      `
Columns: document_type,document_number (a document the person is found by already),
further_document_type,further_document_number. Whoever applies with another document stays one
person with one network number. A bad row is listed by line, and nothing of it is stored; the same
file again changes nothing. Exit 1: some rows were refused.

Examples:
  netcert citizens documents documents.csv
  netcert citizens documents documents.csv --json`,
    )
  perform<object>(command, importDocuments)
}

async function importDocuments(
  invocation: Invocation,
  _options: object,
  [path = '']: readonly string[],
): Promise<ExitCode> {
  const { screen, language } = invocation
  const input = await streamInput({ path, what: 'The documents file', limitBytes: MOST_BYTES })
  try {
    const report = await withIssuer(invocation, ({ applications }) =>
      applications.importDocuments(input),
    )
    const { rows, accepted, unchanged, refusedRows, refused } = report
    for (const { line, field, code, reason, cure } of refused.slice(0, SHOWN_ROWS)) {
      screen.line(styled('red', `  line ${line}  `), styled('bold', code), `  ${field}`)
      screen.line(`    ${reason[language]} ${cure[language]}`)
    }
    if (refusedRows > SHOWN_ROWS) screen.line(`  … and ${refusedRows - SHOWN_ROWS} more`)
    screen.line(styled(refusedRows === 0 ? 'green' : 'bold', `${rows} rows`), ' read')
    screen.line(`  accepted ${accepted}, unchanged ${unchanged}, refused ${refusedRows}`)
    screen.result({ rows, accepted, unchanged, refused_rows: refusedRows, refused })
    return refusedRows === 0 ? exitCodes.done : exitCodes.refused
  } finally {
    input.destroy()
  }
}
