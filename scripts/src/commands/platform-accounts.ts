import type { Command } from 'commander'
import type { Accounts } from '@netcert/verifier'
import { wrongUse } from '../failure.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { writeTable } from '../table.js'
import { verifierFolder } from '../verifier-folder.js'

/** `netcert platform flag` and its neighbours: the accounts of a platform, for its staff. */
export function addPlatformAccounts(platform: Command): void {
  const flag = platform
    .command('flag <account>')
    .description('close an account until its owner is seen again (--dir is the verifier’s folder)')
    .requiredOption('--reason <code>', 'why: a code of yours such as unusual_place, never a text')
    .addHelpText(
      'after',
      `
Its sessions end. Its owner signs in again after a presence check at the issuer, which is not told for
whom, or by the other means that the platform names; who objects is listed by \`platform flags\`.

Examples:
  netcert platform flag u-1024 --reason unusual_place --dir ./verifier`,
    )
  perform<FlagOptions>(flag, flagAccount)
  const flags = platform
    .command('flags')
    .description('flagged accounts and the appeals that wait for an answer')
    .option('--account <id>', 'one account: what happened to it, line by line')
  perform<FlagsOptions>(flags, showFlags)
  const release = platform
    .command('release <account>')
    .description('open a flagged account, after staff has seen its owner by other means')
    .option('--by-other-means', 'say so: this is written down, and decides the appeals')
  perform<ReleaseOptions>(release, releaseAccount)
}

type FlagOptions = { readonly reason: string }
type FlagsOptions = { readonly account?: string }
type ReleaseOptions = { readonly byOtherMeans?: true }

async function withAccounts<T>(
  invocation: Invocation,
  work: (accounts: Accounts) => Promise<T>,
): Promise<T> {
  const { openAccountDesk } = await import('@netcert/verifier/server')
  const dir = await verifierFolder(issuerDir(invocation))
  const { accounts, close } = await openAccountDesk({ dir, clock: invocation.clock })
  try {
    return await work(accounts)
  } finally {
    await close()
  }
}

async function flagAccount(
  invocation: Invocation,
  { reason }: FlagOptions,
  [account = '']: readonly string[],
): Promise<void> {
  const { flag } = await withAccounts(invocation, ({ flags }) => flags.flag(account, { reason }))
  const { screen } = invocation
  screen.line(styled('bold', 'Flagged'), `  ${account}  ${flag?.reason ?? reason}`)
  screen.line('  its sessions have ended; see  ', 'netcert platform flags')
  screen.result({ account, reason: flag?.reason ?? reason, flagged_at: flag?.since ?? null })
}

async function showFlags(invocation: Invocation, { account }: FlagsOptions): Promise<void> {
  await (account === undefined ? showAll(invocation) : showOne(invocation, account))
}

async function showAll(invocation: Invocation): Promise<void> {
  const { list, appeals } = await withAccounts(invocation, async ({ flags }) => ({
    list: await flags.list(),
    appeals: await flags.appeals(),
  }))
  const { screen } = invocation
  if (list.length === 0) screen.line('No account is flagged.')
  else {
    writeTable(screen, {
      head: ['account', 'reason', 'since (UTC)', 'appeals'],
      rows: list.map(({ id, flag, appeals: count }) => [
        ...[id, flag?.reason ?? '', flag === null ? '' : minuteOf(flag.since), String(count)],
      ]),
      right: [3],
    })
  }
  for (const { account, filedAt, text } of appeals) {
    screen.line(styled('bold', 'Appeal'), `  ${account}  ${minuteOf(filedAt)}`)
    screen.line('  ', text)
  }
  screen.result({
    flags: list.map(({ id, flag, appeals: count }) => ({
      ...{ account: id, reason: flag?.reason ?? null },
      ...{ flagged_at: flag?.since ?? null, appeals: count },
    })),
    appeals: appeals.map(({ account, filedAt, text }) => ({ account, filed_at: filedAt, text })),
  })
}

async function showOne(invocation: Invocation, account: string): Promise<void> {
  const events = await withAccounts(invocation, ({ flags }) => flags.events(account))
  const { screen } = invocation
  writeTable(screen, {
    head: ['when (UTC)', 'what', 'how'],
    rows: events.map(({ at, event, detail }) => [minuteOf(at), event, detail ?? '']),
  })
  screen.result({ account, events })
}

async function releaseAccount(
  invocation: Invocation,
  { byOtherMeans }: ReleaseOptions,
  [account = '']: readonly string[],
): Promise<void> {
  if (byOtherMeans !== true) {
    const cure = 'See its owner by other means, then add --by-other-means.'
    throw wrongUse('An account is released by its owner, or by staff who saw them.', cure)
  }
  await withAccounts(invocation, ({ flags }) => flags.release(account, { by: 'other_means' }))
  const { screen } = invocation
  screen.line(styled('green', 'Released'), `  ${account}`)
  screen.result({ account, released_by: 'other_means' })
}

function minuteOf(instant: Date): string {
  return instant.toISOString().slice(0, 16).replace('T', ' ')
}
