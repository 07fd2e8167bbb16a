import type { ApplicationState } from '@netcert/issuer'
import { type Command, Option } from 'commander'
import { applicationReference } from '../application-reference.js'
import { oneOf, wholeNumber } from '../choices.js'
import { type Invocation, perform } from '../invocation.js'
import { readInputJson } from '../read-input.js'
import { styled, wrapped } from '../screen.js'
import { withIssuer } from '../with-issuer.js'
import { refuseExisting, writeNewFile } from '../write-output.js'
import { addOfferCommand } from './application-offer.js'
import { addDecideCommand, addEvidenceCommand } from './application-steps.js'

const MOST_APPLICATION_BYTES = 64 * 1024
const STATES = [
  'submitted',
  'checked',
  'approved',
  'refused',
  'offered',
  'issued',
  'withdrawn',
] as const satisfies readonly ApplicationState[]

/** `netcert application …`: from the consent to the certificate. */
export function addApplicationCommands(program: Command): void {
  const application = program
    .command('application')
    .description('applications: consent, evidence, decision, offer')
  addPurposes(application)
  addSubmit(application)
  addEvidenceCommand(application)
  addDecideCommand(application)
  addOfferCommand(application)
  addList(application)
  addShow(application)
  addWithdraw(application)
}

function addPurposes(application: Command): void {
  const command = application
    .command('purposes')
    .description('what is processed and why: show it before anything is asked for')
    .addHelpText(
      'after',
      `
An application names the purposes by the digest shown last: its member consent.purposes.

Examples:
  netcert application purposes --lang zh-CN
  netcert application purposes --json`,
    )
  perform<object>(command, purposes)
}

async function purposes({ screen, language }: Invocation): Promise<void> {
  const { applicationPurposes } = await import('@netcert/issuer')
  const { document, digest } = applicationPurposes()
  for (const line of wrapped(document.introduction[language], screen.columns)) screen.line(line)
  for (const { purpose, processed, kept } of document.purposes) {
    screen.line('')
    for (const line of wrapped(purpose[language], screen.columns)) screen.line(styled('bold', line))
    for (const text of [processed, kept]) {
      for (const line of wrapped(text[language], screen.columns - 2)) screen.line('  ', line)
    }
  }
  screen.line('')
  screen.line('  consent.purposes  ', styled('cyan', digest))
  screen.result({ digest, document })
}

function addSubmit(application: Command): void {
  const command = application
    .command('submit')
    .argument('<file>', 'the application as JSON, or - for standard input')
    .description('take an application in; the answer is a signed receipt of the consent')
    .option('--receipt <file>', 'write the receipt to a new file')
    .addHelpText(
      'after',
      `
The file is described by schemas/application.schema.json; a member that is not listed there is refused:
  { "document": { "type": "resident_id", "number": "…" }, "family_name": "…", "given_name": "…",
    "birthdate": "YYYY-MM-DD", "assurance": "document+face", "types": ["network-certificate"],
    "consent": { "purposes": "<digest>", "language": "zh-CN" } }
For somebody under 18 add "guardian": { "applies": true }. What was stated is kept encrypted until
the decision, and not longer.

Examples:
  netcert application submit application.json --receipt receipt.jwt
  netcert application submit - < application.json`,
    )
  perform<{ readonly receipt?: string }>(command, submit)
}

async function submit(
  invocation: Invocation,
  { receipt: receiptFile }: { readonly receipt?: string },
  [path = '']: readonly string[],
): Promise<void> {
  const { screen } = invocation
  const what = 'The application'
  const input = await readInputJson({ path, what, limitBytes: MOST_APPLICATION_BYTES })
  if (receiptFile !== undefined) await refuseExisting(receiptFile)
  const { id, nonce, receipt } = await withIssuer(invocation, ({ applications }) =>
    applications.submit(input),
  )
  if (receiptFile !== undefined) {
    await writeNewFile({ path: receiptFile, lines: [`${receipt}\n`] })
  }
  screen.line(styled('green', 'Submitted'), `  ${id}`)
  screen.line('  next  ', `netcert application evidence ${id} --registry`)
  screen.result({ id, nonce, receipt })
}

