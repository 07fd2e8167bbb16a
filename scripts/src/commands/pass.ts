import type { PrintedPasses, SheetPreview } from '@netcert/wallet'
import type { Command } from 'commander'
import { type AgreedBefore, decide } from '../consent-decision.js'
import { showRequest } from '../consent-screen.js'
import { wrongUse } from '../failure.js'
import { gateWords, sheetWords } from '../gate-words.js'
import { type Invocation, perform } from '../invocation.js'
import { readInputText } from '../read-input.js'
import { readQuery } from '../read-query.js'
import { styled } from '../screen.js'
import { type WalletOptions, withWalletAtGate } from '../with-wallet.js'
import { assertNewFile, writeNewBytes } from '../write-output.js'

type PrintOptions = WalletOptions &
  AgreedBefore & {
    readonly sheet?: true
    readonly venue?: string
    readonly query?: string
    readonly passes: string
    readonly out?: string
  }

const MAX_VENUE_BYTES = 64 * 1024

/** `netcert pass …`: gate passes for people without a phone. */
export function addPassCommands(program: Command): void {
  const pass = program
    .command('pass')
    .description('gate passes on paper (--dir is the wallet; default .netcert/wallet)')
  const command = pass
    .command('print')
    .description('a sheet of one-time passes for one venue, as PDF')
    .option('--sheet', 'several passes on one page, to be cut')
    .option('--venue <file>', "a challenge of the venue's gate (NCC1:…), or its accreditation")
    .option('--query <file>', 'beside an accreditation: what the gate asks, or a ready query')
    .option('--passes <number>', 'how many, 1 to 8', '4')
    .option('--out <file.pdf>', 'the new file')
    .option('--yes', 'agree without being asked')
    .option('--trust <root.did>', 'file with the root to believe; kept by the wallet')
    .option('--lists <dir>', 'folder of published lists')
    .addHelpText('after', help)
  perform<PrintOptions>(command, print)
}

const help = `
Bearer paper: whoever holds a pass enters once. Each is signed for the one venue and ends with the gate
passes that are in the wallet now, within three days. They are used up by it: what is not printed is lost.
Nobody is asked over a network. Whether a gate takes paper is up to the venue.

Example:
  netcert pass print --sheet --venue gate.txt --out sheet.pdf --passes 4 --dir ./wallet`

async function print(invocation: Invocation, options: PrintOptions): Promise<void> {
  const { screen } = invocation
  const { out, passes, venue, query } = await readWish(options)
  const { drawSheet } = await import('@netcert/wallet/sheet')
  const sheet = await withWalletAtGate(invocation, options, (wallet) => {
    const consent = (preview: SheetPreview) => {
      showSheet(invocation, preview)
      return decide(invocation, options, preview)
    }
    return wallet.printPasses({ venue, query, passes, consent })
  })
  await writeNewBytes(out, await drawSheet(sheet))
  tell(invocation, { sheet, out })
  const { audience, remaining, passes: made } = sheet
  screen.result({ out, audience, passes: made.length, expires_at: endOf(sheet), remaining })
}

/** Everything that could be wrong is found before a pass is used up. */
async function readWish({ sheet, venue, query, passes, out }: PrintOptions) {
  if (sheet !== true) throw wrongUse('Passes are printed as a sheet.', 'Give --sheet.')
  if (venue === undefined || out === undefined) {
    throw wrongUse('A sheet needs its venue and a file.', 'Give --venue FILE and --out FILE.pdf.')
  }
  const { MOST_PASSES } = await import('@netcert/wallet')
  const count = /^\d$/.test(passes) ? Number(passes) : 0
  if (count < 1 || count > MOST_PASSES) {
    throw wrongUse('A sheet has 1 to 8 passes.', 'Give --passes 1 to 8.')
  }
  await assertNewFile(out)
  const limitBytes = MAX_VENUE_BYTES
  return {
    out,
    passes: count,
    venue: await readInputText({ path: venue, what: 'The venue', limitBytes }),
    query: query === undefined ? null : await readQuery(query),
  }
}

function showSheet(invocation: Invocation, preview: SheetPreview): void {
  const { screen, language } = invocation
  showRequest(invocation, preview)
  if (preview.state !== 'ready') return
  screen.note('  ', sheetWords(preview.passes, language))
  screen.note('  ', styled('yellow', gateWords.bearer[language]))
}

function endOf({ passes }: PrintedPasses): Date {
  return new Date(Math.min(...passes.map(({ expiresAt }) => expiresAt.getTime())))
}

function tell(
  { screen, language }: Invocation,
  { sheet, out }: { readonly sheet: PrintedPasses; readonly out: string },
): void {
  const { venue, passes, remaining } = sheet
  screen.line(
    styled('green', 'Printed'),
    `  ${passes.length} passes for ${venue[language]}: ${out}`,
  )
  screen.line('  until     ', endOf(sheet).toISOString())
  screen.line('  left      ', `${remaining} gate passes in the wallet`)
  screen.line('  ', styled('yellow', gateWords.bearer[language]))
}
