import { type Command, Option } from 'commander'
import { oneOf } from '../choices.js'
import { citizenReference } from '../citizen-reference.js'
import { wrongUse } from '../failure.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { styled } from '../screen.js'

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
    .addOption(new Option('--citizen <reference>', 'all of this citizen').argParser(citizenReference))
    .addOption(new Option('--batch <id>', 'one batch, as `mint` shows it').conflicts('citizen'))
    .addOption(
      new Option('--status <status>', 'valid, suspended or revoked')
        .argParser(oneOf('valid', 'suspended', 'revoked'))
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <reason>', 'why: a code that is kept with it, never a person’s data')
    .addHelpText(
      'after',
      `
Revoked stays revoked. Verifiers learn of it from the next lists: run \`netcert publish\` after it.

Examples:
  netcert status set --batch <id> --status revoked --reason key_lost
  netcert status set --citizen <reference> --status suspended --reason citizen_asked`,
    )
  perform<StatusOptions>(command, setStatus)
}

async function setStatus(invocation: Invocation, options: StatusOptions): Promise<void> {
  const target = targetOf(options)
  const { openIssuer } = await import('@netcert/issuer')
  const { clock, screen } = invocation
  const { issuer, close } = await openIssuer({ dir: issuerDir(invocation), clock })
  try {
    const { status, reason } = options
    const report = await issuer.setStatus({ target, status, reason })
    screen.line(styled('green', `Set to ${status}`))
    screen.line('  next  ', 'netcert publish --out <dir>')
    screen.result(report)
  } finally {
    await close()
  }
}

function targetOf({ citizen, batch }: StatusOptions): { citizen: string } | { batch: string } {
  if (citizen !== undefined) return { citizen }
  if (batch !== undefined) return { batch }
  throw wrongUse('Whose status?', 'Give --citizen <reference> or --batch <id>.')
}
