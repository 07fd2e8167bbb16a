import { describe, expect, it } from 'vitest'
import { seededChance } from './src/chance.js'
import { drawArrivals, even, matchDay } from './src/stadium/arrivals.js'
import { passThrough, quantile, queueLengths } from './src/stadium/queues.js'
import { simulateStadium } from './src/stadium/stadium.js'
import type { LaneModel } from './src/stadium/visit.js'

/** Queues whose answer is known on paper, and a stadium that obeys them. */

const mean = (values: readonly number[]) => values.reduce((sum, it) => sum + it, 0) / values.length
const waits = (passages: ReturnType<typeof passThrough>) =>
  passages.map(({ arrived, began }) => began - arrived)

function poisson(people: number, perSecond: number, seed: number): Float64Array {
  const chance = seededChance(seed)
  let now = 0
  return Float64Array.from({ length: people }, () => {
    now -= Math.log(1 - chance.next()) / perSecond
    return now
  })
}

/** Erlang C: the mean wait of M/M/c. */
function erlangWait(lanes: number, perSecond: number, serviceSeconds: number): number {
  const load = perSecond * serviceSeconds
  let term = 1
  let sum = 0
  for (let at = 0; at < lanes; at += 1) {
    sum += term
    term *= load / (at + 1)
  }
  const busy = (term * lanes) / (lanes - load)
  return ((busy / (sum + busy)) * serviceSeconds) / (lanes - load)
}

describe('the queues of the model', () => {
  it.each([
    [1, 0.7],
    [3, 0.8],
    [8, 0.85],
  ])('wait as Erlang says: %i lanes, %d busy', (lanes, load) => {
    const chance = seededChance(lanes)
    const passages = passThrough({
      ...{ arrivals: poisson(300_000, load * lanes, 10), lanes, choose: null },
      serve: () => -Math.log(1 - chance.next()),
    })
    const known = erlangWait(lanes, load * lanes, 1)
    expect(mean(waits(passages)) / known).toBeGreaterThan(0.95)
    expect(mean(waits(passages)) / known).toBeLessThan(1.05)
  })

  it('wait as Pollaczek and Khinchine say, where everybody takes the same time', () => {
    const load = 0.75
    const serve = () => 2
    const arrivals = poisson(200_000, load / 2, 9)
    const passages = passThrough({ arrivals, lanes: 1, choose: null, serve })
    const known = (load * 2) / (2 * (1 - load))
    expect(Math.abs(mean(waits(passages)) / known - 1)).toBeLessThan(0.05)
  })

  it('grow person by person where more come than go: two lanes of three seconds, one a second', () => {
    const arrivals = Array.from({ length: 40 }, (_, at) => at)
    const passages = passThrough({ arrivals, lanes: 2, choose: null, serve: () => 3 })
    expect(waits(passages)).toEqual(arrivals.map((at) => Math.floor(at / 2)))
  })

  it('are counted as they stand', () => {
    const passages = passThrough({ arrivals: [0, 0, 1], lanes: 1, choose: null, serve: () => 2 })
    expect(queueLengths(passages, 1, [0, 1, 2, 4, 6])).toEqual([2, 3, 2, 1, 0])
    expect([quantile([3, 1, 2], 0.5), quantile([3, 1, 2], 1), quantile([], 0.5)]).toEqual([2, 3, 0])
  })

  it('say when somebody came near enough to see the screen', () => {
    const seen: number[] = []
    const serve = ({ within }: { within: (places: number) => number }) => {
      seen.push(within(1))
      return 10
    }
    passThrough({ arrivals: [0, 0, 0, 0], lanes: 1, choose: null, serve })
    // One person before them is near enough: the third when the first has gone, and so on.
    expect(seen).toEqual([0, 0, 10, 20])
  })

  it('know no lane that is not there', () => {
    const queue = { arrivals: [0], lanes: 2, choose: () => 2, serve: () => 1 }
    expect(() => passThrough(queue)).toThrow('there is no lane 2')
  })
})

describe('the stadium', () => {
  const lane: LaneModel = {
    ...{ verdictSeconds: 0.04, framesPerSecond: 10, challengeReadRate: 0.9, sightPlaces: 5 },
    covered: { seconds: 2.2, share: 0.5 },
    holdings: [
      { share: 0.9, readRate: 0.95 },
      { share: 0.1, readRate: 0.2 },
    ],
    ...{ answerSeconds: [75, 90] as const, refusedShare: 0.005, pace: 1 },
  }
  const curve: readonly number[] = matchDay
  const options = { people: 3000, seconds: 3600, curve, lane, seed: 1 }
  const day = (lanes: number, change: Partial<typeof options> = {}) =>
    simulateStadium({ ...options, ...change, lanes })

  it('fills as its curve says', () => {
    const arrivals = drawArrivals(100_000, 3600, matchDay, seededChance(2))
    const half = arrivals.filter((at) => at < 1800).length / arrivals.length
    expect(half).toBeCloseTo(39 / 100, 2)
  })

  it('is the same day for the same seed, and another for another', () => {
    expect(day(4)).toEqual(day(4))
    expect(day(4)).not.toEqual(day(4, { seed: 2 }))
  })

  it('leaves outside whom its lanes cannot take, to a person what a sheet of paper says', () => {
    const crowded = day(2, { curve: even })
    const taken = crowded.capacityPerHour
    expect(taken).toBeLessThan(options.people)
    expect(crowded.outsideAtEnd / (options.people - taken)).toBeCloseTo(1, 1)
  })

  it('waits less with more lanes, and longer where the screen is seen from the front alone', () => {
    expect(day(6).waitP95).toBeLessThan(day(4).waitP95)
    expect(day(4, { lane: { ...lane, sightPlaces: 0 } }).waitP95).toBeGreaterThan(day(4).waitP95)
  })

  it('counts codes that are not read and answers that come too late', () => {
    const blind = { ...lane, holdings: [{ share: 1, readRate: 0 }] }
    expect(day(4, { lane: blind }).toTheDesk).toBeGreaterThan(2900)
    const hasty = { ...lane, answerSeconds: [1, 2] as const }
    expect(day(4, { lane: hasty }).late).toBeGreaterThan(2900)
    expect(day(8).late).toBeLessThan(30)
  })
})
