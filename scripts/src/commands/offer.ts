import { type Command, Option } from 'commander'
import { oneOf } from '../choices.js'
import { citizenReference } from '../citizen-reference.js'
import { wrongUse } from '../failure.js'
import { type Invocation, issuerPlace, perform } from '../invocation.js'
import { drawQrCode } from '../qr-code.js'
import { styled } from '../screen.js'
import { showRevocationCode } from './person.js'

type OfferOptions = {
  readonly citizen?: string
  readonly guardian?: string
  readonly type: readonly string[]
  readonly grant: 'pre-authorized' | 'authorization-code'
  readonly deferred?: true
  readonly byReference?: true
  /** A chosen code, `false` for none, absent for a drawn one. */
  readonly txCode?: string | false
}

const CONFIGURATIONS = [
  'network-certificate',
  'network-certificate-platform',
  'gate-pass',
  'ward-certificate',
  'guardianship',
]

const HELP = `
A pre-authorized offer is good for 10 minutes and one wallet; five wrong codes burn it. Tell the
code by another way than the link. With --grant authorization-code anybody may try the link: the
wallet's owner signs in with document number, name and a one-time code.

ward-certificate (under 14) and guardianship (14 to 17) are held by a guardian on record; each guardian
has copies of their own. By sign-in, --citizen and --guardian may be left out: a guardian then gets
those of all their wards.

Examples:
  netcert offer create --citizen <reference> --type network-certificate
  netcert offer create --citizen <reference> --type gate-pass --deferred --json
  netcert offer create --type network-certificate --grant authorization-code
  netcert offer create --citizen <child> --guardian <reference> --type ward-certificate
  netcert offer create --citizen <of 14 to 17> --guardian <reference> --type guardianship`

/** `netcert offer create`: the link or QR code with which a wallet fetches certificates. */
export function addOfferCommands(program: Command): void {
  const offer = program.command('offer').description('offer certificates to wallets')
  const command = offer
    .command('create')
    .description('make a credential offer: a link, a QR code, and a code told by another way')
    .addOption(
      new Option('--citizen <reference>', 'whom the certificates are about').argParser(
        citizenReference,
      ),
    )
    .addOption(
      new Option('--guardian <reference>', 'who holds them, where they are about a ward').argParser(
        citizenReference,
      ),
    )
    .addOption(
      new Option('--type <name>', `one of: ${CONFIGURATIONS.join(', ')}`)
        .argParser(collect)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--grant <grant>', 'pre-authorized: here and now; authorization-code: by sign-in')
        .argParser(oneOf('pre-authorized', 'authorization-code'))
        .default('pre-authorized'),
    )
    .option('--deferred', 'the certificates come later; the wallet asks again')
    .option('--by-reference', 'the link only says where the offer is: a smaller QR code')
    .option('--tx-code <code>', 'choose the code (only where the base URL is on this machine)')
    .option('--no-tx-code', 'no code: whoever sees the link first has the certificates')
    .addHelpText('after', HELP)
  perform<OfferOptions>(command, createOffer)
}

/** Commander gives nothing the first time. */
function collect(given: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), given]
}

async function createOffer(invocation: Invocation, options: OfferOptions): Promise<void> {
  const { screen } = invocation
  const { citizen, type: types, grant } = options
  if (citizen === undefined && grant === 'pre-authorized') {
    throw wrongUse('Who is it for?', 'Give --citizen, or --grant authorization-code.')
  }
  const { openOfferDesk } = await import('@netcert/issuer')
  const desk = await openOfferDesk(issuerPlace(invocation))
  try {
    const { offer, offerUri, txCode, expiresAt } = await desk.createOffer({
      citizen: citizen ?? null,
      guardian: options.guardian ?? null,
      types,
      grant,
      deferred: options.deferred === true,
      by: options.byReference === true ? 'reference' : 'value',
      txCode: grant === 'pre-authorized' ? chosenCode(options.txCode) : null,
    })
    screen.line(styled('bold', 'Offer'), `  good until ${expiresAt.toISOString()}`)
    screen.line(offerUri)
    if (txCode !== null) screen.line('  code  ', styled('yellow', txCode), '  by another way')
    await drawQrCode(screen, offerUri)
    // Shown once, with a citizen's first offer; `person code` prints another.
    const code = citizen === undefined ? null : await desk.firstRevocationCode(citizen)
    if (code !== null) await showRevocationCode(invocation, code)
    const secrets = { tx_code: txCode, revocation_code: code }
    screen.result({ offer_uri: offerUri, ...secrets, offer, expires_at: expiresAt })
  } finally {
    await desk.close()
  }
}

function chosenCode(given: string | false | undefined): string | null {
  if (given === false) return null
  return given ?? 'generate'
}
