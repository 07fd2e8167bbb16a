import type { Command } from 'commander'
import type { Issuer } from '@netcert/issuer'
import { applicationReference } from '../application-reference.js'
import { type ExitCode, exitCodes, wrongUse } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { drawQrCode } from '../qr-code.js'
import { readChip } from '../read-chip.js'
import { readInputText } from '../read-input.js'
import { styled } from '../screen.js'
import { withIssuer } from '../with-issuer.js'

const MOST_STATEMENT_BYTES = 64 * 1024

type EvidenceOptions = {
  readonly registry?: true
  readonly chip?: string
  readonly phoneSend?: true
  readonly phoneCode?: string
  readonly counter?: true
  readonly face?: true
  readonly presence?: string
  readonly contact?: string
  readonly contactLink?: true
  readonly guardian?: string
  readonly guardianLink?: true
}

type Desk = Issuer['applications']
type Added = Awaited<ReturnType<Desk['addEvidence']>>

/** `netcert application evidence`: one piece of evidence a call. */
export function addEvidenceCommand(application: Command): void {
  const command = application
    .command('evidence')
    .argument('<reference>', 'the application', applicationReference)
    .description('check one piece of evidence; only that it passed is kept, nothing of itself')
    .option('--registry', 'compare what was stated with the authentic source; the first step')
    .option('--chip <folder>', 'EF_SOD.bin and EF_DGn.bin as read from the document')
    .option('--phone-send', 'send a one-time code to the number on record')
    .option('--phone-code <code>', 'the code the citizen tells')
    .option('--counter', 'the person is here and you have their document in your hands')
    .option('--face', 'with --counter: you compared their face with the document')
    .option('--presence <file>', 'signed statement of a provider in liveness-providers.json')
    .option('--contact-link', 'the link the recovery contact confirms with')
    .option('--contact <file>', "presentation of the recovery contact's certificate")
    .option('--guardian-link', 'the link a guardian consents with')
    .option('--guardian <file>', "presentation of the guardian's certificate")
    .addHelpText(
      'after',
      `
document       needs the registry and one of chip, phone, presence, guardian
document+face  needs face and document seen at the counter, or a provider's face check and one of
               chip, phone, guardian
Somebody who is enrolled already needs one of phone, presence, contact, guardian besides.
Somebody under 18 needs a guardian. Evidence counts for seven days, each kind once. Exit 1: it failed.

Examples:
  netcert application evidence <reference> --registry
  netcert application evidence <reference> --counter --face
  netcert application evidence <reference> --chip ./chip
  netcert application evidence <reference> --phone-send
  netcert application evidence <reference> --phone-code 123456`,
    )
  perform<EvidenceOptions>(command, evidence)
}

async function evidence(
  invocation: Invocation,
  { face, ...options }: EvidenceOptions,
  [id = '']: readonly string[],
): Promise<ExitCode | undefined> {
  const { registry, chip, phoneSend, phoneCode, counter, presence, contact, guardian } = options
  const { contactLink, guardianLink } = options
  const given = [registry, chip, phoneSend, phoneCode, counter, presence, contact, guardian]
  if ([...given, contactLink, guardianLink].filter((one) => one !== undefined).length !== 1) {
    throw wrongUse('One piece of evidence a call.', 'Give one option; --help shows them.')
  }
  if (contactLink === true) return link(invocation, id, 'contact')
  if (guardianLink === true) return link(invocation, id, 'guardian')
  if (phoneSend === true) return sendCode(invocation, id)
  const files = {
    chip: chip === undefined ? undefined : await readChip(chip),
    presence: await optionalText(presence, 'The statement'),
    contact: await optionalText(contact, 'The presentation'),
    guardian: await optionalText(guardian, 'The presentation'),
  }
  const added = await withIssuer(invocation, ({ applications }): Promise<Added> => {
    if (files.chip !== undefined) return applications.addEvidence(id, 'chip', files.chip)
    if (phoneCode !== undefined) return applications.addEvidence(id, 'phone', { code: phoneCode })
    if (counter === true) {
      return applications.addEvidence(id, 'presence', { counter: { face: face === true } })
    }
    if (files.presence !== undefined) {
      return applications.addEvidence(id, 'presence', { statement: files.presence })
    }
    for (const kind of ['contact', 'guardian'] as const) {
      const presentation = files[kind]
      if (presentation !== undefined) return applications.addEvidence(id, kind, { presentation })
    }
    return applications.addEvidence(id, 'registry', null)
  })
  return showAdded(invocation, id, added)
}