type ListOptions = {
  readonly limit: number
  readonly after?: string
  readonly state?: (typeof STATES)[number]
}

function addList(application: Command): void {
  const command = application
    .command('list')
    .description('references and states, never who applies')
    .addOption(new Option('--state <state>', STATES.join(', ')).argParser(oneOf(...STATES)))
    .addOption(
      new Option('--limit <n>', 'how many at most').argParser(wholeNumber(1, 1000)).default(100),
    )
    .addOption(
      new Option('--after <reference>', 'go on after this one').argParser(applicationReference),
    )
    .addHelpText(
      'after',
      `
Examples:
  netcert application list --state checked
  netcert application list --json --limit 1000 --after <last reference>`,
    )
  perform<ListOptions>(command, list)
}

async function list(invocation: Invocation, options: ListOptions): Promise<void> {
  const { screen } = invocation
  const { limit, after, state } = options
  const applications = await withIssuer(invocation, (issuer) =>
    issuer.applications.list({
      limit,
      ...(after === undefined ? {} : { after }),
      ...(state === undefined ? {} : { state }),
    }),
  )
  for (const { id, state: at, reason, changedAt } of applications) {
    screen.line(`${id}  ${at}${reason === null ? '' : ` (${reason})`}  ${changedAt.toISOString()}`)
  }
  if (applications.length === 0) screen.note('There are none.')
  screen.result({
    applications: applications.map((each) => ({
      id: each.id,
      state: each.state,
      reason: each.reason,
      assurance_asked: each.assuranceAsked,
      assurance: each.assurance,
      types: each.types,
      submitted_at: each.submittedAt,
      changed_at: each.changedAt,
    })),
  })
}

function addShow(application: Command): void {
  const command = application
    .command('show')
    .argument('<reference>', 'as `application list` shows it', applicationReference)
    .description('state, evidence, and what is missing')
  perform<object>(command, show)
}

async function show(
  invocation: Invocation,
  _options: object,
  [id = '']: readonly string[],
): Promise<void> {
  const { screen, language } = invocation
  const { REFUSAL_TEXTS } = await import('@netcert/issuer')
  const found = await withIssuer(invocation, ({ applications }) => applications.show(id))
  const { state, reason, assuranceAsked, assurance, evidence, missing } = found
  screen.line(styled('bold', state), reason === null ? '' : `  ${reason}`, `  ${id}`)
  screen.line('  asked    ', assuranceAsked, assurance === null ? '' : `, reached ${assurance}`)
  for (const { kind, passed, outcome, at } of evidence) {
    screen.line(
      `  ${kind.padEnd(9)}`,
      `${passed ? outcome : `failed: ${outcome}`}  ${at.toISOString()}`,
    )
  }
  if (missing !== null) screen.line('  missing  ', REFUSAL_TEXTS[missing].reason[language])
  screen.result({
    id,
    state,
    reason,
    assurance_asked: assuranceAsked,
    assurance,
    types: found.types,
    nonce: found.nonce,
    evidence,
    missing,
    submitted_at: found.submittedAt,
    changed_at: found.changedAt,
  })
}

function addWithdraw(application: Command): void {
  const command = application
    .command('withdraw')
    .argument('<reference>', 'as `application list` shows it', applicationReference)
    .description('end an application that led to no certificate yet; all that was stated goes')
    .addHelpText(
      'after',
      `
Examples:
  netcert application withdraw <reference>`,
    )
  perform<object>(command, async (invocation, _options, [id = '']) => {
    const { screen } = invocation
    const { receipt } = await withIssuer(invocation, ({ applications }) =>
      applications.withdraw(id),
    )
    screen.line(styled('bold', 'Withdrawn'), `  ${id}`)
    if (receipt !== null) {
      screen.line('  The person it had enrolled is erased; the receipt is for them:')
      screen.line(receipt)
    }
    screen.result({ id, state: 'withdrawn', receipt })
  })
}
