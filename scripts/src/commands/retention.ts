import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { writeTable } from '../table.js'
import { withIssuer } from '../with-issuer.js'

/** `netcert retention …`: how long everything is kept, and the job that removes it then. */
export function addRetentionCommands(program: Command): void {
  const retention = program
    .command('retention')
    .description('how long each class of data is kept, and the job that removes it then')
  const list = retention
    .command('list')
    .description('every class of data with its time')
    .addHelpText('after', '\nExample:\n  netcert retention list')
  perform<object>(list, listClasses)
  const run = retention
    .command('run')
    .description('remove everything whose time is over, and say what')
    .option('--dry-run', 'say what would go, and change nothing')
    .addHelpText(
      'after',
      `
The times stand in netcert.json under "retention", by class: { "retention": { "offers": "7d" } }.
The server runs it every minute (what ends by the minute) and at each publication (everything), and so
does \`netcert publish\`; counts are on record in the audit log (retention_enforced).
Exit 1: a reader held on to old pages of the database; run it again.

Examples:
  netcert retention run --dry-run
  netcert retention run`,
    )
  perform<RunOptions>(run, runRetention)
}

async function listClasses(invocation: Invocation): Promise<void> {
  const { screen } = invocation
  const classes = await withIssuer(invocation, (issuer) => Promise.resolve(issuer.retention.list()))
  writeTable(screen, {
    head: ['class', 'kept', 'since', 'tables'],
    rows: classes.map(({ class: name, keptSeconds, since, tables }) => [
      name,
      shownTime(keptSeconds),
      since,
      tables.join(' '),
    ]),
  })
  screen.result({
    classes: classes.map(({ class: name, keptSeconds: kept_seconds, since, tables }) => ({
      class: name,
      kept_seconds,
      since,
      tables,
    })),
  })
}

type RunOptions = { readonly dryRun?: true }

async function runRetention(
  invocation: Invocation,
  { dryRun = false }: { readonly dryRun?: boolean } & Omit<RunOptions, 'dryRun'>,
): Promise<ExitCode> {
  const { screen } = invocation
  const report = await withIssuer(invocation, (issuer) => issuer.retention.run({ dryRun }))
  const { removed, finished } = report
  for (const { class: name, removed: count, keptSeconds } of removed) {
    screen.line(`  ${String(count).padStart(7)}  ${name}  (kept ${shownTime(keptSeconds)})`)
  }
  if (removed.length === 0) screen.line('Nothing is over its time.')
  else screen.line(styled('green', dryRun ? 'Would be removed' : 'Removed'))
  if (!finished) screen.line(styled('yellow', 'Not finished'), ': run it again in a moment')
  screen.result({
    dry_run: dryRun,
    removed: removed.map(({ class: name, removed: count }) => ({ class: name, count })),
    finished,
  })
  return finished ? exitCodes.done : exitCodes.refused
}

/** A duration in the largest unit that fits. */
function shownTime(seconds: number): string {
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const) {
    if (seconds > 0 && seconds % size === 0) return `${seconds / size}${unit}`
  }
  return `${seconds}s`
}
