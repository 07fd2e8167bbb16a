import { readFile } from 'node:fs/promises'
import type { ChainCheck, Deletion, Disclosure, Wallet } from '@netcert/wallet'
import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { minute } from '../minute.js'
import { type Piece, type Screen, styled } from '../screen.js'
import { type WalletOptions, withWallet, withWalletOnTheWire } from '../with-wallet.js'
import { writeNewFile } from '../write-output.js'

type LedgerOptions = { readonly export?: string; readonly verify?: string | true }

/** `netcert wallet ledger`: who learned what, and what became of it. */
export function addLedger(wallet: Command): void {
  const command = wallet
    .command('ledger')
    .description('who learned what, newest first: claims by name, never their values')
    .option('--export <file>', 'write the whole ledger with its chain to a new file, as JSON')
    .option('--verify [file]', 'check the chain, of the wallet or of an exported file')
    .addHelpText(
      'after',
      `
Every line holds the hash of the one before: a line that was changed or taken out is named. An exported
file can be checked by anybody. Demands to delete that are late are listed first.

Examples:
  netcert wallet ledger --dir ./wallet
  netcert wallet ledger --dir ./wallet --export ledger.json
  netcert wallet ledger --verify ledger.json`,
    )
  perform<LedgerOptions>(command, ledger)
}

async function ledger(
  invocation: Invocation,
  options: LedgerOptions,
): Promise<ExitCode | undefined> {
  const { screen } = invocation
  if (typeof options.verify === 'string') {
    const { checkExportedLedger } = await import('@netcert/wallet')
    return tellCheck(screen, checkExportedLedger(await readFile(options.verify, 'utf8')))
  }
  return withWallet(invocation, async (wallet) => {
    if (options.verify === true) return tellCheck(screen, await wallet.checkLedger())
    if (options.export !== undefined) {
      const exported = await wallet.exportLedger()
      await writeNewFile({ path: options.export, lines: [JSON.stringify(exported, null, 1)] })
      screen.line(styled('green', 'Exported'), `  ${exported.head.position} lines`)
      screen.result({ lines: exported.head.position, head: exported.head.hash })
      return undefined
    }
    await list(invocation, wallet)
    return undefined
  })
}

async function tellCheck(screen: Screen, check: ChainCheck): Promise<ExitCode> {
  if (check.kind === 'broken') {
    const { brokenLedger } = await import('@netcert/wallet')
    throw brokenLedger(check)
  }
  screen.line(styled('green', 'Whole'), `  ${check.entries} lines`)
  screen.result({ lines: check.entries, head: check.hash })
  return exitCodes.done
}

async function list(invocation: Invocation, wallet: Wallet): Promise<void> {
  const { screen, language } = invocation
  const [disclosures, deletions] = [await wallet.ledger(), await wallet.deletions()]
  for (const deletion of deletions) tellDeletion(invocation, deletion)
  if (disclosures.length === 0) screen.line('Nothing was ever disclosed.')
  for (const one of disclosures) {
    const who = one.platform?.name[language] ?? one.audience
    const about = one.ward === null ? '' : `  for ${one.ward.label}`
    screen.line(styled('bold', minute(one.disclosedAt)), `  ${who}  (${one.kind})${about}`)
    for (const line of linesOf(invocation, one)) screen.line('  ', ...line)
  }
  screen.result({ disclosures, deletions })
}

function linesOf({ language }: Invocation, one: Disclosure): readonly (readonly Piece[])[] {
  const { platform, receipt, claims } = one
  const about =
    platform === null
      ? [['nobody accredited it']]
      : [
          [`platform  ${platform.id}`],
          [`purpose   ${platform.purpose[language]}`],
          [`until     ${minute(new Date(platform.until * 1000))}`],
          ...(receipt === null ? [] : [[`receipt   ${receipt}`]]),
        ]
  return [...claims.map((path) => [path.join('.')]), ...about]
}

/** One demand to delete, as it stands. */
export function tellDeletion({ screen, language }: Invocation, deletion: Deletion): void {
  const { name, platformId, state, dueAt, isLate } = deletion
  const isOver = state === 'deleted' || state === 'refused'
  const when = isOver || dueAt === null ? '' : `, due ${minute(dueAt)}`
  const late = isLate ? styled('red', '  late: ask again with `netcert wallet forget`') : ''
  screen.line(
    styled('bold', 'Deletion'),
    `  ${name[language]} (${platformId}): ${state}${when}`,
    late,
  )
}

/** What a citizen does about one platform. */
export function addPlatformCommands(wallet: Command): void {
  addForget(wallet)
  addReport(wallet)
  addPrepare(wallet)
}

function addForget(wallet: Command): void {
  const command = wallet
    .command('forget')
    .argument('<platform>', 'the identifier of a platform, as `wallet ledger` shows it')
    .description('demand of a platform that it delete what it holds about you')
    .option('--ward <label>', 'about a child of yours, as `wallet wards` lists them')
    .addHelpText(
      'after',
      `
The demand is signed with the key of the platform's own copy and goes to the address in its
accreditation; the signed answer is kept in the ledger. When it has deleted, its copy is forgotten, too.
An open demand is sent again by the same command.

Example:
  netcert wallet forget shop.example --dir ./wallet`,
    )
  type ForgetOptions = WalletOptions & { readonly ward?: string }
  perform<ForgetOptions>(command, async (invocation, options, [platform = '']) => {
    const deletion = await onTheWire(invocation, options, (it) =>
      it.forgetPlatform(platform, options.ward),
    )
    tellDeletion(invocation, deletion)
    invocation.screen.result({ deletion })
    return deletion.state === 'refused' ? exitCodes.refused : exitCodes.done
  })
}

function addReport(wallet: Command): void {
  const command = wallet
    .command('report')
    .argument('<platform>', 'the identifier of a platform, or LAST')
    .description('report a request that asked for too much to the registrar')
    .addHelpText(
      'after',
      `
What goes to the registrar is the request as the platform signed it, and what was wrong with it; nothing
about you. Requests that were refused or cut are kept for 30 days for this.

Example:
  netcert wallet report LAST --dir ./wallet`,
    )
  perform<WalletOptions>(command, async (invocation, options, [platform = '']) => {
    const report = await onTheWire(invocation, options, (it) => it.reportRequest(platform))
    const { screen } = invocation
    screen.line(styled('green', 'Reported'), `  ${report.platformId}: ${report.code}`)
    screen.result({ report })
  })
}

function addPrepare(wallet: Command): void {
  const command = wallet
    .command('prepare')
    .argument('<platform>', 'the identifier of a platform you will need a number for')
    .description('have the copy for a platform fetched ahead, at a time that says nothing')
    .addHelpText(
      'after',
      `
\`netcert wallet refill\` fetches it within a day, at a random time: then it is there when the platform
asks, and the issuer cannot join the two times.

Example:
  netcert wallet prepare shop.example --dir ./wallet`,
    )
  perform<WalletOptions>(command, async (invocation, _options, [platform = '']) => {
    const dueAt = await withWallet(invocation, (it) => it.preparePlatform(platform))
    const { screen } = invocation
    screen.line(styled('green', 'Prepared'), `  ${platform}; fetched after ${minute(dueAt)}`)
    screen.result({ platform, due_at: dueAt })
  })
}

function onTheWire<T>(
  invocation: Invocation,
  options: WalletOptions,
  work: (wallet: Wallet) => Promise<T>,
): Promise<T> {
  return withWalletOnTheWire(invocation, { options, create: false }, work)
}
