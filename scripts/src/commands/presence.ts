import { type Command, Option } from 'commander'
import { citizenReference } from '../citizen-reference.js'
import { type Invocation, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { withIssuer } from '../with-issuer.js'

type RecordOptions = { readonly citizen: string; readonly face?: true }

/** `netcert presence record`: the operator's counter. */
export function addPresenceCommands(program: Command): void {
  const presence = program
    .command('presence')
    .description('presence checks: a person who was there gets a copy that says so')
  const command = presence
    .command('record')
    .description('take note that a citizen was at the counter just now')
    .addOption(
      new Option('--citizen <reference>', 'who was there, as `citizens list` shows them')
        .argParser(citizenReference)
        .makeOptionMandatory(),
    )
    .option('--face', 'their face was compared with the document')
    .addHelpText(
      'after',
      `
The next platform copy the citizen fetches within 15 minutes carries presence_at, to the minute, and
with --face real_person document+face+presence. One check goes into one copy. Nobody asks, and
nothing is kept of, what the check is for.

Examples:
  netcert presence record --citizen <reference> --face`,
    )
  perform<RecordOptions>(command, recordPresence)
}

async function recordPresence(invocation: Invocation, options: RecordOptions): Promise<void> {
  const { citizen } = options
  const face = options.face === true
  const { checkedAt, until } = await withIssuer(invocation, (issuer) =>
    issuer.recordPresence({ citizen, face }),
  )
  const { screen } = invocation
  screen.line(styled('green', 'Recorded'), `  ${citizen}, ${face ? 'face compared' : 'no face'}`)
  screen.line('  fetch a platform copy before  ', until.toISOString())
  screen.result({ citizen, face, checked_at: checkedAt, until })
}
