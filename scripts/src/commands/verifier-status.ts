import type { Command } from 'commander'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { ageOf, packAgeLines } from '../pack-age.js'
import { styled } from '../screen.js'
import { verifierFolder } from '../verifier-folder.js'

/** `netcert verifier status`: how far the word of a verifier can be trusted at the moment. */
export function addVerifierStatus(verifier: Command): void {
  const command = verifier
    .command('status')
    .description('say what it goes by: trust list, offline pack, age, coverage, policy')
    .addHelpText(
      'after',
      `
Reads what lies in the folder; nothing is fetched.

Examples:
  netcert verifier status --dir ./verifier
  netcert verifier status --dir ./verifier --json`,
    )
  perform<object>(command, showStatus)
}

async function showStatus(invocation: Invocation): Promise<void> {
  const { readTrustStanding } = await import('@netcert/verifier/server')
  const { screen, clock } = invocation
  const dir = await verifierFolder(issuerDir(invocation))
  const now = clock()
  const { trust, pack, policy, failures } = await readTrustStanding({ dir, now })
  if (trust === null) screen.line(styled('red', 'Nothing is at hand to go by.'))
  else {
    const { sequence, endsAt, timeFloor } = trust
    screen.line(styled('bold', 'Trust list'), `  ${sequence}, until ${endsAt.toISOString()}`)
    const behind = Math.floor((timeFloor.getTime() - now.getTime()) / 1000)
    if (behind > 0)
      screen.line(styled('red', '  clock     '), `${ageOf(behind)} behind the newest list`)
  }
  if (pack === null) screen.line('No offline pack is kept.')
  else {
    screen.line(styled('bold', 'Offline pack'), `  ${pack.seq}, ${pack.kind}`)
    for (const line of packAgeLines(pack)) screen.line('  ', line)
  }
  screen.line('Policy      ', policy.name)
  for (const code of failures) screen.line(styled('yellow', 'left out'), `  ${code}`)
  screen.result({ trust, pack, policy, failures })
}
