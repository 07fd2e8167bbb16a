import type { Gate, GateChallenge, GateVerdict } from '@netcert/verifier/gate'
import type { Language } from './invocation.js'
import { drawQrCode } from './qr-code.js'
import { type Screen, type Style, styled, wrapped } from './screen.js'

/** What a lane shows on a terminal, or says as JSON. */
export type GateScreen = {
  challenge(challenge: GateChallenge): Promise<void>
  /** Why there is no challenge now. */
  closed(code: string, what: string): void
  verdict(verdict: GateVerdict): Promise<void>
}

const words: Readonly<Record<GateVerdict['colour'], { word: string; style: Style }>> = {
  green: { word: 'IN 请进', style: 'green' },
  amber: { word: 'IN, LOOK 请进，请留意', style: 'yellow' },
  red: { word: 'NO 不能进', style: 'red' },
}

/** Options of {@link createGateScreen}. */
export type GateScreenOptions = {
  readonly screen: Screen
  readonly language: Language
  readonly gate: Gate
}

/** A verdict stays so long, and then until the next challenge is drawn. */
const SHOWN_MILLISECONDS = 7_000

/** The screen of a lane: one challenge, the last verdict, counts, and how old its lists are. */
export function createGateScreen(options: GateScreenOptions): GateScreen {
  const { screen, gate } = options
  const isTerminal = process.stdout.isTTY && !screen.json
  let shown: GateChallenge | null = null
  let last: GateVerdict | null = null
  let lastAt = 0
  async function draw(): Promise<void> {
    if (!isTerminal) return
    // Clears the terminal: what stood there was the last challenge and the last visitor.
    screen.raw('\u001b[2J\u001b[3J\u001b[H')
    if (shown !== null) await drawQrCode(screen, shown.text)
    tellStanding(options)
    if (last !== null) tellVerdict(options, last)
  }
  return {
    async challenge(challenge) {
      shown = challenge
      // What a visitor showed does not stand there for whoever looks next.
      if (performance.now() - lastAt > SHOWN_MILLISECONDS) last = null
      screen.result({ challenge: { text: challenge.text, valid_until: challenge.validUntil } })
      await draw()
    },
    closed(code, what) {
      shown = null
      screen.note(styled('red', what), `  (${code})`)
      screen.result({ closed: { code } })
    },
    async verdict(verdict) {
      last = verdict
      lastAt = performance.now()
      screen.result({ verdict, counts: gate.counts() })
      if (isTerminal) await draw()
      else tellVerdict(options, verdict)
    },
  }
}

function tellStanding({ screen, language, gate }: GateScreenOptions): void {
  const { entries, total } = gate.counts()
  const { ageSeconds } = gate.lists()
  const { gate: name, lane, venue } = gate.lane
  screen.line(styled('bold', venue[language]), `  ${name} / ${lane}`)
  const counted = `${total.green} / ${total.amber} / ${total.red}`
  const age = ageSeconds === null ? 'no lists' : `lists ${ageOf(ageSeconds)} old`
  screen.line(`entries ${entries}   green / amber / red ${counted}   ${age}`)
}

function tellVerdict({ screen, language }: GateScreenOptions, verdict: GateVerdict): void {
  const { word, style } = words[verdict.colour]
  const bar = styled(style, '█'.repeat(Math.min(screen.columns, 60)))
  const again = verdict.repeated ? '  (the same code again, counted once)' : ''
  const number = verdict.entry === null ? '' : `  #${verdict.entry}`
  screen.line(bar)
  screen.line(styled(style, `██  ${word}${number}${again}`))
  screen.line(bar)
  for (const line of wrapped(verdict.sentence[language], screen.columns)) screen.line(line)
  screen.line(styled('dim', [verdict.code, verdict.detail].filter((one) => one).join('  ')))
  for (const [name, value] of Object.entries({ ...verdict.facts, ...verdict.identity })) {
    screen.line(`  ${name} = `, typeof value === 'string' ? value : JSON.stringify(value))
  }
  if (verdict.before === null) return
  const { at, gate, lane } = verdict.before
  screen.line(`  before: ${at.toISOString()} at ${gate} / ${lane}`)
}

function ageOf(seconds: number): string {
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`
  return seconds < 172_800
    ? `${Math.floor(seconds / 3_600)} h`
    : `${Math.floor(seconds / 86_400)} d`
}
