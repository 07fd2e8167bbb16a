import type { Command } from 'commander'
import { CommandFailure, exitCodes } from '../failure.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { readInputText } from '../read-input.js'
import { styled } from '../screen.js'
import { verifierFolder } from '../verifier-folder.js'
import { refuseExisting, writeNewFile } from '../write-output.js'

/** Two million numbers. */
const MOST_NUMBER_BYTES = 64 * 1024 * 1024

type TicketsOptions = { readonly event: string; readonly numbers: string; readonly out: string }

/** `netcert gate tickets`: who has a ticket, for gates that have no network. */
export function addGateTickets(gate: Command): void {
  const command = gate
    .command('tickets')
    .description('make the list of tickets that a ticket gate checks')
    .requiredOption('--event <id>', 'as its lanes are made for')
    .requiredOption(
      '--numbers <file>',
      'platform numbers that bought one, a line each; - for stdin',
    )
    .requiredOption('--out <file>', 'the list (.nctickets); it must not exist')
    .addHelpText(
      'after',
      `
No number is in the list: tags alone, under the key of the event, which also keeps it from being
changed. Sales may go on: make it again and bring the newer one to the gates. A ticket gate without a
list lets any copy that was made for this venue in, each person once.

Example:
  netcert gate tickets --dir ./verifier --event final-2026 --numbers sold.txt --out final.nctickets`,
    )
  perform<TicketsOptions>(command, makeTickets)
}

async function makeTickets(invocation: Invocation, options: TicketsOptions): Promise<void> {
  const { event, numbers: path, out } = options
  const { createAdmissionList, macOf } = await import('@netcert/verifier/gate')
  const { readEventKey } = await import('@netcert/verifier/gate-open')
  const { screen, clock } = invocation
  await refuseExisting(out)
  const what = 'The list of numbers'
  const text = await readInputText({ path, what, limitBytes: MOST_NUMBER_BYTES })
  const numbers = await readNumbers(text)
  const dir = await verifierFolder(issuerDir(invocation))
  const tagMac = macOf(await readEventKey(dir, event))
  const list = await createAdmissionList({ tagMac, event, numbers, issuedAt: clock() })
  await writeNewFile({ path: out, lines: [list] })
  screen.line(styled('green', 'List of tickets written'), `  ${out}`)
  screen.line('  event    ', event)
  screen.line('  tickets  ', numbers.size)
  screen.result({ file: out, event, tickets: numbers.size })
}

/** Each in any spelling a person may use; a line that is none is told by its place alone. */
async function readNumbers(text: string): Promise<ReadonlySet<string>> {
  const { parsePlatformNumber } = await import('@netcert/credential')
  const numbers = new Set<string>()
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    try {
      numbers.add(parsePlatformNumber(line))
    } catch {
      throw new CommandFailure('not_a_number', `Line ${at + 1} is no platform number.`, {
        exit: exitCodes.wrongUse,
        cure: 'One platform number a line, as your shop got it in its results.',
      })
    }
  }
  return numbers
}
