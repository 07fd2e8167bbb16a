import type { AuditEntry, AuditFault, AuditVerification } from '@netcert/issuer'
import { type Command, Option } from 'commander'
import { instant, oneOf, wholeNumber } from '../choices.js'
import { csvRow } from '../csv-cell.js'
import { type ExitCode, exitCodes, wrongUse } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { writeTable } from '../table.js'
import { withIssuer } from '../with-issuer.js'
import { refuseExisting, writeNewFile } from '../write-output.js'

/** `netcert audit …`: what was done at the issuer, by whom, and whether that record is whole. */
export function addAuditCommands(program: Command): void {
  const audit = program
    .command('audit')
    .description('what was done at the issuer, by whom, and whether that record is whole')
  addVerify(audit)
  addList(audit)
  addExport(audit)
  const mirror = audit
    .command('mirror')
    .description('carry to the mirror what it lacks; all of it where its files are gone')
    .addHelpText('after', '\nExamples:\n  netcert audit mirror --as /media/a17/operator.pem')
  perform<object>(mirror, writeMirror)
}

type VerifyOptions = { readonly log?: string; readonly heads?: string; readonly key?: string }

function addVerify(audit: Command): void {
  const command = audit
    .command('verify')
    .description('find the first entry that is not as it was written')
    .option('--log <file>', 'only a copy of log.jsonl, wherever it was kept')
    .option('--heads <file>', 'with --log: the heads.jsonl that belongs to it')
    .option('--key <did>', 'with --log: the key that the heads have to be signed by')
    .addHelpText(
      'after',
      `
Database, mirror and signed heads are held against each other, and every operator's signature is
checked. Exit 1 when an entry was changed, removed, moved or cut off; the first such one is named.

Examples:
  netcert audit verify
  netcert audit verify --log /media/audit/log.jsonl --heads /media/audit/heads.jsonl`,
    )
  perform<VerifyOptions>(command, verify)
}

async function verify(invocation: Invocation, options: VerifyOptions): Promise<ExitCode> {
  const found = await verified(invocation, options)
  const { entries, heads, lag, key, firstBad } = found
  const { screen } = invocation
  if (firstBad === null) screen.line(styled('green', 'The audit log is whole'))
  else screen.line(styled('red', `Entry ${firstBad.sequence}`), `  ${wordsOf(firstBad)}`)
  screen.line('  good entries  ', entries)
  screen.line('  signed heads  ', heads)
  if (lag > 0) screen.line('  not mirrored  ', lag)
  if (key !== null) screen.line('  signed by     ', key)
  screen.result({ whole: firstBad === null, entries, heads, lag, key, first_bad: firstBad })
  return firstBad === null ? exitCodes.done : exitCodes.refused
}

async function verified(
  invocation: Invocation,
  { log, heads, key }: VerifyOptions,
): Promise<AuditVerification> {
  if (log === undefined) {
    if (heads === undefined && key === undefined) {
      return withIssuer(invocation, (issuer) => issuer.auditLog.verify())
    }
    throw wrongUse('Which log?', 'Give --log with --heads and --key, or none of the three.')
  }
  const { verifyAuditFiles } = await import('@netcert/issuer')
  return verifyAuditFiles({
    log,
    ...(heads === undefined ? {} : { heads }),
    ...(key === undefined ? {} : { key }),
  })
}

const faults: Readonly<Record<AuditFault['fault'], string>> = {
  changed: 'was changed, or the one before it',
  removed: 'was removed',
  reordered: 'was put behind a later one',
  cut: 'and all after it were cut off',
  signature: 'is not signed by who it names',
  head: 'is not the one that was signed, or one before it',
  differs: 'is another one than in the database',
}

function wordsOf({ where, fault }: AuditFault): string {
  const place = { database: 'in the database', mirror: 'in the mirror', heads: 'among the heads' }
  return `${faults[fault]} (${place[where]})`
}

type ListOptions = { readonly since?: Date; readonly limit: number }

const sinceOption = (): Option =>
  new Option('--since <instant>', 'entries from then on, ISO 8601').argParser(instant)

function addList(audit: Command): void {
  const command = audit
    .command('list')
    .description('the last entries')
    .addOption(sinceOption())
    .addOption(
      new Option('--limit <n>', 'how many at most').argParser(wholeNumber(1, 1000)).default(50),
    )
    .addHelpText('after', '\nExamples:\n  netcert audit list --limit 10')
  perform<ListOptions>(command, list)
}

async function list(invocation: Invocation, { since, limit }: ListOptions): Promise<void> {
  const entries = await withIssuer(invocation, async ({ auditLog }) => {
    const last: AuditEntry[] = []
    for await (const entry of auditLog.entries(since === undefined ? {} : { since })) {
      last.push(entry)
      if (last.length > limit) last.shift()
    }
    return last
  })
  writeTable(invocation.screen, {
    head: ['entry', 'at', 'event', 'by', 'of', 'details'],
    right: [0],
    rows: entries.map(({ sequence, at, event, actor, subject, details }) => [
      sequence,
      timeOf(at),
      event,
      actor.length > 12 ? `${actor.slice(0, 11)}…` : actor,
      subject ?? '',
      details === '{}' ? '' : details,
    ]),
  })
  invocation.screen.result({ entries })
}

type ExportOptions = {
  readonly out: string
  readonly since?: Date
  readonly format: 'jsonl' | 'csv'
}

function addExport(audit: Command): void {
  const command = audit
    .command('export')
    .description('write entries to a new file; on record itself')
    .requiredOption('--out <file>', 'a file that must not exist yet')
    .addOption(sinceOption())
    .addOption(
      new Option('--format <format>', 'jsonl, as verify reads it, or csv for a spreadsheet')
        .argParser(oneOf('jsonl', 'csv'))
        .default('jsonl'),
    )
    .addHelpText(
      'after',
      `
Examples:
  netcert audit export --out audit.jsonl
  netcert audit export --out audit.csv --format csv --since 2026-11-01T00:00:00Z`,
    )
  perform<ExportOptions>(command, exportLog)
}

async function exportLog(
  invocation: Invocation,
  { out, since, format }: ExportOptions,
): Promise<void> {
  await refuseExisting(out)
  let count = 0
  await withIssuer(invocation, async ({ auditLog }) => {
    const entries = await auditLog.export(since === undefined ? {} : { since })
    const lines = async function* (): AsyncIterable<string> {
      if (format === 'csv') yield csvRow(columns)
      for await (const entry of entries) {
        count += 1
        yield format === 'csv' ? asRow(entry) : JSON.stringify(entry)
      }
    }
    await writeNewFile({ path: out, lines: lines() })
  })
  invocation.screen.line(styled('green', `${count} entries`), ` in ${out}`)
  invocation.screen.result({ file: out, entries: count })
}

const columns = [
  'sequence',
  'at',
  'event',
  'actor',
  'subject',
  'details',
  'signature',
  'previous',
  'hash',
]

function asRow(entry: AuditEntry): string {
  const { sequence, at, event, actor, subject, details, signature, previous, hash } = entry
  const told = [event, actor, subject ?? '', details, signature ?? '', previous, hash]
  return csvRow([sequence, timeOf(at), ...told])
}

async function writeMirror(invocation: Invocation): Promise<void> {
  const { entries } = await withIssuer(invocation, (issuer) => issuer.auditLog.mirror())
  invocation.screen.line(
    styled('green', 'Carried'),
    `  the mirror lacks none of ${entries} entries`,
  )
  // What stands there already is left as it is, for whoever has to find out.
  invocation.screen.line('  next  netcert audit verify, which compares them')
  invocation.screen.result({ entries })
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
