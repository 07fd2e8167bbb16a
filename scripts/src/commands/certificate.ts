import type { SetStatusOptions, StatusReport } from '@netcert/issuer'
import { type Command, Option } from 'commander'
import { instant } from '../choices.js'
import { citizenReference } from '../citizen-reference.js'
import { counted } from '../counted.js'
import { type ExitCode, exitCodes, wrongUse } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { readInputText } from '../read-input.js'
import { styled } from '../screen.js'
import { withIssuer } from '../with-issuer.js'

type StatusOptions = {
  readonly citizen?: string
  readonly batch?: string
  readonly device?: string
  readonly reason?: string
  readonly until?: Date
  readonly codeFile?: string
}

type Act = {
  readonly name: 'suspend' | 'reinstate' | 'revoke'
  readonly status: SetStatusOptions['status']
  readonly did: string
  readonly description: string
  readonly reasons: string
  readonly help: string
}

const ACTS: readonly Act[] = [
  {
    name: 'suspend',
    status: 'suspended',
    did: 'Suspended',
    description: 'pause certificates; nothing new is issued meanwhile',
    reasons: 'citizen_asked guardian_asked device_lost facts_disputed lawful_order unspecified',
    help: `
Without --until a suspension lasts until it is taken back. With it, it ends by itself with the first
publication after that instant.

Examples:
  netcert certificate suspend --citizen <reference> --reason citizen_asked
  netcert certificate suspend --device <id> --reason device_lost --until 2026-12-01T08:00:00+08:00
  netcert certificate suspend --code-file code.txt`,
  },
  {
    name: 'reinstate',
    status: 'valid',
    did: 'Reinstated',
    description: 'take a suspension back',
    reasons: 'citizen_asked guardian_asked device_found cleared unspecified',
    help: `
Of a citizen: every suspension of theirs, but for devices that are suspended by themselves.

Examples:
  netcert certificate reinstate --citizen <reference> --reason citizen_asked
  netcert certificate reinstate --device <id> --reason device_found`,
  },
  {
    name: 'revoke',
    status: 'revoked',
    did: 'Revoked',
    description: 'end certificates for good',
    reasons:
      'citizen_asked guardian_asked key_lost device_lost key_compromised facts_changed\n' +
      '  facts_wrong came_of_age custody_changed deceased lawful_order unspecified',
    help: `
Revoked stays revoked (exit 1 when nothing else was to do). A revoked device fetches nothing more. Of
a citizen all devices end, unless the reason is facts_changed, facts_wrong or came_of_age: then their
wallets fetch anew. The citizen stays enrolled, and keeps the numbers at platforms.

A lost phone: --device ends that one; --citizen ends all; --code-file is the citizen's own way, with
the code that was printed at enrolment (also at <base URL>/revoke, without an operator).

Examples:
  netcert certificate revoke --device <id> --reason device_lost
  netcert certificate revoke --citizen <reference> --reason device_lost
  netcert certificate revoke --batch <id> --reason key_compromised
  netcert certificate revoke --code-file code.txt`,
  },
]

/** `netcert certificate suspend | reinstate | revoke`. */
export function addCertificateCommands(program: Command): void {
  const certificate = program
    .command('certificate')
    .description('suspend, reinstate and revoke certificates')
  for (const act of ACTS) addAct(certificate, act)
}

function addAct(certificate: Command, act: Act): void {
  const command = certificate
    .command(act.name)
    .description(act.description)
    .addOption(
      new Option('--citizen <reference>', 'all of this citizen').argParser(citizenReference),
    )
    .addOption(
      new Option('--batch <id>', 'one batch, as `mint` shows it').conflicts(['citizen', 'device']),
    )
    .addOption(
      new Option('--device <id>', 'all of one device, as `person devices` shows it').conflicts(
        'citizen',
      ),
    )
    .option('--reason <reason>', 'why: one of the codes below')
  if (act.name === 'suspend') {
    command.addOption(new Option('--until <instant>', 'when it ends by itself').argParser(instant))
  }
  if (act.name !== 'reinstate') {
    command.addOption(
      new Option(
        '--code-file <file>',
        "a citizen's revocation code, or - for standard input: all of theirs",
      ).conflicts(['citizen', 'batch', 'device', 'reason', 'until']),
    )
  }
  command.addHelpText(
    'after',
    `
Reasons: ${act.reasons}
Verifiers learn of it from the next lists: run \`netcert publish\` after it.
${act.help}`,
  )
  perform<StatusOptions>(command, (invocation, options) =>
    options.codeFile === undefined
      ? setStatus(invocation, act, options)
      : useCode(invocation, act, options.codeFile),
  )
}

async function setStatus(
  invocation: Invocation,
  { status, did }: Act,
  options: StatusOptions,
): Promise<ExitCode> {
  const target = targetOf(options)
  const { reason, until } = options
  if (reason === undefined) throw wrongUse('Why?', 'Give --reason; --help lists the codes.')
  const end = until === undefined ? {} : { until }
  const report = await withIssuer(invocation, (issuer) =>
    issuer.certificates.setStatus({ target, status, reason, ...end }),
  )
  tell(invocation, did, report)
  const { withoutStatus: without_status, devicesEnded: devices_ended, ...counts } = report
  const result = { ...target, ...counts, without_status, devices_ended, until: until ?? null }
  invocation.screen.result(result)
  const { final, changed, unchanged } = report
  return final > 0 && changed + unchanged === 0 ? exitCodes.refused : exitCodes.done
}

function tell({ screen }: Invocation, did: string, report: StatusReport): void {
  const { status, changed, unchanged, final, withoutStatus, devicesEnded } = report
  screen.line(styled('bold', did), `: ${counted(changed, 'batch', 'batches')}`)
  if (devicesEnded > 0) {
    screen.line(`  ${counted(devicesEnded, 'device fetches', 'devices fetch')} nothing more`)
  }
  if (unchanged > 0) screen.line(`  ${counted(unchanged, 'was', 'were')} ${status} already`)
  if (final > 0) screen.line(`  ${counted(final, 'stays', 'stay')} revoked: that is final`)
  if (withoutStatus > 0) {
    screen.line(
      `  ${counted(withoutStatus, 'batch has', 'batches have')} no status: the copies count`,
    )
    screen.line('  until they end, within days; `verify --freshness strict` takes none of them')
  }
  if (changed > 0) screen.line('  next  netcert publish --out <dir>, so that verifiers learn of it')
}

async function useCode(invocation: Invocation, { name, did }: Act, path: string): Promise<void> {
  const what = 'The revocation code'
  const code = await readInputText({ path, what, limitBytes: 1024 })
  const action = name === 'revoke' ? 'revoke' : 'suspend'
  await withIssuer(invocation, (issuer) =>
    // Whoever stands here is counted as one place, however many codes they try.
    issuer.ending.useRevocationCode({ code, action, address: 'command' }),
  )
  const { screen } = invocation
  screen.line(styled('bold', did), ': everything of whoever has this code')
  screen.line('  next  netcert publish --out <dir>, so that verifiers learn of it')
  screen.result({ action })
}

function targetOf({ citizen, batch, device }: StatusOptions): SetStatusOptions['target'] {
  if (citizen !== undefined) return { citizen }
  if (batch !== undefined) return { batch }
  if (device !== undefined) return { device }
  throw wrongUse(
    'Whose certificates?',
    'Give --citizen <reference>, --batch <id> or --device <id>.',
  )
}
