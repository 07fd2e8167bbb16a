import { readings, verdictSeconds } from '../measured.js'
import { matchDay } from './arrivals.js'
import { simulateStadium, type StadiumDay } from './stadium.js'
import { humanTimes, type LaneModel } from './visit.js'

/**
 * npm run stadium [-- --people N] [-- --minutes N] [-- --seed N]
 *
 * A crowd before a stadium's lanes: prints what was assumed, queues and waits for several numbers of
 * lanes, and the days on which something is otherwise. The same words give the same table.
 */

/** How people hold their phones. A guess: it has to be counted at a real gate. */
const shares = {
  ...{ clean: 0.55, tilted: 0.12, rotated: 0.06, blurred: 0.07 },
  ...{ dark: 0.03, glare: 0.05, small: 0.05, motion: 0.05, hard: 0.02 },
} as const

type Rates = Readonly<Record<keyof typeof shares, number>>
const holdings = (rates: Rates) =>
  Object.entries(shares).map(([name, share]) => ({
    share,
    readRate: rates[name as keyof typeof shares],
  }))

const lane: LaneModel = {
  ...{ verdictSeconds, framesPerSecond: 10, holdings: holdings(readings.pass) },
  // A green verdict fills the screen for 2.2 seconds of the four that a person takes.
  covered: { seconds: 2.2, share: 0.5 },
  challengeReadRate: readings.challenge,
  sightPlaces: 5,
  answerSeconds: [75, 90],
  refusedShare: 0.005,
  pace: 1,
}

function readWords(words: readonly string[]) {
  const options = { people: 50_000, minutes: 60, seed: 1 }
  for (let at = 0; at < words.length; at += 2) {
    const [name, value] = [words[at]?.slice(2) ?? '', Number(words[at + 1])]
    if (!(name in options) || !Number.isInteger(value) || value < 1) {
      console.error('usage: npm run stadium -- [--people N] [--minutes N] [--seed N]')
      process.exit(2)
    }
    Object.assign(options, { [name]: value })
  }
  return options
}

const { people, minutes, seed } = readWords(process.argv.slice(2))
const base = { people, seconds: minutes * 60, curve: matchDay, lane, seed }
const say = (line: string) => console.log(line)
const clock = (seconds: number) =>
  seconds < 120 ? `${seconds.toFixed(seconds < 10 ? 1 : 0)} s` : `${(seconds / 60).toFixed(0)} min`

function row(name: string, day: StadiumDay): string {
  const cells = [
    ...[name, `${day.laneSeconds.toFixed(2)} s`, day.capacityPerHour.toFixed(0)],
    ...[`${clock(day.waitP50)} / ${clock(day.waitP95)} / ${clock(day.waitMax)}`],
    ...[`${day.queueP50} / ${day.queueP95} / ${day.queueMax}`],
    ...[String(day.outsideAtEnd), clock(day.lastIn)],
    ...[`${day.missed} / ${day.late} / ${day.toTheDesk}`],
  ]
  return `| ${cells.join(' | ')} |`
}

const heads = [
  ...['', 'lane, a person', 'people an hour', 'wait p50 / p95 / max'],
  ...['queue p50 / p95 / max', 'outside at the end', 'last one in after', 'missed / late / desk'],
]
const table = (rows: readonly string[]) =>
  [`| ${heads.join(' | ')} |`, `|${'---|'.repeat(heads.length)}`, ...rows].forEach(say)

say(`${people} people within ${minutes} minutes, seed ${seed}\n`)
table(
  [30, 40, 50, 60, 80].map((lanes) => row(`${lanes} lanes`, simulateStadium({ ...base, lanes }))),
)
say('\nWhat if, with 60 lanes:\n')
const otherwise: readonly (readonly [string, Partial<LaneModel>])[] = [
  ['as above', {}],
  ['screen seen from the front alone, or a challenge for each entry', { sightPlaces: 0 }],
  ['screen seen by the next one', { sightPlaces: 1 }],
  ['people a fifth slower', { pace: 1.2 }],
  ['people a fifth faster', { pace: 0.8 }],
  ['the challenge stays visible beside a verdict', { covered: { seconds: 0, share: 0 } }],
  ['a camera of 640 × 480', { holdings: holdings(readings.passVga) }],
  ['tickets: larger codes', { holdings: holdings(readings.ticket) }],
  ['tickets, a camera of 640 × 480', { holdings: holdings(readings.ticketVga) }],
  [
    'one in seven holds it so that nothing is read',
    {
      holdings: [...lane.holdings, { share: 1 / 6, readRate: 0 }],
    },
  ],
  ['a verdict takes half a second', { verdictSeconds: 0.5 }],
]
table(
  otherwise.map(([name, change]) =>
    row(name, simulateStadium({ ...base, lanes: 60, lane: { ...lane, ...change } })),
  ),
)
say('\nAssumed, not measured (seconds; half are faster than the median):\n')
for (const [name, { median, spread, doubt }] of Object.entries(humanTimes))
  say(`- ${name}: ${median}, spread ${spread}; doubt: ${doubt}`)
