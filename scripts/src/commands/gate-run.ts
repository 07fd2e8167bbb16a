import type { AdmissionList, Gate, LaneKeys, LaneSettings } from '@netcert/verifier/gate'
import type { GateTrust, OpenLedger } from '@netcert/verifier/gate-open'
import { type Command, Option } from 'commander'
import { describeFailure } from '../describe-failure.js'
import { type ExitCode, exitCodes, wrongUse } from '../failure.js'
import { createGateScreen, type GateScreen } from '../gate-screen.js'
import { listenForInterrupt } from '../interrupt.js'
import { type Invocation, perform } from '../invocation.js'
import { type LaneFileOptions, openLaneFile } from '../open-lane.js'
import { readInputText } from '../read-input.js'
import { scannedLines } from '../scanned-lines.js'

const MOST_TICKET_BYTES = 64 * 1024 * 1024
const REFRESH_SECONDS = 30

type RunOptions = LaneFileOptions & {
  readonly ledger?: string
  readonly pack?: string
  readonly lists?: string
  readonly tickets?: string
  readonly once?: true
}

/** `netcert gate run`: a lane on a terminal, with a scanner that types what it reads. */
export function addGateRun(gate: Command): void {
  const command = gate
    .command('run')
    .description('run a lane on this terminal, with a scanner that acts as a keyboard')
    .requiredOption('--lane <file>', 'the lane file (.ncgate)')
    .option('--code-file <file>', 'file with its set-up code; else it is asked for')
    .option('--ledger <file>', 'entry ledger; beside the lane file unless stated')
    .option('--pack <file|dir>', 'offline pack, or a folder of packs')
    .addOption(
      new Option('--lists <dir>', 'or a copy of the folder that `publish` writes').conflicts(
        'pack',
      ),
    )
    .option('--tickets <file>', 'list of tickets (.nctickets), at a ticket gate')
    .option('--once', 'judge one code and end: exit 0 in, 1 not in')
    .addHelpText(
      'after',
      `
Shows the challenge as a QR code, anew every 15 seconds; reads codes from standard input, each ended by
Enter or a tab. Each entry is on the disk before its verdict is shown. Nothing of a visitor is kept. With
--json each challenge, verdict and closing is one line. Ctrl-C ends it.

Examples:
  netcert gate run --lane north-1.ncgate --pack latest.ncpack
  netcert gate run --lane north-1.ncgate --code-file code.txt --lists ./public --json`,
    )
  perform<RunOptions>(command, run)
}

async function run(invocation: Invocation, options: RunOptions): Promise<ExitCode> {
  const { laneKeys } = await import('@netcert/verifier/gate')
  const settings = await openLaneFile(options)
  const keys = await laneKeys(settings)
  const ledgerFile = options.ledger ?? `${options.lane}.ledger.sqlite`
  const trust = await openTrust(invocation, options, settings, `${ledgerFile}.trust.json`)
  const stateFile = `${ledgerFile}.tickets`
  const admission = await readTickets(options, settings, { ...keys, stateFile })
  const { openLedger } = await import('@netcert/verifier/gate-open')
  const { clock } = invocation
  const opened = await openLedger({ file: ledgerFile, create: true, lane: settings, clock })
  try {
    const gate = await openGate(invocation, { settings, keys, trust, opened, admission })
    return await serve(invocation, { gate, trust, opened, once: options.once === true })
  } finally {
    await opened.close()
  }
}

async function openTrust(
  { clock }: Invocation,
  { pack, lists }: RunOptions,
  { rootDid }: LaneSettings,
  stateFile: string,
): Promise<GateTrust> {
  const { openGateTrust } = await import('@netcert/verifier/gate-open')
  const source = pack !== undefined ? { pack } : lists !== undefined ? { lists } : null
  if (source === null) {
    throw wrongUse('The gate has nothing to trust.', 'Name a pack with --pack, or --lists <dir>.')
  }
  return openGateTrust({ source, rootDid, stateFile, clock })
}

