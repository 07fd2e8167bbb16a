import { type Command, Option } from 'commander'
import { shortTypeName } from '../certificate-names.js'
import { oneOf } from '../choices.js'
import { type Invocation, perform, walletDir } from '../invocation.js'
import { readQuery } from '../read-query.js'
import { styled } from '../screen.js'
import { writeNewFile } from '../write-output.js'

/** `netcert wallet …`: what a citizen does. */
export function addWalletCommands(program: Command): void {
  const wallet = program
    .command('wallet')
    .description('hold and present certificates (--dir is the wallet; default .netcert/wallet)')
  addList(wallet)
  addShow(wallet)
  addPresent(wallet)
}

function addList(wallet: Command): void {
  const command = wallet
    .command('list')
    .description('what the wallet holds, and how many copies are left')
    .addHelpText('after', '\nExample:\n  netcert wallet list --dir ./wallet')
  perform<object>(command, list)
}

async function list(invocation: Invocation): Promise<void> {
  const { wallet, close } = await open(invocation)
  try {
    const held = await wallet.list()
    invocation.screen.result(held)
  } finally {
    await close()
  }
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
  const { wallet, close } = await open(invocation)
  try {
    const certificate = await wallet.show(id, { reveal: reveal === true })
    invocation.screen.result(certificate)
  } finally {
    await close()
  }
}

type PresentOptions = {
  readonly query: string
  readonly audience: string
  readonly nonce: string
  readonly copies?: 'one-time' | 'platform'
  readonly out?: string
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
  const query = await readQuery(options.query)
  const { wallet, close } = await open(invocation)
  const { screen } = invocation
  try {
    const answer = await wallet.present({
      query,
      audience: options.audience,
      nonce: options.nonce,
      ...(options.copies === undefined ? {} : { kind: options.copies }),
    })
    if (options.out !== undefined) {
      await writeNewFile({ path: options.out, lines: [answer.presentation] })
    } else if (!screen.json) screen.raw(`${answer.presentation}\n`)
    screen.result(answer)
  } finally {
    await close()
  }
}

async function open(invocation: Invocation) {
  const { openWallet } = await import('@netcert/wallet')
  return openWallet({ dir: walletDir(invocation), clock: invocation.clock, create: false })
}
