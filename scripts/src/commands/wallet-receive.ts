import type { OfferQuestion, ReceivedOffer, Wallet } from '@netcert/wallet'
import { type Command, Option } from 'commander'
import { shortTypeName } from '../certificate-names.js'
import { wholeNumber } from '../choices.js'
import { askYes, canAsk, showOffer } from '../consent-screen.js'
import { CommandFailure, type ExitCode, exitCodes } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { listenForRedirect } from '../redirect-listener.js'
import { styled } from '../screen.js'
import { askIssuerOf, type TrustSource } from '../trust-source.js'
import { type WalletOptions, withWalletOnTheWire } from '../with-wallet.js'
import { tellDeletion } from './wallet-platforms.js'

type ReceiveOptions = WalletOptions & {
  readonly txCode?: string
  readonly batch?: number
  readonly yes?: true
}

export function addReceive(wallet: Command): void {
  const command = wallet
    .command('receive')
    .argument('<offer>', 'the issuer’s link: openid-credential-offer://…, or as its QR code says')
    .description('fetch the certificates of an offer; makes the wallet where there is none')
    .option('--tx-code <code>', 'the code that the issuer told by another way')
    .addOption(
      new Option('--batch <n>', 'how many copies (else as many as there are)').argParser(
        wholeNumber(1, 100),
      ),
    )
    .option('--yes', 'do not ask first')
    .addHelpText(
      'after',
      `
Asks before anything is sent, where somebody sits at the terminal. Every copy is checked before it is
kept. A new wallet needs the root to believe: --trust root.did (an issuer on this machine is believed
without, for trials). An offer with sign-in shows the address to open.

Examples:
  netcert wallet receive 'openid-credential-offer://?…' --dir ./wallet --trust root.did
  netcert wallet receive 'openid-credential-offer://?…' --tx-code 123456 --json`,
    )
  perform<ReceiveOptions>(command, receive)
}

async function receive(
  invocation: Invocation,
  options: ReceiveOptions,
  [offer = '']: readonly string[],
): Promise<ExitCode> {
  const use = { options, create: true }
  return withWalletOnTheWire(invocation, use, async (wallet, source) => {
    await askIssuerOf(offer, source)
    const listener = await listenForRedirect()
    try {
      const outcome = await wallet.receiveOffer({
        offer,
        redirectUri: listener.redirectUri,
        consent: (question) => agree(invocation, { options, source }, question),
        ...(options.txCode === undefined ? {} : { txCode: options.txCode }),
        ...(options.batch === undefined ? {} : { batch: options.batch }),
      })
      const received =
        outcome.kind === 'received'
          ? outcome
          : await signIn(invocation, wallet, { outcome, listener })
      await source.keep()
      return tellReceived(invocation, received)
    } finally {
      await listener.close()
    }
  })
}

function tellReceived({ screen }: Invocation, received: ReceivedOffer): ExitCode {
  for (const { vct, copies } of received.certificates) {
    screen.line(styled('green', 'Received'), `  ${shortTypeName(vct)}, ${copies} copies`)
  }
  for (const { label, configurationId } of received.wards) {
    screen.line('  for       ', `${label}: ${configurationId}; netcert wallet wards`)
  }
  for (const later of received.deferred) screen.line('  later     ', later.configurationId)
  for (const { configurationId, code } of received.failed) {
    screen.line(styled('red', 'Failed'), `  ${configurationId}: ${code}`)
  }
  screen.result(received)
  const { certificates, deferred, failed } = received
  // A guardianship is fetched when an act needs one: until then there is none, and nothing failed.
  const isNothing = certificates.length + deferred.length === 0 && failed.length > 0
  return isNothing ? exitCodes.refused : exitCodes.done
}

async function agree(
  invocation: Invocation,
  { options, source }: { readonly options: ReceiveOptions; readonly source: TrustSource },
  question: OfferQuestion,
): Promise<boolean> {
  showOffer(invocation, question)
  if (question.kind === 'receive') source.ask(question.issuer)
  // Whoever gave the link to this command and is not there to be asked has agreed to it.
  if (options.yes === true || !canAsk(invocation)) return true
  return askYes(question.kind === 'contact' ? 'Ask there?' : 'Receive this?')
}

type SignIn = {
  readonly outcome: { readonly url: string }
  readonly listener: Awaited<ReturnType<typeof listenForRedirect>>
}

async function signIn(invocation: Invocation, wallet: Wallet, { outcome, listener }: SignIn) {
  const { screen } = invocation
  screen.line('Sign in at  ', outcome.url)
  screen.result({ authorization_url: outcome.url })
  const redirect = await listener.wait()
  if (redirect !== null) return wallet.continueOffer({ redirect })
  throw new CommandFailure('sign_in_missing', 'Nobody signed in within ten minutes.', {
    exit: exitCodes.refused,
    cure: 'Run the same command again and open the address it shows.',
  })
}

export function addRefill(wallet: Command): void {
  const command = wallet
    .command('refill')
    .description('fetch what was put off, and new copies where they are due')
    .addHelpText(
      'after',
      `
Run it every few hours. New copies come by the wallet's own schedule, not by what was used, and need
nobody as long as the issuer's grant lasts. What the issuer revoked, as after a corrected name, is
replaced at once where it may be.

Example:
  netcert wallet refill --dir ./wallet`,
    )
  perform<WalletOptions>(command, refill)
}

async function refill(invocation: Invocation, options: WalletOptions): Promise<void> {
  const { screen } = invocation
  await withWalletOnTheWire(invocation, { options, create: false }, async (wallet, source) => {
    await source.refresh()
    const deferred = await wallet.pollDeferred()
    const renewed = await wallet.refill()
    const late = (await wallet.deletions()).filter(({ isLate }) => isLate)
    for (const deletion of late) tellDeletion(invocation, deletion)
    for (const report of [...deferred, ...renewed]) {
      const what =
        'certificate' in report ? shortTypeName(report.certificate.vct) : report.configurationId
      screen.line(`${report.kind.padEnd(10)}`, what)
    }
    if (deferred.length + renewed.length === 0) screen.line('There is nothing to fetch.')
    screen.result({ deferred, renewed, late })
  })
}
