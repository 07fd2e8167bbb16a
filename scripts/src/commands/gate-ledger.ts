import type { LedgerEntry, LedgerExport, MergedLedgers } from '@netcert/verifier/gate'
import { type Command, Option } from 'commander'
import { type ExitCode, exitCodes } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { type LaneFileOptions, openLaneFile } from '../open-lane.js'
import { readInputText } from '../read-input.js'
import { styled } from '../screen.js'
import { refuseExisting, writeNewFile } from '../write-output.js'

const MOST_LEDGER_BYTES = 128 * 1024 * 1024

type LedgerOptions = LaneFileOptions & { readonly ledger?: string }

/** `netcert gate ledger …`: entries of lanes, by tags alone. */
export function addGateLedger(gate: Command): void {
  const ledger = gate.command('ledger').description('entry ledgers: count, export, merge, erase')
  addShow(ledger)
  addExport(ledger)
  addMerge(ledger)
  addImport(ledger)
  addClock(ledger)
  addForget(ledger)
}

function laneOptions(command: Command): Command {
  return command
    .requiredOption('--lane <file>', 'the lane file (.ncgate)')
    .option('--code-file <file>', 'file with its set-up code; else it is asked for')
    .option('--ledger <file>', 'entry ledger; beside the lane file unless stated')
}