async function optionalText(path: string | undefined, what: string): Promise<string | undefined> {
  if (path === undefined) return undefined
  return readInputText({ path, what, limitBytes: MOST_STATEMENT_BYTES })
}

async function showAdded(
  { screen, language }: Invocation,
  id: string,
  { kind, passed, outcome, state, missing }: Added,
): Promise<ExitCode> {
  const { REFUSAL_TEXTS } = await import('@netcert/issuer')
  screen.line(
    styled(passed ? 'green' : 'red', passed ? 'Passed' : 'Failed'),
    `  ${kind}: ${outcome}`,
  )
  if (missing === null) screen.line('  next  ', `netcert application decide ${id}`)
  else screen.line('  missing  ', REFUSAL_TEXTS[missing].reason[language])
  screen.result({ id, kind, passed, outcome, state, missing })
  return passed ? exitCodes.done : exitCodes.refused
}

async function sendCode(invocation: Invocation, id: string): Promise<undefined> {
  const { operatorLogSender } = await import('@netcert/issuer')
  const { screen, language } = invocation
  const sender = operatorLogSender((line) => screen.note(line))
  await withIssuer(invocation, ({ applications }) =>
    applications.sendPhoneCode(id, { language, sender }),
  )
  screen.line(styled('green', 'Sent'), '  the code is good for five minutes and five guesses')
  screen.result({ id, sent: true })
}

/** What a contact or guardian opens in their wallet. */
async function link(
  invocation: Invocation,
  subject: string,
  who: 'contact' | 'guardian',
): Promise<undefined> {
  const { screen } = invocation
  const { createGuardianLink, createRecoveryLink } = await import('@netcert/protocol')
  const {
    nonce,
    audience: issuer,
    purposes,
  } = await withIssuer(invocation, async ({ applications }) => ({
    ...(await applications.show(subject)),
    purposes: applications.purposes().digest,
  }))
  const text =
    who === 'contact'
      ? createRecoveryLink({ kind: 'confirmation', issuer, nonce, subject })
      : createGuardianLink({ issuer, nonce, application: subject, purposes })
  screen.line(text)
  await drawQrCode(screen, text)
  screen.result({ id: subject, who, link: text })
}

/** `netcert application decide`: the rules decide. */
export function addDecideCommand(application: Command): void {
  const command = application
    .command('decide')
    .argument('<reference>', 'the application', applicationReference)
    .description('approve it where the level asked for is reached, else refuse it with a code')
    .option('--refuse <code>', 'document_doubtful, identity_doubtful or not_voluntary')
    .addHelpText(
      'after',
      `
With the decision all that was stated is deleted, its key included. An operator can refuse what could
be approved, never approve what the rules refuse. Exit 1: refused.

Examples:
  netcert application decide <reference>
  netcert application decide <reference> --refuse identity_doubtful`,
    )
  perform<{ readonly refuse?: string }>(command, decide)
}

async function decide(
  invocation: Invocation,
  { refuse }: { readonly refuse?: string },
  [id = '']: readonly string[],
): Promise<ExitCode> {
  const { screen, language } = invocation
  const decision = await withIssuer(invocation, ({ applications }) =>
    applications.decide(id, refuse),
  )
  if (decision.state === 'approved') {
    screen.line(styled('green', 'Approved'), `  ${decision.assurance}`)
    screen.line('  next  ', `netcert application offer ${id}`)
    screen.result({ id, state: 'approved', assurance: decision.assurance })
    return exitCodes.done
  }
  const { reason, text } = decision
  screen.line(styled('red', 'Refused'), `  ${reason}`)
  screen.line('  ', `${text.reason[language]} ${text.cure[language]}`)
  screen.result({ id, state: 'refused', code: reason, ...text })
  return exitCodes.refused
}
