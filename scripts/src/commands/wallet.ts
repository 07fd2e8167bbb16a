import type { HeldCertificate } from '@netcert/wallet'
import type { Command } from 'commander'
import { shortTypeName } from '../certificate-names.js'
import { closest } from '../choices.js'
import { wrongUse } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { minute } from '../minute.js'
import { styled } from '../screen.js'
import { runWalletLines } from '../wallet-lines.js'
import { allowHttpLoopback } from '../wire-options.js'
import { withWallet, type WalletOptions } from '../with-wallet.js'
import { addLedger, addPlatformCommands } from './wallet-platforms.js'
import { addWalletCancel } from './wallet-cancel.js'
import { addWalletVouch } from './wallet-vouch.js'
import { addWalletGate } from './wallet-gate.js'
import { addPresent } from './wallet-present.js'
import { addReceive, addRefill } from './wallet-receive.js'
import { addWalletPause } from './wallet-pause.js'
import { addWalletWards } from './wallet-wards.js'

/** `netcert wallet …`: what a citizen does. */
export function addWalletCommands(program: Command): void {
  const wallet = program
    .command('wallet')
    .description('hold and present certificates (--dir is the wallet; default .netcert/wallet)')
    .option('--jsonl', 'take commands from standard input, one JSON object a line, for scripts')
    .option('--trust <root.did>', 'file with the root to believe; kept by the wallet')
    .option('--lists <dir>', 'folder of published lists (else the issuer is asked for its list)')
    .addOption(allowHttpLoopback())
    .allowExcessArguments(true)
    .addHelpText(
      'after',
      `
With --jsonl, each line is a command and is answered by a line {"ok":true,…} or
{"ok":false,"code":…}. Whoever writes the lines has agreed to what they say.
  {"cmd":"receive","offer":"openid-credential-offer://…","txCode":"123456","batch":3}
  {"cmd":"present","request":"openid4vp://…"}
  {"cmd":"preview","request":"openid4vp://…"}
  {"cmd":"refill"}   {"cmd":"list"}   {"cmd":"wards"}   {"cmd":"ledger"}
  {"cmd":"prepare","platform":"shop.example"}   {"cmd":"forget","platform":"shop.example"}
  {"cmd":"report","platform":"LAST"}
"ward":"LABEL" beside a request says which child it is about. Plain identity leaves only with
"identity":true beside the request; "unknown":false refuses a verifier that nobody accredited.

Examples:
  netcert wallet list --dir ./wallet
  netcert wallet --jsonl --dir ./wallet --trust root.did < commands.jsonl`,
    )
  for (const add of subcommands) add(wallet)
  perform<WalletOptions & { readonly jsonl?: true }>(wallet, async (invocation, options) => {
    if (options.jsonl === true) return runWalletLines(invocation, options)
    throw noCommand(wallet)
  })
}

const subcommands = [
  ...[
    addList,
    addShow,
    addReceive,
    addRefill,
    addPresent,
    addWalletGate,
    addLedger,
    addPlatformCommands,
  ],
  ...[addWalletCancel, addWalletVouch, addWalletWards, addWalletPause],
] as const

function noCommand(wallet: Command): Error {
  const [word] = wallet.args
  const names = wallet.commands.map((command) => command.name())
  const near = word === undefined ? undefined : closest(word, names)
  const cure = near === undefined ? `It is one of: ${names.join(', ')}.` : `Did you mean ${near}?`
  return wrongUse(
    word === undefined ? 'One more word is needed: a command.' : 'There is no such wallet command.',
    cure,
  )
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
    const isAnyPaused = certificates.some(({ paused }) => paused !== null)
    writeTable(screen, {
      head: ['id', 'certificate', 'copies', 'left', 'expires', ...(isAnyPaused ? ['paused'] : [])],
      right: [3],
      rows: certificates.map(({ id, vct, kind, remaining, copies, expiresAt, paused }) => [
        id,
        shortTypeName(vct),
        kind,
        `${remaining} of ${copies}`,
        minute(expiresAt),
        ...(isAnyPaused ? [pausedWord(paused)] : []),
      ]),
    })
  }
  screen.result({ certificates })
}

function pausedWord(paused: HeldCertificate['paused']): string {
  if (paused === null) return ''
  return paused.until === null ? 'yes' : `until ${minute(paused.until)}`
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