/** The ledger of a lane for one piece of work. */
async function withLedger<Result>(
  { clock }: Invocation,
  options: LedgerOptions,
  work: (opened: Awaited<ReturnType<typeof openLedgerOf>>) => Promise<Result>,
): Promise<Result> {
  const opened = await openLedgerOf(options, clock)
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

async function openLedgerOf(options: LedgerOptions, clock: () => Date) {
  const { openLedger } = await import('@netcert/verifier/gate-open')
  const lane = await openLaneFile(options)
  const file = options.ledger ?? `${options.lane}.ledger.sqlite`
  return { ...(await openLedger({ file, create: false, lane, clock })), lane }
}

function addShow(ledger: Command): void {
  const command = laneOptions(ledger.command('show'))
    .description('count entries, and say when they are erased')
    .addHelpText('after', '\nExample:\n  netcert gate ledger show --lane north-1.ncgate')
  perform<LedgerOptions>(command, (invocation, options) =>
    withLedger(invocation, options, async (opened) => {
      const { screen } = invocation
      const { event, number, erasesAt, seenAt, hash } = await opened.ledger.head()
      const entries = await opened.ledger.entries()
      const ways = countBy(entries, ({ by }) => by)
      screen.line(styled('bold', event), `  ${number} entries`)
      for (const [by, count] of Object.entries(ways)) screen.line(`  ${by}  ${count}`)
      screen.line('  erased     ', erasesAt.toISOString())
      if (seenAt !== null) screen.line('  last seen  ', seenAt.toISOString())
      screen.result({ event, entries: number, ways, erases_at: erasesAt, seen_at: seenAt, hash })
    }),
  )
}

function addExport(ledger: Command): void {
  const command = laneOptions(ledger.command('export'))
    .description('write the entries to a file, chained and signed')
    .requiredOption('--out <file>', 'it must not exist')
    .addHelpText(
      'after',
      `
The file holds tags, places and times: nobody is named in it.

Example:
  netcert gate ledger export --lane north-1.ncgate --out north-1.json`,
    )
  perform<LedgerOptions & { readonly out: string }>(command, (invocation, options) =>
    withLedger(invocation, options, async ({ ledger, lane }) => {
      const { exportLedger, laneKeys } = await import('@netcert/verifier/gate')
      const { screen, clock } = invocation
      await refuseExisting(options.out)
      const { signer } = await laneKeys(lane)
      const text = await exportLedger({ ledger, signer, now: clock() })
      await writeNewFile({ path: options.out, lines: [text] })
      const { number } = await ledger.head()
      screen.line(styled('green', 'Exported'), `  ${number} entries to ${options.out}`)
      screen.result({ file: options.out, entries: number })
    }),
  )
}

type MergeOptions = { readonly signedBy?: string }

function addMerge(ledger: Command): void {
  const command = ledger
    .command('merge <file...>')
    .description('find passes and persons that entered twice, in exported ledgers')
    .addOption(new Option('--signed-by <did>', 'the venue’s gate key (`gate key --json`)'))
    .addHelpText(
      'after',
      `
Exit 1 where something entered twice, or an export contradicts another. A file that was changed is
refused. Without --signed-by the files need only be signed by one and the same venue; it is printed.

Example:
  netcert gate ledger merge north-1.json north-2.json south-1.json`,
    )
  perform<MergeOptions>(command, merge)
}

async function merge(
  { screen }: Invocation,
  { signedBy = null }: { readonly signedBy?: string | null },
  paths: readonly string[],
): Promise<ExitCode> {
  const { mergeLedgers } = await import('@netcert/verifier/gate')
  const exports = await readExports(paths, signedBy)
  const merged = mergeLedgers(exports)
  const { event, entries, doubles, forked, ledgers } = merged
  screen.line(styled('bold', event), `  ${entries} entries in ${ledgers.length} ledgers`)
  screen.line('  signed by  ', exports[0]?.signedBy ?? '')
  for (const double of doubles) {
    const copied = double.sameCode ? ', the very same code' : ''
    screen.line(styled('red', `A ${double.of} entered ${double.entries.length} times${copied}`))
    for (const entry of double.entries) screen.line('  ', placeOf(entry))
  }
  for (const id of forked)
    screen.line(styled('red', `Exports of ledger ${id} contradict one another`))
  if (isClean(merged)) screen.line(styled('green', 'Nothing entered twice'))
  screen.result({ ...merged, signed_by: exports[0]?.signedBy })
  return isClean(merged) ? exitCodes.done : exitCodes.refused
}

function isClean({ doubles, forked }: MergedLedgers): boolean {
  return doubles.length === 0 && forked.length === 0
}

async function readExports(
  paths: readonly string[],
  signedBy: string | null,
): Promise<readonly LedgerExport[]> {
  const { readLedgerExport } = await import('@netcert/verifier/gate')
  const exports: LedgerExport[] = []
  for (const path of paths) {
    const text = await readInputText({ path, what: 'The ledger', limitBytes: MOST_LEDGER_BYTES })
    exports.push(await readLedgerExport(text, { signedBy }))
  }
  return exports
}

function addImport(ledger: Command): void {
  const command = laneOptions(ledger.command('import <file...>'))
    .description('take other lanes’ exported entries in: what entered there is refused here')
    .addHelpText(
      'after',
      '\nExample:\n  netcert gate ledger import south-1.json --lane north-1.ncgate',
    )
  perform<LedgerOptions>(command, (invocation, options, paths) =>
    withLedger(invocation, options, async ({ ledger, lane }) => {
      const { screen } = invocation
      const venue = lane.clientId.slice('decentralized_identifier:'.length)
      const exports = await readExports(paths, venue)
      const { assertSameEvent } = await import('@netcert/verifier/gate')
      for (const one of exports) assertSameEvent(one, lane.event.id)
      let taken = 0
      for (const { entries } of exports) taken += await ledger.takeIn(entries)
      screen.line(styled('green', 'Taken in'), `  ${taken} entries`)
      screen.result({ taken })
    }),
  )
}

function addClock(ledger: Command): void {
  const command = laneOptions(ledger.command('clock'))
    .description('say that the clock of this machine was wrong before and is right now')
    .addHelpText(
      'after',
      `
For a gate that refuses with clock_back because its clock was ahead once. Look at the clock first.

Example:
  netcert gate ledger clock --lane north-1.ncgate`,
    )
  perform<LedgerOptions>(command, (invocation, options) =>
    withLedger(invocation, options, async ({ ledger }) => {
      const { screen, clock } = invocation
      const now = clock()
      await ledger.correctClock(now)
      screen.line(styled('green', 'The clock is taken as right'), `  ${now.toISOString()}`)
      screen.result({ now })
    }),
  )
}

function addForget(ledger: Command): void {
  const command = laneOptions(ledger.command('forget'))
    .description('erase a ledger whose time is over; with --now at once')
    .option('--now', 'although its time is not over: passes that entered may enter again')
    .addHelpText('after', '\nExample:\n  netcert gate ledger forget --lane north-1.ncgate')
  perform<LedgerOptions & { readonly now?: true }>(command, (invocation, options) =>
    withLedger(invocation, options, async ({ ledger, eraseWhenOver }) => {
      const { screen } = invocation
      const { erasesAt } = await ledger.head()
      const erased = options.now === true ? await ledger.erase() : await eraseWhenOver()
      if (erased === null) screen.line('Its time is not over before ', erasesAt.toISOString())
      else screen.line(styled('green', 'Erased'), `  ${erased} entries`)
      screen.result({ erased, erases_at: erasesAt })
      return erased === null ? exitCodes.refused : exitCodes.done
    }),
  )
}

function placeOf({ at, gate, lane, number, by }: LedgerEntry): string {
  return `${at.toISOString()}  ${gate} / ${lane}  entry ${number}  ${by}`
}

function countBy(
  entries: readonly LedgerEntry[],
  keyOf: (entry: LedgerEntry) => string,
): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const entry of entries) counts[keyOf(entry)] = (counts[keyOf(entry)] ?? 0) + 1
  return counts
}
