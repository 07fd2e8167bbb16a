import type { Wallet } from '@netcert/wallet'
import { type Command, Option } from 'commander'
import { shortTypeName } from '../certificate-names.js'
import { oneOf } from '../choices.js'
import { type Invocation, perform, walletDir } from '../invocation.js'
import { readQuery } from '../read-query.js'
import { styled } from '../screen.js'
import { refuseExisting, writeNewFile } from '../write-output.js'

/** `netcert wallet …`: what a citizen does. */
export function addWalletCommands(program: Command): void {
  const wallet = program
    .command('wallet')
    .description('hold and present certificates (--dir is the wallet; default .netcert/wallet)')
  addList(wallet)
  addShow(wallet)
  addPresent(wallet)
  addLedger(wallet)
}

function addList(wallet: Command): void {
  const command = wallet
    .command('list')
    .description('what the wallet holds, and how many copies are left')
    .addHelpText('after', '\nExample:\n  netcert wallet list --dir ./wallet')
  perform<object>(command, list)
}

async function list(invocation: Invocation): Promise<void> {
  const { screen } = invocation
  const certificates = await withWallet(invocation, (wallet) => wallet.list())
  if (certificates.length === 0)
    screen.line('The wallet is empty: nothing in it that has not expired.')
  else if (!screen.json) {
    const { writeTable } = await import('../table.js')
    writeTable(screen, {
      head: ['id', 'certificate', 'copies', 'left', 'expires'],
      right: [3],
      rows: certificates.map(({ id, vct, kind, remaining, copies, expiresAt }) => [
        id,
        shortTypeName(vct),
        kind,
        `${remaining} of ${copies}`,
        minute(expiresAt),
      ]),
    })
  }
  screen.result({ certificates })
}

function addShow(wallet: Command): void {
  const command = wallet
    .command('show')
    .argument('<id>', 'a certificate, as `wallet list` shows it')
    .description('the claims of a certificate by name; their values only with --reveal')
    .option('--reveal', 'show the values too: look around first')
    .addHelpText(
      'after',
      '\nExamples:\n  netcert wallet show <id> --dir ./wallet\n  netcert wallet show <id> --dir ./wallet --reveal',
    )
  perform<{ readonly reveal?: true }>(command, show)
}

async function show(
  invocation: Invocation,
  { reveal }: { readonly reveal?: true },
  [id = '']: readonly string[],
): Promise<void> {
  const { language, screen } = invocation
  const certificate = await withWallet(invocation, (wallet) =>
    wallet.show(id, { reveal: reveal === true }),
  )
  const { claims, vct, kind, remaining, copies, issuer, issuedAt, expiresAt } = certificate
  screen.result(certificate)
  if (screen.json) return
  screen.line(styled('bold', shortTypeName(vct)), `  ${kind}, ${remaining} of ${copies} left`)
  screen.line('  issuer   ', issuer)
  screen.line('  valid    ', `${minute(issuedAt)} to ${minute(expiresAt)}`)
  screen.line()
  const { writeTable } = await import('../table.js')
  writeTable(screen, {
    head: ['claim', 'class', 'meaning', ...(reveal ? ['value'] : [])],
    rows: claims.map(({ path, class: kindOfClaim, label, value }) => [
      path.join('.'),
      kindOfClaim === 'identity' ? styled('yellow', kindOfClaim) : kindOfClaim,
      label[language],
      ...(reveal ? [textOf(value)] : []),
    ]),
  })
}

