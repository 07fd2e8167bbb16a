import type { Command } from 'commander'
import { applicationReference } from '../application-reference.js'
import { type Invocation, perform } from '../invocation.js'
import { drawQrCode } from '../qr-code.js'
import { styled } from '../screen.js'
import { withIssuer } from '../with-issuer.js'
import { showRevocationCode } from './person.js'

type OfferOptions = {
  readonly byReference?: true
  readonly deferred?: true
  readonly revocationCode?: true
}

/** `netcert application offer`: what the citizen's wallet opens. */
export function addOfferCommand(application: Command): void {
  const command = application
    .command('offer')
    .argument('<reference>', 'an approved application', applicationReference)
    .description('enrol the person and make the offer their wallet fetches certificates with')
    .option('--by-reference', 'the link only says where the offer is: a smaller QR code')
    .option('--deferred', 'the certificates come later; the wallet asks again')
    .option('--revocation-code', 'a new code, also for somebody who was enrolled before')
    .addHelpText(
      'after',
      `
Tell the code by another way than the link. A new person also gets a revocation code: print it for
them; with it they pause or revoke everything without their phone. It is shown once.
Another offer can be made until one led to a certificate; those before end.

Examples:
  netcert application offer <reference>`,
    )
  perform<OfferOptions>(command, offer)
}

async function offer(
  invocation: Invocation,
  options: OfferOptions,
  [id = '']: readonly string[],
): Promise<void> {
  const { screen } = invocation
  const made = await withIssuer(invocation, async ({ applications, ending }) => {
    const created = await applications.offer(id, {
      by: options.byReference === true ? 'reference' : 'value',
      deferred: options.deferred === true,
    })
    const wanted = created.isNew || options.revocationCode === true
    const code = wanted ? await ending.createRevocationCode(created.citizen) : null
    return { ...created, revocationCode: code }
  })
  const { offerUri, txCode, expiresAt, isNew, revocationCode } = made
  screen.line(styled('bold', 'Offer'), `  good until ${expiresAt.toISOString()}`)
  screen.line(offerUri)
  if (txCode !== null) screen.line('  code  ', styled('yellow', txCode), '  by another way')
  await drawQrCode(screen, offerUri)
  if (revocationCode !== null) await showRevocationCode(invocation, revocationCode)
  screen.result({
    id,
    offer_uri: offerUri,
    tx_code: txCode,
    offer: made.offer,
    expires_at: expiresAt,
    enrolled: isNew,
    revocation_code: revocationCode,
  })
}
