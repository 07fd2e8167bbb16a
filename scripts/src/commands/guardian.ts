import type { CreatedOffer, Handover } from '@netcert/issuer'
import { type Command, Option } from 'commander'
import { instant } from '../choices.js'
import { citizenReference } from '../citizen-reference.js'
import { counted } from '../counted.js'
import { type Invocation, issuerPlace, perform } from '../invocation.js'
import { readInputJson } from '../read-input.js'
import { styled } from '../screen.js'
import { writeTable } from '../table.js'
import { withIssuer } from '../with-issuer.js'

type ChangeOptions = { readonly citizen: string }
type SuspendOptions = {
  readonly citizen: string
  readonly guardian: string
  readonly until?: Date
}
type HandoverOptions = { readonly offer?: true; readonly all?: true }

const ORDER_BYTES = 16 * 1024

/** `netcert guardian …`: custody, a guardian's pause, and what birthdays hand over. */
export function addGuardianCommands(program: Command): void {
  const guardian = program
    .command('guardian')
    .description('minors and their guardians: custody, pauses, certificates that change hands')
  addChange(guardian)
  addSuspend(guardian)
  addHandovers(guardian)
}

function addChange(guardian: Command): void {
  const command = guardian
    .command('change')
    .description('change who is guardian of a minor')
    .argument('<file>', 'the order as JSON; - for standard input')
    .addOption(minorOption())
    .addHelpText(
      'after',
      `
The file names every guardian from now on, by document numbers of people on record:
  { "guardian_document_numbers": ["110101198001011234", "EA1234567"] }

Whoever is not named is guardian no more: what they hold about the minor is revoked with the next
publication, and their wallets fetch nothing more. Interrupted, it is finished by repeating it.

Examples:
  netcert guardian change --citizen <child> order.json
  jq … | netcert guardian change --citizen <child> -`,
    )
  perform<ChangeOptions>(command, changeGuardians)
}

async function changeGuardians(
  invocation: Invocation,
  { citizen }: ChangeOptions,
  args: readonly string[],
): Promise<void> {
  const [path = '-'] = args
  const input = await readInputJson({ path, what: 'the order', limitBytes: ORDER_BYTES })
  const report = await withIssuer(invocation, ({ minors }) =>
    minors.changeCustody({ citizen, input }),
  )
  const { screen } = invocation
  const { guardians, former, revoked, withoutStatus, grantsEnded } = report
  screen.line(styled('green', 'Changed'), `  ${guardians} guardians, ${former} former`)
  if (revoked > 0) {
    const ended = counted(revoked, 'batch is', 'batches are')
    screen.line(`  ${ended} revoked with the next publication`)
  }
  if (withoutStatus > 0) screen.line(`  ${withoutStatus} more end within 72 hours`)
  const ended = { without_status: withoutStatus, grants_ended: grantsEnded }
  screen.result({ citizen, guardians, former, revoked, ...ended })
}

function addSuspend(guardian: Command): void {
  const command = guardian
    .command('suspend')
    .description('pause everything about a minor on the word of one guardian')
    .addOption(minorOption())
    .addOption(
      new Option('--guardian <reference>', 'the guardian at the counter')
        .argParser(citizenReference)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--until <instant>', 'when it ends by itself').argParser(instant))
    .addHelpText(
      'after',
      `
Any one guardian can pause; nobody holds anything about the minor that counts until it ends, by
--until or by \`netcert certificate reinstate\`. The audit log names guardian and minor by their random
references.

Examples:
  netcert guardian suspend --citizen <child> --guardian <reference>
  netcert guardian suspend --citizen <child> --guardian <reference> --until 2026-12-01T08:00:00+08:00`,
    )
  perform<SuspendOptions>(command, suspendWard)
}

async function suspendWard(
  invocation: Invocation,
  { citizen, guardian, until }: SuspendOptions,
): Promise<void> {
  const pause = { ward: citizen, guardian, ...(until === undefined ? {} : { until }) }
  const { changed, withoutStatus } = await withIssuer(invocation, ({ minors }) =>
    minors.pauseWard(pause, 'operator'),
  )
  const { screen } = invocation
  const end = until === undefined ? '' : ` until ${until.toISOString()}`
  screen.line(styled('yellow', 'Suspended'), `  ${counted(changed, 'batch', 'batches')}${end}`)
  screen.result({ citizen, guardian, changed, without_status: withoutStatus, until: until ?? null })
}

function addHandovers(guardian: Command): void {
  const command = guardian
    .command('handovers')
    .description('certificates that change hands at 14 and at 18')
    .option('--offer', 'make the offer of each that has none yet')
    .option('--all', 'those offered before, too')
    .addHelpText(
      'after',
      `
Publishing ends ward certificates at 14 and guardianship at 18 by itself, and lists here what the right
holder gets instead: own (the minor, at 14), guardianship (each guardian, at 14), grown (the person, at
18). An offer waits a day; whoever it is for signs in to take it up. Months only: the day would be a
birthday.

Examples:
  netcert guardian handovers
  netcert guardian handovers --offer --json`,
    )
  perform<HandoverOptions>(command, showHandovers)
}

async function showHandovers(invocation: Invocation, options: HandoverOptions): Promise<void> {
  const { screen } = invocation
  const found = await withIssuer(invocation, ({ minors }) =>
    minors.handovers.list({ all: options.all === true }),
  )
  const offers = options.offer === true ? await offerAll(invocation, found) : new Map()
  writeTable(screen, {
    head: ['handover', 'kind', 'about', 'to', 'due', 'offered'],
    rows: found.map((each) => [
      each.handover,
      each.kind,
      each.citizen,
      each.guardian ?? each.citizen,
      each.dueMonth.toISOString().slice(0, 7),
      offers.has(each.handover) ? 'now' : (each.offeredAt?.toISOString() ?? ''),
    ]),
  })
  for (const [handover, { offerUri }] of offers) {
    screen.line(styled('bold', handover))
    screen.line(offerUri)
  }
  screen.result({ handovers: found.map((each) => resultOf(each, offers.get(each.handover))) })
}

async function offerAll(
  invocation: Invocation,
  due: readonly Handover[],
): Promise<ReadonlyMap<string, CreatedOffer>> {
  const { openOfferDesk } = await import('@netcert/issuer')
  const desk = await openOfferDesk(issuerPlace(invocation))
  try {
    const made = new Map<string, CreatedOffer>()
    for (const { handover } of due) {
      const offer = await desk.offerHandover(handover)
      if (offer !== undefined) made.set(handover, offer)
    }
    return made
  } finally {
    await desk.close()
  }
}

function resultOf(each: Handover, offer: CreatedOffer | undefined) {
  const { handover, kind, citizen, guardian, dueMonth, offeredAt } = each
  return {
    ...{ handover, kind, citizen, guardian, due_month: dueMonth, offered_at: offeredAt },
    ...(offer === undefined ? {} : { offer_uri: offer.offerUri, expires_at: offer.expiresAt }),
  }
}

function minorOption(): Option {
  return new Option('--citizen <reference>', 'the minor, as `citizens list` shows them')
    .argParser(citizenReference)
    .makeOptionMandatory()
}
