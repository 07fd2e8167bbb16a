import type { ConsentDecision, RequestPreview, Wallet } from '@netcert/wallet'
import { describeFailure } from './describe-failure.js'
import { type ExitCode, exitCodes, wrongUse } from './failure.js'
import type { Invocation } from './invocation.js'
import { printableJson } from './printable.js'
import { boundedLines } from './bounded-lines.js'
import { askIssuerOf, type TrustSource } from './trust-source.js'
import { type WalletOptions, withWalletOnTheWire } from './with-wallet.js'

/** Longer than any offer or request by value that the wallet would read. */
const MAX_LINE_CHARACTERS = 256 * 1024

type Command = Readonly<Record<string, unknown>>

/**
 * The wallet for scripts: one command a line in, one answer a line out, in their order. A command
 * that fails does not end it; the end of the input does.
 */
export async function runWalletLines(
  invocation: Invocation,
  options: WalletOptions,
): Promise<ExitCode> {
  return withWalletOnTheWire(invocation, { options, create: true }, async (wallet, source) => {
    for await (const line of boundedLines(process.stdin, MAX_LINE_CHARACTERS)) {
      if (line !== null && line.trim() === '') continue
      const answer = await answerLine({ wallet, source }, line)
      process.stdout.write(`${printableJson(answer)}\n`)
    }
    return exitCodes.done
  })
}

type Ground = { readonly wallet: Wallet; readonly source: TrustSource }

async function answerLine(ground: Ground, line: string | null): Promise<object> {
  try {
    if (line === null) throw wrongUse('The line is too long.', 'Send at most 256 KiB a line.')
    return { ok: true, ...(await runCommand(ground, parseLine(line))) }
  } catch (error) {
    const { code, message, cure } = describeFailure(error)
    return { ok: false, code, message, ...(cure === undefined ? {} : { cure }) }
  }
}

async function runCommand({ wallet, source }: Ground, command: Command): Promise<object> {
  switch (command['cmd']) {
    case 'receive':
      return receive({ wallet, source }, command)
    case 'continue': {
      const received = await wallet.continueOffer({ redirect: textOf(command, 'redirect') })
      await source.keep()
      return received
    }
    case 'present': {
      const request = textOf(command, 'request')
      const consent = (preview: RequestPreview) => agreed(command, preview)
      return wallet.answerRequest({ request, consent, ...wardOf(command) })
    }
    case 'refill':
      await source.refresh()
      return { deferred: await wallet.pollDeferred(), renewed: await wallet.refill() }
    case 'list':
      return { certificates: await wallet.list() }
    case 'wards':
      return { wards: await wallet.wards.list() }
    default:
      return runPrivacyCommand(wallet, command)
  }
}

async function runPrivacyCommand(wallet: Wallet, command: Command): Promise<object> {
  switch (command['cmd']) {
    case 'preview':
      return {
        preview: await wallet.previewRequest(textOf(command, 'request'), wardOf(command).ward),
      }
    case 'ledger':
      return { disclosures: await wallet.ledger(), deletions: await wallet.deletions() }
    case 'prepare':
      return { due_at: await wallet.preparePlatform(textOf(command, 'platform')) }
    case 'forget':
      return {
        deletion: await wallet.forgetPlatform(textOf(command, 'platform'), wardOf(command).ward),
      }
    case 'report':
      return { report: await wallet.reportRequest(textOf(command, 'platform')) }
    default:
      throw wrongUse(
        'The line names no command.',
        'cmd is receive, continue, present, preview, refill, list, wards, ledger, prepare, ' +
          'forget or report.',
      )
  }
}

/**
 * A line agrees to its one request, to whoever made it, with two exceptions: plain identity needs
 * `"identity": true`, and `"unknown": false` refuses a verifier that nobody accredited.
 */
function agreed(command: Command, { state, verifier }: RequestPreview): ConsentDecision {
  if (state === 'needs_identity_consent') return command['identity'] === true ? 'share' : 'refuse'
  const isUnwanted = command['unknown'] === false && verifier.accredited === false
  return isUnwanted ? 'refuse' : 'share'
}

async function receive({ wallet, source }: Ground, command: Command): Promise<object> {
  const { txCode, batch, redirectUri } = command
  const offer = textOf(command, 'offer')
  await askIssuerOf(offer, source)
  const outcome = await wallet.receiveOffer({
    offer,
    consent: (question) => {
      if (question.kind === 'receive') source.ask(question.issuer)
      return true
    },
    ...(txCode === undefined ? {} : { txCode: textOf(command, 'txCode') }),
    ...(redirectUri === undefined ? {} : { redirectUri: textOf(command, 'redirectUri') }),
    ...(batch === undefined ? {} : { batch: countOf(batch) }),
  })
  if (outcome.kind === 'received') await source.keep()
  return outcome
}

function parseLine(line: string): Command {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw wrongUse('The line is not JSON.', 'Send one JSON object a line.')
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Command
  }
  throw wrongUse('The line is no JSON object.', 'Send one JSON object a line.')
}

/** The child a line is about, where it names one. */
function wardOf(command: Command): { readonly ward?: string } {
  return command['ward'] === undefined ? {} : { ward: textOf(command, 'ward') }
}

function textOf(command: Command, name: string): string {
  const value = command[name]
  if (typeof value === 'string' && value !== '') return value
  throw wrongUse(`${name} is missing or no text.`, 'See `netcert wallet --help`.')
}

function countOf(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 100) {
    return value
  }
  throw wrongUse('batch is no number of copies.', 'Give a whole number from 1 to 100.')
}
