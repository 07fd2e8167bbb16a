import { type Command, Option } from 'commander'
import { pastDay, wholeNumber } from '../choices.js'
import { citizenReference } from '../citizen-reference.js'
import { addDocumentsCommand } from './citizens-documents.js'
import { type ExitCode, exitCodes } from '../failure.js'
import { exportRefused, showImport } from '../import-report.js'
import { interrupted, listenForInterrupt } from '../interrupt.js'
import { type Invocation, perform } from '../invocation.js'
import { printableJson } from '../printable.js'
import { streamInput } from '../read-input.js'
import { styled } from '../screen.js'
import { withIssuer } from '../with-issuer.js'
import { addCitizensCorrect } from './citizens-correct.js'
import { refuseExisting, writeLines, writeNewFile } from '../write-output.js'

/** Far beyond any country; a bound all the same. */
const MOST_CSV_BYTES = 256 * 1024 ** 3

const RESUME = 'Run the same command again: what is stored stays, and the rest follows.'

/** `netcert citizens …`: the authentic source. */
export function addCitizensCommands(program: Command): void {
  const citizens = program.command('citizens').description('the authentic source: who lives here')
  addSample(citizens)
  addImport(citizens)
  addDocumentsCommand(citizens)
  addList(citizens)
  addCitizensCorrect(citizens)
}

type SampleOptions = { readonly count: number; readonly out?: string; readonly seed?: number }

function addSample(citizens: Command): void {
  const command = citizens
    .command('sample')
    .description('make synthetic people: region codes and phone prefixes that do not exist')
    .addOption(
      new Option('--count <n>', 'how many')
        .argParser(wholeNumber(1, 10_000_000))
        .makeOptionMandatory(),
    )
    .option('--out <file.csv>', 'write to a new file instead of standard output')
    .addOption(
      new Option('--seed <n>', 'the same people every time').argParser(wholeNumber(0, 2 ** 32 - 1)),
    )
    .addHelpText(
      'after',
      `
Examples:
  netcert citizens sample --count 1000 --out people.csv
  netcert citizens sample --count 5 --seed 1`,
    )
  perform<SampleOptions>(command, sample)
}

async function sample(invocation: Invocation, { count, out, seed }: SampleOptions): Promise<void> {
  const { civilDateAt, sampleCitizens } = await import('@netcert/issuer')
  const { screen } = invocation
  const lines = sampleCitizens({
    count,
    today: civilDateAt(invocation.clock()),
    ...(seed === undefined ? {} : { seed }),
  })
  if (out === undefined) return writeLines(process.stdout, screen.json ? asObjects(lines) : lines)
  const interruption = listenForInterrupt('Run the same command again; no file was left behind.')
  const progress = invocation.progress('making citizens', count)
  try {
    await writeNewFile({
      path: out,
      lines: counted(lines, progress.update),
      signal: interruption.signal,
    })
  } finally {
    progress.end()
    interruption.close()
  }
  screen.line(styled('green', `${count} synthetic citizens`), ` in ${out}`)
  screen.line('  next  ', `netcert citizens import ${out}`)
  screen.result({ file: out, rows: count })
}

/** The rows as JSON lines. A sample's cells hold neither commas nor quotes. */
function* asObjects(lines: Iterable<string>): Generator<string> {
  let columns: readonly string[] | undefined
  for (const line of lines) {
    const cells = line.trimEnd().split(',')
    if (columns === undefined) columns = cells
    else yield printableJson(Object.fromEntries(columns.map((name, at) => [name, cells[at]])))
  }
}

function* counted(lines: Iterable<string>, update: (done: number) => void): Generator<string> {
  let done = 0
  for (const line of lines) {
    yield line
    done += 1
    if (done % 100 === 0) update(done)
  }
}

type ImportOptions = {
  readonly expectColumn?: true
  readonly refused?: string
  readonly asOf?: Date
}

function addImport(citizens: Command): void {
  const command = citizens
    .command('import')
    .argument('<file.csv>', 'the citizens, UTF-8, one a row, columns as `citizens sample` writes')
    .description('take citizens into the authentic source; enrols nobody')
    .option(
      '--refused <file.csv>',
      'also write the refused rows (line, code, reason) to a new file',
    )
    .option('--expect-column', 'the last column says what is expected and is no part of the person')
    .addOption(
      new Option('--as-of <date>', 'judge ages on this day, when the file is older').argParser(
        pastDay,
      ),
    )
    .addHelpText(
      'after',
      `
Rows run in order. A bad row is listed with line, code and reason, and nothing of it is stored.
Exit 0 when every row was accepted, 1 when some were refused. Importing the same file again changes
nothing, so an import that was interrupted is resumed by running it again.

Examples:
  netcert citizens import people.csv
  netcert citizens import people.csv --refused refused.csv --json`,
    )
  perform<ImportOptions>(command, importCitizens)
}

async function importCitizens(
  invocation: Invocation,
  options: ImportOptions,
  [path = '']: readonly string[],
): Promise<ExitCode> {
  const input = await streamInput({ path, what: 'The citizens file', limitBytes: MOST_CSV_BYTES })
  if (options.refused !== undefined) await refuseExisting(options.refused)
  const interruption = listenForInterrupt(RESUME)
  const progress = invocation.progress('importing citizens')
  try {
    const { asOf } = options
    const at = asOf === undefined ? invocation : { ...invocation, clock: () => asOf }
    const report = await withIssuer(at, (issuer) =>
      issuer.importCitizens({
        input,
        expectColumn: options.expectColumn === true,
        onProgress: ({ rows }) => progress.update(rows),
        signal: interruption.signal,
      }),
    )
    progress.end()
    if (options.refused !== undefined)
      await exportRefused(options.refused, report, invocation.language)
    showImport(invocation.screen, report, invocation.language)
    if (report.interrupted) throw interrupted(RESUME)
    return report.refusedRows + report.unexpected.length === 0 ? exitCodes.done : exitCodes.refused
  } finally {
    progress.end()
    input.destroy()
    interruption.close()
  }
}

type ListOptions = { readonly limit: number; readonly after?: string }

function addList(citizens: Command): void {
  const command = citizens
    .command('list')
    .description('references of the citizens, never who they are')
    .addOption(
      new Option('--limit <n>', 'how many at most').argParser(wholeNumber(1, 1_000)).default(100),
    )
    .addOption(
      new Option('--after <reference>', 'go on after this one').argParser(citizenReference),
    )
    .addHelpText(
      'after',
      `
Examples:
  netcert citizens list
  netcert citizens list --json --limit 1000 --after <last reference>`,
    )
  perform<ListOptions>(command, list)
}

async function list(invocation: Invocation, { limit, after }: ListOptions): Promise<void> {
  const { screen } = invocation
  const page = await withIssuer(invocation, (issuer) =>
    issuer.listCitizens({ limit, ...(after === undefined ? {} : { after }) }),
  )
  for (const { reference } of page.citizens) screen.line(reference)
  if (page.citizens.length === 0)
    screen.note('There are none after that; `citizens import` adds some.')
  if (page.next !== null) screen.note(styled('dim', `There are more: --after ${page.next}`))
  screen.result(page)
}
