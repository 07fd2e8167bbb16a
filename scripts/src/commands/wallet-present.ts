import type { HeldWard, RequestPreview } from '@netcert/wallet'
import { type Command, Option } from 'commander'
import { shortTypeName } from '../certificate-names.js'
import { oneOf } from '../choices.js'
import { type AgreedBefore, askWard, decide } from '../consent-decision.js'
import { showRequest } from '../consent-screen.js'
import { wrongUse } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { type OfflineOptions, presentOffline } from '../present-offline.js'
import { styled } from '../screen.js'
import { type WalletOptions, withWalletOnTheWire } from '../with-wallet.js'

type PresentOptions = OfflineOptions &
  WalletOptions &
  AgreedBefore & {
    readonly ward?: string
  }

export function addPresent(wallet: Command): void {
  const command = wallet
    .command('present')
    .argument('[request_uri]', 'the verifier’s link: openid4vp://…, or as its QR code says')
    .description('answer a verifier with the least that answers it')
    .option('--yes', 'agree to this one request without being asked')
    .option('--yes-identity', 'agree also to name, document number and the like in plain words')
    .option('--ward <label>', 'the child it is about, as `wallet wards` lists them')
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
    .addHelpText('after', help)
  perform<PresentOptions>(command, (invocation, options, [link]) => {
    if (link === undefined) return presentOffline(invocation, options)
    if (options.query !== undefined) {
      throw wrongUse('A link brings its own query.', 'Give the link, or --query.')
    }
    return presentByLink(invocation, options, link)
  })
}

const help = `
Shows who asks, for what and by which right, what would be shared and what not, and asks. A one-time
copy is marked used before the answer leaves the wallet. Without a link the presentation is written to
standard output. Where no copy is left, new ones are fetched first, after asking: the issuer can tell
that they were used up. A platform's own copy is fetched the same way, and the issuer does not learn for
which platform. Where a platform wants a fresh presence check, go through it at the issuer (its counter
or its page), then run the same command again.

Examples:
  netcert wallet present 'openid4vp://?client_id=…&request_uri=…' --dir ./wallet
  netcert wallet present 'openid4vp://?…' --dir ./wallet --yes --json
  netcert wallet present 'openid4vp://?…' --dir ./wallet --ward 小雨
  netcert wallet present --dir ./wallet --query age-over-18 \\
      --audience https://tickets.example --nonce n-1 --out answer.txt`

async function presentByLink(
  invocation: Invocation,
  options: PresentOptions,
  link: string,
): Promise<void> {
  const { screen } = invocation
  await withWalletOnTheWire(invocation, { options, create: false }, async (wallet) => {
    if (options.preview === true) {
      const preview = await wallet.previewRequest(link, options.ward)
      showRequest(invocation, preview)
      screen.result(preview)
      return
    }
    const consent = (preview: RequestPreview) => {
      showRequest(invocation, preview)
      return decide(invocation, options, preview)
    }
    const about = options.ward === undefined ? {} : { ward: options.ward }
    const chooseWard = (wards: readonly HeldWard[]) => askWard(invocation, wards)
    const answered = await wallet.answerRequest({ request: link, consent, chooseWard, ...about })
    const { shared, redirectUri, refilled, withheld, receipt } = answered
    for (const { vct, issuer } of refilled) {
      screen.line(styled('yellow', 'Refilled'), `  ${shortTypeName(vct)} at once, by ${issuer}`)
    }
    screen.line(styled('green', 'Shared'))
    for (const { vct, disclosed } of shared) {
      screen.line('  ', shortTypeName(vct))
      for (const path of disclosed) screen.line('    ', path.join('.'))
    }
    for (const { claim, credentialId, reason } of withheld) {
      const name = claim?.path.join('.') ?? credentialId
      screen.line('  withheld  ', name, '  ', reason[invocation.language])
    }
    if (receipt !== null) screen.line('  receipt  ', receipt)
    if (redirectUri !== null) screen.line('  next  ', redirectUri)
    screen.result({ shared, redirect_uri: redirectUri, refilled, withheld, receipt })
  })
}