/** A claim's value for people: text as it is, everything else as JSON. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}

type PresentOptions = {
  readonly query: string
  readonly audience: string
  readonly nonce: string
  readonly copies?: 'one-time' | 'platform'
  readonly out?: string
  readonly preview?: true
}

function addPresent(wallet: Command): void {
  const command = wallet
    .command('present')
    .description('answer a query with the least that answers it')
    .requiredOption('--query <file>', 'a DCQL query, or the name of a ready one: age-over-18, …')
    .requiredOption('--audience <id>', 'who asked: the verifier’s full identifier')
    .requiredOption('--nonce <nonce>', 'the nonce the verifier gave')
    .addOption(
      new Option('--copies <kind>', 'insist on one-time or platform copies').argParser(
        oneOf('one-time', 'platform'),
      ),
    )
    .option('--out <file>', 'write the presentation to a new file instead of standard output')
    .option('--preview', 'only tell what would be disclosed; uses nothing up')
    .addHelpText(
      'after',
      `
A one-time copy is marked used before the presentation leaves the wallet. What was disclosed is told
on standard error, so that the presentation can be piped.

Examples:
  netcert wallet present --dir ./wallet --query age-over-18 \\
      --audience https://tickets.example --nonce n-1 --out answer.txt
  netcert wallet present --dir ./wallet --query query.json \\
      --audience https://tickets.example --nonce n-1 | netcert verify - …`,
    )
  perform<PresentOptions>(command, present)
}

async function present(invocation: Invocation, options: PresentOptions): Promise<void> {
  const { screen } = invocation
  const query = await readQuery(options.query)
  if (options.out !== undefined) await refuseExisting(options.out)
  const question = {
    query,
    audience: options.audience,
    ...(options.copies === undefined ? {} : { kind: options.copies }),
  }
  if (options.preview === true) return preview(invocation, question)
  const answer = await withWallet(invocation, (wallet) =>
    wallet.present({ ...question, nonce: options.nonce }),
  )
  const { presentation, disclosed, copy, remaining } = answer
  if (options.out !== undefined) {
    await writeNewFile({ path: options.out, lines: [presentation] })
  } else if (!screen.json) screen.raw(`${presentation}\n`)
  screen.note(styled('green', 'Disclosed'), ` to ${options.audience}`)
  for (const path of disclosed) screen.note('  ', path.join('.'))
  screen.note('  copy  ', `${shortTypeName(copy.vct)}, ${copy.kind}; ${remaining} left`)
  screen.result(answer)
}

type Question = Parameters<Wallet['preview']>[0]

async function preview(invocation: Invocation, question: Question): Promise<void> {
  const { language, screen } = invocation
  const shown = await withWallet(invocation, (wallet) => wallet.preview(question))
  screen.line(styled('bold', 'Would be disclosed'), ` to ${shown.audience}`)
  for (const { path, label } of shown.claims)
    screen.line('  ', path.join('.'), '  ', label[language])
  screen.line(
    '  copy  ',
    `${shortTypeName(shown.vct)}, ${shown.kind}; ${shown.remainingAfter} left after it`,
  )
  for (const hint of shown.hints) screen.line('  ', styled('yellow', hints[hint]))
  screen.result(shown)
}

const hints = {
  reveals_identity: 'This says in plain words who you are.',
  reveals_number: 'By this number your visits can be linked.',
  last_copy: 'This is the last copy.',
  ties_platform_copy: 'This copy would from now on be for this platform only.',
} as const

function addLedger(wallet: Command): void {
  const command = wallet
    .command('ledger')
    .description('who learned what, newest first: claims by name, never their values')
    .addHelpText('after', '\nExample:\n  netcert wallet ledger --dir ./wallet')
  perform<object>(command, ledger)
}

async function ledger(invocation: Invocation): Promise<void> {
  const { screen } = invocation
  const disclosures = await withWallet(invocation, (wallet) => wallet.ledger())
  if (disclosures.length === 0) screen.line('Nothing was ever disclosed.')
  for (const { disclosedAt, audience, kind, claims } of disclosures) {
    screen.line(styled('bold', minute(disclosedAt)), `  ${audience}  (${kind})`)
    for (const path of claims) screen.line('  ', path.join('.'))
  }
  screen.result({ disclosures })
}

/** Opens the wallet for one piece of work and closes it whatever happens. */
async function withWallet<T>(
  invocation: Invocation,
  work: (wallet: Wallet) => Promise<T>,
): Promise<T> {
  const { openWallet } = await import('@netcert/wallet')
  const { wallet, close } = await openWallet({
    dir: walletDir(invocation),
    clock: invocation.clock,
    create: false,
  })
  try {
    return await work(wallet)
  } finally {
    await close()
  }
}

/** An instant for people, to the minute, in UTC. */
function minute(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
