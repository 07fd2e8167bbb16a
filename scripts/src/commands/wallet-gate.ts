import type { AnsweredGate, GatePreview, HeldWard } from '@netcert/wallet'
import type { Command } from 'commander'
import { shortTypeName } from '../certificate-names.js'
import { type AgreedBefore, askWard, decide } from '../consent-decision.js'
import { showRequest } from '../consent-screen.js'
import { wrongUse } from '../failure.js'
import { clockWords, gateWords } from '../gate-words.js'
import { type Invocation, perform } from '../invocation.js'
import { drawQrCode } from '../qr-code.js'
import { qrFileForm, writeQrFile } from '../qr-file.js'
import { readInputText } from '../read-input.js'
import { styled } from '../screen.js'
import { type WalletOptions, withWalletAtGate } from '../with-wallet.js'
import { assertNewFile } from '../write-output.js'

type GateOptions = WalletOptions &
  AgreedBefore & {
    readonly ward?: string
    readonly image?: string
    readonly out?: string
  }

const PREFIX = 'NCC1:'
/** A QR code holds 4,296 characters; a file may end with a line break. */
const MAX_CHALLENGE_BYTES = 8 * 1024

export function addWalletGate(wallet: Command): void {
  const command = wallet
    .command('gate')
    .argument('[challenge]', 'what the code of the gate says: NCC1:…, or - for standard input')
    .description('answer a gate: a code for its camera, made without a network')
    .option('--image <file.png>', 'read the code of the gate from a picture')
    .option('--out <file>', 'write the answer as a QR code: a new .png or .svg file')
    .option('--yes', 'agree to this one challenge without being asked')
    .option('--yes-identity', 'agree also to name, document number and the like in plain words')
    .option('--ward <label>', 'the child it is about, as `wallet wards` lists them')
    .addHelpText('after', help)
  perform<GateOptions>(command, answer)
}

const help = `
Shows who asks, by which right, what the gate would learn and what not, and asks. The pass is marked used
before the code is shown: a code that is not shown lets nobody in, and another one takes another pass.
Nobody is asked over a network, and the clock of this device need not be right. Plain identity leaves
only where the gate asks for it encrypted. The code is drawn on the terminal; its text goes to standard
output where that is none.

Examples:
  netcert wallet gate --image gate.png --dir ./wallet
  netcert wallet gate --image gate.png --out answer.png --yes --json
  netcert wallet gate - --dir ./wallet < scanned.txt`

async function answer(
  invocation: Invocation,
  options: GateOptions,
  [given]: readonly string[],
): Promise<void> {
  const { out } = options
  if (out !== undefined) {
    qrFileForm(out)
    await assertNewFile(out)
  }
  const challenge = await readChallenge(given, options.image)
  const answered = await withWalletAtGate(invocation, options, (wallet) => {
    const consent = (preview: GatePreview) => {
      showGate(invocation, preview)
      return decide(invocation, options, preview)
    }
    const chooseWard = (wards: readonly HeldWard[]) => askWard(invocation, wards)
    const about = options.ward === undefined ? {} : { ward: options.ward }
    return wallet.answerGate({ challenge, consent, chooseWard, ...about })
  })
  if (out !== undefined) await writeQrFile(out, answered.text)
  else await showCode(invocation, answered)
  tell(invocation, answered)
}

async function readChallenge(
  given: string | undefined,
  image: string | undefined,
): Promise<string> {
  if ((given === undefined) === (image === undefined)) {
    throw wrongUse(
      'Either the text of the gate’s code is needed, or a picture of it.',
      'Give NCC1:…, or - and the text on standard input, or --image FILE.png.',
    )
  }
  if (image !== undefined) {
    const { readQrImage } = await import('../read-qr-image.js')
    return readQrImage(image, PREFIX)
  }
  if (given !== '-') return given ?? ''
  return readInputText({ path: '-', what: 'The challenge', limitBytes: MAX_CHALLENGE_BYTES })
}

function showGate(invocation: Invocation, preview: GatePreview): void {
  const { screen, language } = invocation
  showRequest(invocation, preview)
  const note = (text: string) => screen.note('  ', styled('yellow', text))
  if (preview.clocks !== null) note(clockWords(preview.clocks, language))
  if (preview.isPoster) note(gateWords.poster[language])
  if (preview.state === 'ready') {
    screen.note('  ', gateWords[preview.encrypted ? 'sealed' : 'open'][language])
  }
}

/** On a terminal as a code; for whatever stands behind a pipe as text. */
async function showCode({ screen }: Invocation, { text }: AnsweredGate): Promise<void> {
  if (process.stdout.isTTY || screen.json) await drawQrCode(screen, text)
  else screen.raw(`${text}\n`)
}

function tell({ screen, language }: Invocation, answered: AnsweredGate): void {
  screen.note(styled('green', 'Shared'))
  for (const { vct, disclosed } of answered.shared) {
    screen.note('  ', shortTypeName(vct))
    for (const path of disclosed) screen.note('    ', path.join('.'))
  }
  for (const { claim, credentialId, reason } of answered.withheld) {
    screen.note('  withheld  ', claim?.path.join('.') ?? credentialId, '  ', reason[language])
  }
  screen.result(answered)
}
