import type { ConsentDecision, RequestPreview } from '@netcert/wallet'
import { type Command, Option } from 'commander'
import { shortTypeName } from '../certificate-names.js'
import { oneOf } from '../choices.js'
import { askYes, canAsk, consentNeeded, showRequest } from '../consent-screen.js'
import { wrongUse } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { type OfflineOptions, presentOffline } from '../present-offline.js'
import { styled } from '../screen.js'
import { type WalletOptions, withWalletOnTheWire } from '../with-wallet.js'

type PresentOptions = OfflineOptions & WalletOptions & { readonly yes?: true }

export function addPresent(wallet: Command): void {
  const command = wallet
    .command('present')
    .argument('[request_uri]', 'the verifier’s link: openid4vp://…, or as its QR code says')
    .description('answer a verifier with the least that answers it')
    .option('--yes', 'agree without being asked: where nobody sits at the terminal')
    .option('--query <file>', 'without a link: a DCQL query, or the name of a ready one')
    .option('--audience <id>', 'without a link: the verifier’s full identifier')
    .option('--nonce <nonce>', 'without a link: the nonce the verifier gave')
    .addOption(
      new Option('--copies <kind>', 'without a link: insist on one-time or platform').argParser(
        oneOf('one-time', 'platform'),
      ),
    )
    .option('--out <file>', 'without a link: write the presentation to a new file')
    .option('--preview', 'only tell what would be disclosed; uses nothing up')
    .addHelpText(
      'after',
      `
Shows who asks and what would be shared, and asks. A one-time copy is marked used before the answer
leaves the wallet. Without a link the presentation is written to standard output. Where no copy is left,
new ones are fetched first, after asking (or with --yes): the issuer can tell that they were used up.

Examples:
  netcert wallet present 'openid4vp://?client_id=…&request_uri=…' --dir ./wallet
  netcert wallet present 'openid4vp://?…' --dir ./wallet --yes --json
  netcert wallet present --dir ./wallet --query age-over-18 \\
      --audience https://tickets.example --nonce n-1 --out answer.txt`,
    )
  perform<PresentOptions>(command, (invocation, options, [link]) => {
    if (link === undefined) return presentOffline(invocation, options)
    if (options.query !== undefined) {
      throw wrongUse('A link brings its own query.', 'Give the link, or --query.')
    }
    return presentByLink(invocation, options, link)
  })
}

async function presentByLink(
  invocation: Invocation,
  options: PresentOptions,
  link: string,
): Promise<void> {
  const { screen } = invocation
  await withWalletOnTheWire(invocation, { options, create: false }, async (wallet) => {
    if (options.preview === true) {
      const preview = await wallet.previewRequest(link)
      showRequest(invocation, preview)
      screen.result(preview)
      return
    }
    const consent = (preview: RequestPreview) => decide(invocation, options, preview)
    const answered = await wallet.answerRequest({ request: link, consent })
    const { shared, redirectUri, refilled } = answered
    for (const { vct, issuer } of refilled) {
      screen.line(styled('yellow', 'Refilled'), `  ${shortTypeName(vct)} at once, by ${issuer}`)
    }
    screen.line(styled('green', 'Shared'))
    for (const { vct, disclosed } of shared) {
      screen.line('  ', shortTypeName(vct))
      for (const path of disclosed) screen.line('    ', path.join('.'))
    }
    if (redirectUri !== null) screen.line('  next  ', redirectUri)
    screen.result({ shared, redirect_uri: redirectUri, refilled })
  })
}

async function decide(
  invocation: Invocation,
  { yes }: PresentOptions,
  preview: RequestPreview,
): Promise<ConsentDecision> {
  showRequest(invocation, preview)
  if (yes === true) return 'share'
  // A refused request says itself what is wrong; there is nothing to agree to.
  const isRefused = !['ready', 'unanswerable', 'needs_refill'].includes(preview.state)
  if (isRefused) return 'ignore'
  if (!canAsk(invocation)) throw consentNeeded()
  if (preview.state === 'needs_refill') {
    return (await askYes('Fetch new copies to answer?')) ? 'share' : 'refuse'
  }
  if (preview.optional.length > 0 && (await askYes('Share it all, the optional part too?'))) {
    return 'share-optional'
  }
  return (await askYes('Share this?')) ? 'share' : 'refuse'
}
