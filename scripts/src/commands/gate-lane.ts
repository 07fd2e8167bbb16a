import { type Command, Option } from 'commander'
import { instant, oneOf, wholeNumber } from '../choices.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { readInputText } from '../read-input.js'
import { readPolicy } from '../read-policy.js'
import { readQuery } from '../read-query.js'
import { styled } from '../screen.js'
import { verifierFolder } from '../verifier-folder.js'
import { refuseExisting, writeNewFile } from '../write-output.js'

const MOST_ACCREDITATION_BYTES = 64 * 1024

/** `netcert gate key` and `netcert gate lane`: what a lane is set up with. */
export function addGateLane(gate: Command): void {
  addKey(gate)
  addLane(gate)
}

function addKey(gate: Command): void {
  const command = gate
    .command('key')
    .description('print the public request key of the venue’s gates; made when first asked for')
    .addHelpText(
      'after',
      `
It is for gates alone. Put it as "request_jwk" into the purpose of the registration that gates ask
under: then the accreditation of the gates can be revoked without closing the venue's web site.

Example:
  netcert gate key --dir ./verifier`,
    )
  perform<object>(command, showKey)
}

async function showKey(invocation: Invocation): Promise<void> {
  const { readGateKey } = await import('@netcert/verifier/gate-open')
  const { screen } = invocation
  const { jwk, did, created } = await readGateKey({
    dir: await verifierFolder(issuerDir(invocation)),
  })
  if (!screen.json) screen.raw(`${JSON.stringify(jwk)}\n`)
  screen.result({ request_jwk: jwk, did, created })
}

type LaneOptions = {
  readonly accreditation: string
  readonly event: string
  readonly ends: Date
  readonly nameZh?: string
  readonly nameEn?: string
  readonly gate: string
  readonly lane: string
  readonly kind: 'fact' | 'ticket'
  readonly query?: string
  readonly freshness: string
  readonly rotate: 'epoch' | 'entry'
  readonly poster?: true
  readonly paper?: true
  readonly keepDays: number
  readonly out: string
}

function addLane(gate: Command): void {
  const command = gate
    .command('lane')
    .description('make the sealed file of one lane and its set-up code')
    .requiredOption('--accreditation <file>', 'of the purpose that this lane asks under')
    .requiredOption(
      '--event <id>',
      'letters, digits and . _ -; the same for all lanes of the event',
    )
    .addOption(
      new Option('--ends <instant>', 'when the lane closes: 2026-11-22T23:00:00+08:00')
        .argParser(instant)
        .makeOptionMandatory(),
    )
    .option('--name-zh <text>', 'name of the event in Chinese; its id unless stated')
    .option('--name-en <text>', 'name of the event in English; its id unless stated')
    .requiredOption('--gate <name>', 'letters, digits and . _ -')
    .requiredOption('--lane <name>', 'within its gate')
  perform<LaneOptions>(addRules(command), makeLaneFile)
}

/** What a lane asks and accepts. */
function addRules(command: Command): Command {
  return command
    .addOption(
      new Option('--kind <kind>', 'fact: a pass once; ticket: a person once, by platform number')
        .default('fact')
        .argParser(oneOf('fact', 'ticket')),
    )
    .option('--query <file>', 'what is asked, or the name of a ready query (by the kind of gate)')
    .option(
      '--freshness <policy>',
      'how old lists may be: strict, grace-24h, flag-72h, or a file',
      'grace-24h',
    )
    .addOption(
      new Option('--rotate <when>', 'when the challenge changes: epoch (15 s), or entry as well')
        .default('epoch')
        .argParser(oneOf('epoch', 'entry')),
    )
    .option('--poster', 'take answers to a printed challenge, for 60 seconds each')
    .option('--paper', 'take printed passes, each once')
    .addOption(
      new Option('--keep-days <n>', 'days the ledger is kept after the event')
        .default(7)
        .argParser(wholeNumber(0, 366)),
    )
    .requiredOption('--out <file>', 'the lane file (.ncgate); it must not exist')
    .addHelpText('after', laneHelp)
}

const laneHelp = `
The file holds keys and is sealed with the set-up code, which is printed once: give the two to whoever
sets the lane up on different ways. The ledger key of the event lies in the verifier's folder
(secrets/gate-events) and is the same for all its lanes.

Example:
  netcert gate lane --dir ./verifier --accreditation venue-entry.jwt --event final-2026 \\
      --ends 2026-11-22T23:00:00+08:00 --gate north --lane 1 --out north-1.ncgate`

const usualQuery = { fact: 'gate-age-over-18', ticket: 'ticketing' } as const

async function makeLaneFile(invocation: Invocation, options: LaneOptions): Promise<void> {
  const { accreditation: path, event, ends, kind, out, keepDays } = options
  const { createLaneCode, sealLane } = await import('@netcert/verifier/gate')
  const { makeLane } = await import('@netcert/verifier/gate-open')
  await refuseExisting(out)
  const limitBytes = MOST_ACCREDITATION_BYTES
  const settings = await makeLane({
    dir: await verifierFolder(issuerDir(invocation)),
    accreditation: await readInputText({ path, what: 'The accreditation', limitBytes }),
    event: { id: event, name: nameOf(options), endsAt: ends },
    ...{ gate: options.gate, lane: options.lane, kind, rotate: options.rotate },
    query: await readQuery(options.query ?? usualQuery[kind]),
    freshness: (await readPolicy(options.freshness)).policy,
    ...{ poster: options.poster === true, paper: options.paper === true },
    keepLedgerSeconds: keepDays * 86_400,
  })
  const code = createLaneCode()
  await writeNewFile({ path: out, lines: [await sealLane(settings, code)] })
  const { screen, language } = invocation
  screen.line(styled('green', 'Lane file written'), `  ${out}`)
  screen.line('  venue        ', settings.venue[language])
  screen.line('  lane         ', `${settings.gate} / ${settings.lane}, ${kind} gate`)
  screen.line('  closes       ', ends.toISOString())
  screen.line('  set-up code  ', styled('bold', code))
  screen.line('Give the code another way than the file. It is not kept.')
  screen.result({ file: out, event, gate: settings.gate, lane: settings.lane, kind, code })
}

function nameOf({ event, nameZh, nameEn }: LaneOptions) {
  if (nameZh === undefined && nameEn === undefined) return null
  return { 'zh-CN': nameZh ?? nameEn ?? event, en: nameEn ?? nameZh ?? event }
}
