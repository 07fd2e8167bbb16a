import { seededChance } from '../chance.js'
import { drawArrivals } from './arrivals.js'
import { passThrough, quantile, queueLengths } from './queues.js'
import { type LaneModel, type Visit, visitGate } from './visit.js'

export type StadiumOptions = {
  readonly people: number
  readonly lanes: number
  /** Within which all come. */
  readonly seconds: number
  readonly curve: readonly number[]
  readonly lane: LaneModel
  readonly seed: number
}

/** Seconds and people. */
export type StadiumDay = {
  readonly lanes: number
  readonly waitP50: number
  readonly waitP95: number
  readonly waitMax: number
  readonly queueP50: number
  readonly queueP95: number
  readonly queueMax: number
  /** How long a person holds the lane, mean. */
  readonly laneSeconds: number
  /** Those who could enter in an hour if there always were somebody: what 3600 s by `laneSeconds` give. */
  readonly capacityPerHour: number
  readonly outsideAtEnd: number
  readonly lastIn: number
  readonly missed: number
  readonly late: number
  readonly toTheDesk: number
}

const SAMPLE_SECONDS = 10
/** Whoever comes looks at so many lanes and takes the shortest: nobody walks around the whole stadium. */
const LANES_IN_VIEW = 4

/** One day. The same options give the same day. */
export function simulateStadium(options: StadiumOptions): StadiumDay {
  const { people, lanes, seconds, curve, lane, seed } = options
  const chance = seededChance(seed)
  const arrivals = drawArrivals(people, seconds, curve, chance)
  const visits: Visit[] = []
  const choose = (busy: (lane: number) => number) => {
    const first = Math.floor(chance.next() * lanes)
    const inView = Array.from({ length: LANES_IN_VIEW }, (_, at) => (first + at) % lanes)
    return inView.reduce((best, it) => (busy(it) < busy(best) ? it : best))
  }
  const passages = passThrough({
    ...{ arrivals, lanes, choose },
    serve(turn) {
      const visit = visitGate(turn, lane, chance)
      visits.push(visit)
      return visit.seconds
    },
  })
  const waits = passages.map(({ arrived, began }) => began - arrived)
  const moments = Array.from({ length: seconds / SAMPLE_SECONDS }, (_, at) => at * SAMPLE_SECONDS)
  const lengths = queueLengths(passages, lanes, moments)
  const laneSeconds = visits.reduce((sum, visit) => sum + visit.seconds, 0) / people
  return {
    ...{ lanes, laneSeconds },
    waitP50: quantile(waits, 0.5),
    waitP95: quantile(waits, 0.95),
    waitMax: quantile(waits, 1),
    queueP50: quantile(lengths, 0.5),
    queueP95: quantile(lengths, 0.95),
    queueMax: quantile(lengths, 1),
    capacityPerHour: (lanes * 3600) / laneSeconds,
    outsideAtEnd: passages.filter(({ left }) => left > seconds).length,
    lastIn: quantile(
      passages.map(({ left }) => left),
      1,
    ),
    missed: visits.filter(({ misses }) => misses > 0).length,
    late: visits.filter((visit) => visit.late).length,
    toTheDesk: visits.filter(({ outcome }) => outcome === 'to the desk').length,
  }
}
