import { type Command, Option } from 'commander'
import { citizenReference } from '../citizen-reference.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { writeTable } from '../table.js'
import { withIssuer } from '../with-issuer.js'
import { addPersonCancel } from './person-cancel.js'
import { addPersonContact } from './person-contact.js'

type CitizenOptions = { readonly citizen: string }

/** `netcert person …`: what an enrolled person fetches with, and their revocation code. */
export function addPersonCommands(program: Command): void {
  const person = program
    .command('person')
    .description('enrolled people: cancelling, devices, revocation codes, recovery contacts')
  addPersonCancel(person)
  addDevices(person)
  addRevocationCode(person)
  addPersonContact(person)
}

/** Whom a command is about. */
export function citizenOption(what: string): Option {
  return new Option('--citizen <reference>', what).argParser(citizenReference).makeOptionMandatory()
}

function addDevices(person: Command): void {
  const command = person
    .command('devices')
    .description('what a citizen fetches certificates with, newest first')
    .addOption(citizenOption('whose'))
    .addHelpText(
      'after',
      `
A device is one consent to one wallet: it keeps its name however often it fetches.

Examples:
  netcert person devices --citizen <reference>
  netcert certificate revoke --device <id> --reason device_lost`,
    )
  perform<CitizenOptions>(command, devices)
}

async function devices(invocation: Invocation, { citizen }: CitizenOptions): Promise<void> {
  const { screen } = invocation
  const found = await withIssuer(invocation, (issuer) => issuer.ending.devices(citizen))
  writeTable(screen, {
    head: ['device', 'wallet', 'state', 'batches', 'last issued'],
    rows: found.map(({ device, kind, state, batches, lastIssuedAt }) => [
      device,
      kind === 'attested_wallet' ? 'attested' : 'unattested',
      state,
      String(batches),
      lastIssuedAt.toISOString(),
    ]),
  })
  screen.result({
    citizen,
    devices: found.map(({ createdAt: created_at, lastIssuedAt: last_issued_at, ...rest }) => ({
      ...rest,
      created_at,
      last_issued_at,
    })),
  })
}

function addRevocationCode(person: Command): void {
  const command = person
    .command('code')
    .description('print a new revocation code for a citizen; the one before ends')
    .addOption(citizenOption('whose'))
    .addHelpText(
      'after',
      `
With it the citizen pauses or revokes everything without the phone: at <base URL>/revoke, or with
\`netcert certificate revoke --code-file\`. It is shown this once, for the citizen's paper.

Examples:
  netcert person code --citizen <reference>
  netcert person code --citizen <reference> --lang zh-CN`,
    )
  perform<CitizenOptions>(command, async (invocation, { citizen }) => {
    const code = await withIssuer(invocation, (issuer) =>
      issuer.ending.createRevocationCode(citizen),
    )
    await showRevocationCode(invocation, code)
    invocation.screen.result({ citizen, revocation_code: code })
  })
}

/** Shows a code for its paper, in the citizen's language. */
export async function showRevocationCode(invocation: Invocation, code: string): Promise<void> {
  const { screen, language } = invocation
  const { REVOCATION_TEXTS, revocationPageOf } = await import('@netcert/issuer')
  const { paperTitle, paperLead } = REVOCATION_TEXTS[language]
  screen.line(styled('bold', paperTitle))
  screen.line('  ', styled('yellow', code))
  screen.line(`  ${paperLead}`)
  screen.line(`  ${await revocationPageOf(issuerDir(invocation))}`)
}
