import type { Chance } from '../chance.js'
import type { Turn } from './queues.js'

/** A time that people take: half take less than `median`; `spread` is sigma of its logarithm. */
export type HumanTime = { readonly median: number; readonly spread: number; readonly doubt: string }

/** Seconds. None of these was measured here: they are assumptions, and why each may be wrong. */
export const humanTimes = {
  openWallet: {
    median: 6,
    spread: 0.6,
    doubt: 'unlocking and finding the app; much slower for first-timers, faster with a shortcut',
  },
  aimAtChallenge: {
    median: 1.5,
    spread: 0.5,
    doubt: 'hangs on the size and the place of the gate’s screen',
  },
  consent: {
    median: 3,
    spread: 0.6,
    doubt: 'whoever reads the screen takes longer; regulars tap at once',
  },
  show: {
    median: 1.2,
    spread: 0.45,
    doubt: 'turning the phone to the camera; gloves, bags, children',
  },
  walkThrough: {
    median: 1.5,
    spread: 0.35,
    doubt: 'the door itself; a turnstile is slower than an open lane with staff',
  },
  holdBetter: { median: 2.5, spread: 0.4, doubt: 'after a word from staff or the page' },
  talkToStaff: {
    median: 9,
    spread: 0.5,
    doubt: 'shorter where staff send people on to a desk at once',
  },
} as const satisfies Record<string, HumanTime>

export type TimeName = keyof typeof humanTimes

/** How often a thing is held so, and how often one frame of it is read. */
export type Holding = { readonly share: number; readonly readRate: number }

/** What the lane is like. */
export type LaneModel = {
  /** Gate and wallet, measured: frame to verdict; frames that the page looks at in a second. */
  readonly verdictSeconds: number
  readonly framesPerSecond: number
  readonly holdings: readonly Holding[]
  /** The same for the gate's screen before a phone. */
  readonly challengeReadRate: number
  /** What a verdict covers the screen for, and how likely it is to be there when somebody looks. */
  readonly covered: { readonly seconds: number; readonly share: number }
  /** How many people before somebody may be so that they see the challenge well enough to scan it. */
  readonly sightPlaces: number
  /** Seconds for which an answer counts after its challenge was shown, at least and at most. */
  readonly answerSeconds: readonly [number, number]
  /** Part of the people whom the gate refuses, or who have nothing to show. */
  readonly refusedShare: number
  readonly pace: number
}

/** How one visit went. */
export type Visit = {
  readonly seconds: number
  /** Times the code was held up and not read within `PATIENCE_SECONDS`. */
  readonly misses: number
  readonly late: boolean
  readonly outcome: 'entered' | 'refused' | 'to the desk'
}

const PATIENCE_SECONDS = 2
const TRIES = 3

/** One person at a gate: what they prepared in the row, and what holds the lane up. */
export function visitGate(turn: Turn, lane: LaneModel, chance: Chance): Visit {
  const take = (name: TimeName) => {
    const { median, spread } = humanTimes[name]
    return median * lane.pace * Math.exp(spread * chance.normal())
  }
  const uncovered = () =>
    chance.next() < lane.covered.share ? chance.between(0, lane.covered.seconds) : 0
  const scan = () =>
    uncovered() +
    take('aimAtChallenge') +
    framesUntilRead(lane.challengeReadRate, chance) / lane.framesPerSecond
  const isRefused = chance.next() < lane.refusedShare
  // The wallet is opened on joining the row, the screen scanned when it can be seen.
  const open = turn.arrived + take('openWallet')
  const scanned = Math.max(open, turn.within(lane.sightPlaces)) + scan()
  const ready = scanned + take('consent')
  const until = scanned + chance.between(...lane.answerSeconds)
  // Whoever is at the front and still taps holds up all others.
  let now = Math.max(turn.began, ready) + take('show')
  const late = now > until
  if (late) now += scan() + take('consent') + take('show')
  const read = readCode(lane, chance, () => take('holdBetter'))
  now += read.seconds + lane.verdictSeconds
  const outcome = isRefused ? 'refused' : read.isRead ? 'entered' : 'to the desk'
  now += outcome === 'entered' ? take('walkThrough') : take('talkToStaff')
  return { seconds: now - turn.began, misses: read.misses, late, outcome }
}

/** Held up, held better, held better again. */
function readCode(lane: LaneModel, chance: Chance, holdBetter: () => number) {
  let seconds = 0
  for (let misses = 0; misses < TRIES; misses += 1) {
    const frames = framesUntilRead(drawHolding(lane.holdings, chance).readRate, chance)
    if (frames <= PATIENCE_SECONDS * lane.framesPerSecond)
      return { seconds: seconds + frames / lane.framesPerSecond, misses, isRead: true }
    seconds += PATIENCE_SECONDS + holdBetter()
  }
  return { seconds, misses: TRIES, isRead: false }
}

function drawHolding(holdings: readonly Holding[], chance: Chance): Holding {
  let rest = chance.next() * holdings.reduce((sum, { share }) => sum + share, 0)
  const found = holdings.find(({ share }) => {
    rest -= share
    return rest < 0
  })
  return found ?? { share: 1, readRate: 0 }
}

/** Geometric; one at least, and never where nothing is read. */
function framesUntilRead(rate: number, chance: Chance): number {
  if (rate >= 1) return 1
  if (rate <= 0) return Number.POSITIVE_INFINITY
  return Math.ceil(Math.log(1 - chance.next()) / Math.log(1 - rate))
}
