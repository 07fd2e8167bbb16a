import { type Command, Option } from 'commander'
import { oneOf } from '../choices.js'
import { citizenReference } from '../citizen-reference.js'
import { type ExitCode, exitCodes, wrongUse } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { withIssuer } from '../with-issuer.js'

type StatusOptions = {
  readonly citizen?: string
  readonly batch?: string
  readonly status: 'valid' | 'suspended' | 'revoked'
  readonly reason: string
}

/** `netcert status set`: suspend, take back a suspension, revoke. */
export function addStatusCommands(program: Command): void {
  const status = program.command('status').description('suspend and revoke certificates')
  const command = status
    .command('set')
    .description('set the status of one batch, or of everything a citizen holds')
    .addOption(
      new Option('--citizen <reference>', 'all of this citizen').argParser(citizenReference),
    )
    .addOption(new Option('--batch <id>', 'one batch, as `mint` shows it').conflicts('citizen'))
    .addOption(
      new Option('--status <status>', 'valid, suspended or revoked')
        .argParser(oneOf('valid', 'suspended', 'revoked'))
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <reason>', 'why: a code, such as key_lost')
    .addHelpText(
      'after',
      `
Reasons: citizen_asked key_lost device_lost device_found key_compromised facts_changed facts_wrong
  came_of_age custody_changed deceased lawful_order cleared unspecified
Revoked stays revoked (exit 1 when nothing else was to do). Verifiers learn of it from the next lists: run \`netcert publish\` after it.

Examples:
  netcert status set --batch <id> --status revoked --reason key_lost
  netcert status set --citizen <reference> --status suspended --reason citizen_asked`,
    )
  perform<StatusOptions>(command, setStatus)
}

async function setStatus(invocation: Invocation, options: StatusOptions): Promise<ExitCode> {
  const target = targetOf(options)
  const { screen } = invocation
  const { status, reason } = options
  const report = await withIssuer(invocation, (issuer) =>
    issuer.certificates.setStatus({ target, status, reason }),
  )
  const { changed, unchanged, final, withoutStatus } = report
  screen.line(styled('bold', `Set to ${status}`), `: ${counted(changed, 'batch', 'batches')}`)
  if (unchanged > 0) screen.line(`  ${counted(unchanged, 'was', 'were')} ${status} already`)
  if (final > 0) screen.line(`  ${counted(final, 'stays', 'stay')} revoked: that is final`)
  if (withoutStatus > 0) {
    screen.line(
      `  ${counted(withoutStatus, 'batch has', 'batches have')} no status: the copies count`,
    )
    screen.line('  until they end, within days; `verify --freshness strict` takes none of them')
  }
  if (changed > 0) screen.line('  next  netcert publish --out <dir>, so that verifiers learn of it')
  screen.result({ ...target, ...report })
  return final > 0 && changed + unchanged === 0 ? exitCodes.refused : exitCodes.done
}

function counted(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`
}

function targetOf({ citizen, batch }: StatusOptions): { citizen: string } | { batch: string } {
  if (citizen !== undefined) return { citizen }
  if (batch !== undefined) return { batch }
  throw wrongUse('Whose status?', 'Give --citizen <reference> or --batch <id>.')
}