/** The newest list seen is remembered beside the ledger: an older one is refused after a restart. */
async function readTickets(
  { tickets }: RunOptions,
  { event, kind }: LaneSettings,
  { tagMac, stateFile }: LaneKeys & { readonly stateFile: string },
): Promise<AdmissionList | null> {
  if (tickets === undefined) return null
  // It would be read and looked at for nobody.
  if (kind !== 'ticket') {
    throw wrongUse(
      'This lane looks for no tickets: it is a fact gate.',
      'Leave --tickets out, or make its lane with --kind ticket.',
    )
  }
  const { readAdmissionList } = await import('@netcert/verifier/gate')
  const { readTicketsSeen, writeTicketsSeen } = await import('@netcert/verifier/gate-open')
  const limitBytes = MOST_TICKET_BYTES
  const text = await readInputText({ path: tickets, what: 'The list of tickets', limitBytes })
  const notBefore = await readTicketsSeen(stateFile)
  const list = await readAdmissionList(text, { tagMac, event: event.id, notBefore })
  await writeTicketsSeen(stateFile, list.issuedAt)
  return list
}

async function openGate(
  { clock, screen }: Invocation,
  parts: {
    readonly settings: LaneSettings
    readonly keys: LaneKeys
    readonly trust: GateTrust
    readonly opened: OpenLedger
    readonly admission: AdmissionList | null
  },
): Promise<Gate> {
  const { createGate, laneOf } = await import('@netcert/verifier/gate')
  const { settings, keys, trust, opened, admission } = parts
  return createGate({
    ...{ lane: laneOf(settings), keys, clock, ledger: opened.ledger },
    trust: trust.trust,
    accreditationStatus: trust.accreditationStatus,
    asOf: trust.asOf,
    admission: () => admission,
    // The code alone: what an unknown error says could be anything.
    onFault: (error) => screen.note(`fault: ${describeFailure(error).code}`),
  })
}

async function serve(
  { screen, language }: Invocation,
  parts: {
    readonly gate: Gate
    readonly trust: GateTrust
    readonly opened: OpenLedger
    readonly once: boolean
  },
): Promise<ExitCode> {
  const { gate, trust, opened, once } = parts
  const shown = createGateScreen({ screen, language, gate })
  const challenges = await showChallenges(gate, shown)
  const refresh = setInterval(() => {
    void trust.refresh().catch(() => undefined)
    void opened.eraseWhenOver().catch(() => undefined)
  }, REFRESH_SECONDS * 1000)
  const interruption = listenForInterrupt('Run the same command again; the ledger is kept.')
  interruption.signal.addEventListener('abort', () => process.stdin.destroy())
  // Line by line a terminal takes 4,095 characters at most, and shows what is typed.
  if (process.stdin.isTTY) process.stdin.setRawMode(true)
  try {
    for await (const line of scannedLines(process.stdin)) {
      const verdict = await gate.judge(line)
      await shown.verdict(verdict)
      if (once) return verdict.colour === 'red' ? exitCodes.refused : exitCodes.done
      if (verdict.entry !== null) await challenges.renew()
    }
  } catch (error) {
    if (!interruption.signal.aborted) throw error
  } finally {
    if (process.stdin.isTTY) process.stdin.setRawMode(false)
    clearInterval(refresh)
    challenges.stop()
    interruption.close()
    process.stdin.destroy()
  }
  return exitCodes.done
}

/** Shows each challenge when its time comes. */
async function showChallenges(gate: Gate, shown: GateScreen) {
  let timer: NodeJS.Timeout | undefined
  let text = ''
  async function show(): Promise<void> {
    clearTimeout(timer)
    let wait = 1_000
    try {
      const challenge = await gate.challenge()
      if (challenge.text !== text) await shown.challenge(challenge)
      text = challenge.text
      wait = Math.max(50, challenge.validUntil.getTime() - Date.now())
    } catch (error) {
      const { code, message } = describeFailure(error)
      if (code !== text) shown.closed(code, message)
      text = code
    }
    timer = setTimeout(() => void show(), wait)
  }
  await show()
  return { renew: show, stop: () => clearTimeout(timer) }
}
