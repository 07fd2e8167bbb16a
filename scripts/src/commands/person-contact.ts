import { type Command, Option } from 'commander'
import { citizenReference } from '../citizen-reference.js'
import { type Invocation, perform } from '../invocation.js'
import { readInputText } from '../read-input.js'
import { styled } from '../screen.js'
import { writeTable } from '../table.js'
import { withIssuer } from '../with-issuer.js'

type CitizenOptions = { readonly citizen: string }

const PRESENTATION_BYTES = 64 * 1024

/** `netcert person contact …`: who may confirm an application when all devices are gone. */
export function addPersonContact(person: Command): void {
  const contact = person
    .command('contact')
    .description('recovery contacts: other enrolled people who may confirm an application')
  addAsk(contact)
  addAccept(contact)
  addList(contact)
  addRemove(contact)
}

function citizenOption(): Option {
  return new Option('--citizen <reference>', 'whose contact')
    .argParser(citizenReference)
    .makeOptionMandatory()
}

function addAsk(contact: Command): void {
  const command = contact
    .command('ask')
    .description('make the request that a contact to be answers with their wallet')
    .addOption(citizenOption())
    .addHelpText(
      'after',
      `
The citizen hands the link to the person they name, who runs \`netcert wallet vouch\` and hands the
answer back. A request is good for seven days; a person has at most five contacts.

Examples:
  netcert person contact ask --citizen <reference>
  netcert wallet vouch <link> --dir ./wallet --out yes.txt
  netcert person contact accept <contact> yes.txt`,
    )
  perform<CitizenOptions>(command, async (invocation, { citizen }) => {
    const { screen } = invocation
    const {
      contact: id,
      link,
      expiresAt,
    } = await withIssuer(invocation, (issuer) => issuer.ending.askContact(citizen))
    screen.line(styled('bold', 'Contact'), ` ${id}  good until ${expiresAt.toISOString()}`)
    screen.line(link)
    screen.result({ contact: id, link, expires_at: expiresAt })
  })
}

function addAccept(contact: Command): void {
  const command = contact
    .command('accept')
    .argument('<contact>', 'k_…, as `contact ask` shows it')
    .argument('<file>', 'the presentation of the contact, or - for standard input')
    .description('take the consent of a contact')
    .addHelpText('after', '\nExample:\n  netcert person contact accept <contact> yes.txt')
  perform<object>(command, accept)
}

async function accept(
  invocation: Invocation,
  _options: object,
  [contact = '', path = '']: readonly string[],
): Promise<void> {
  const what = 'The presentation'
  const presentation = await readInputText({ path, what, limitBytes: PRESENTATION_BYTES })
  await withIssuer(invocation, (issuer) => issuer.ending.agreeContact(contact, presentation))
  invocation.screen.line(styled('green', 'Agreed'), ` ${contact}`)
  invocation.screen.result({ contact, state: 'agreed' })
}

function addList(contact: Command): void {
  const command = contact
    .command('list')
    .description('contacts and open requests of a citizen; not who they are')
    .addOption(citizenOption())
    .addHelpText('after', '\nExample:\n  netcert person contact list --citizen <reference>')
  perform<CitizenOptions>(command, async (invocation, { citizen }) => {
    const contacts = await withIssuer(invocation, (issuer) => issuer.ending.contacts(citizen))
    const rows = contacts.map(({ contact: id, state, since }) => [id, state, since.toISOString()])
    writeTable(invocation.screen, { head: ['contact', 'state', 'since'], rows })
    invocation.screen.result({ citizen, contacts })
  })
}

function addRemove(contact: Command): void {
  const command = contact
    .command('remove')
    .argument('<contact>', 'k_…')
    .description('take a contact, or a request, off the list')
    .addHelpText('after', '\nExample:\n  netcert person contact remove <contact>')
  perform<object>(command, async (invocation, _options, [id = '']) => {
    await withIssuer(invocation, (issuer) => issuer.ending.removeContact(id))
    invocation.screen.line(styled('bold', 'Removed'), ` ${id}`)
    invocation.screen.result({ contact: id, removed: true })
  })
}
