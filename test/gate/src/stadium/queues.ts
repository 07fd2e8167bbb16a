/** One person's way through a lane. Seconds since the doors opened. */
export type Passage = {
  readonly lane: number
  readonly arrived: number
  /** At the front, and the one before has gone. */
  readonly began: number
  readonly left: number
}

/** What is known about a person when their turn comes: who stands where was settled by then. */
export type Turn = {
  readonly person: number
  readonly arrived: number
  readonly began: number
  /** When as many as `places` people or fewer were still before them in their lane. */
  readonly within: (places: number) => number
}

export type QueueOptions = {
  /** When each person joins, not falling. */
  readonly arrivals: Float64Array | readonly number[]
  readonly lanes: number
  /**
   * Which lane a person joins. `null`: all wait in one row for the lane that is free first.
   * `busy` says how many are in a lane, the one at the gate included.
   */
  readonly choose: ((busy: (lane: number) => number) => number) | null
  /** Seconds for which the person has the lane to themselves. */
  readonly serve: (turn: Turn) => number
}

/**
 * Lanes, first come first served, nobody changes lanes or goes home. Exact, not stepped: whoever
 * joins begins when the one before has left, so each person is one event (Lindley's recursion).
 */
export function passThrough({ arrivals, lanes, choose, serve }: QueueOptions): readonly Passage[] {
  const rows = Array.from({ length: lanes }, () => new Row())
  const passages: Passage[] = []
  for (let person = 0; person < arrivals.length; person += 1) {
    const arrived = arrivals[person] ?? 0
    const lane = choose === null ? firstFree(rows) : choose((it) => rows[it]?.busyAt(arrived) ?? 0)
    const row = rows[lane]
    if (row === undefined) throw new RangeError(`there is no lane ${lane}`)
    const began = Math.max(arrived, row.lastLeft())
    const within = (places: number) => row.within(places, arrived)
    const left = began + serve({ person, arrived, began, within })
    row.push(left)
    passages.push({ lane, arrived, began, left })
  }
  return passages
}

function firstFree(rows: readonly Row[]): number {
  let best = 0
  rows.forEach((row, lane) => {
    if (row.lastLeft() < (rows[best]?.lastLeft() ?? 0)) best = lane
  })
  return best
}

/** When those who joined a lane leave it; in the order in which they joined. */
class Row {
  readonly #left: number[] = []
  #gone = 0

  push(left: number): void {
    this.#left.push(left)
  }

  lastLeft(): number {
    return this.#left.at(-1) ?? 0
  }

  busyAt(moment: number): number {
    while (this.#gone < this.#left.length && (this.#left[this.#gone] ?? 0) <= moment)
      this.#gone += 1
    return this.#left.length - this.#gone
  }

  within(places: number, arrived: number): number {
    // `places` people are before them once the one before those has left.
    return Math.max(arrived, this.#left.at(-1 - places) ?? 0)
  }
}

/** How many stand in each lane, the one at the gate included, at each of the moments. */
export function queueLengths(
  passages: readonly Passage[],
  lanes: number,
  moments: readonly number[],
): readonly number[] {
  const changes = passages
    .flatMap(({ lane, arrived, left }) => [
      { lane, at: arrived, by: 1 },
      { lane, at: left, by: -1 },
    ])
    .sort((one, other) => one.at - other.at)
  const now = new Array<number>(lanes).fill(0)
  const lengths: number[] = []
  let next = 0
  for (const moment of moments) {
    for (; next < changes.length && (changes[next]?.at ?? 0) <= moment; next += 1) {
      const { lane, by } = changes[next] ?? { lane: 0, by: 0 }
      now[lane] = (now[lane] ?? 0) + by
    }
    lengths.push(...now)
  }
  return lengths
}

/** The value that `part` (0 to 1) of the values do not exceed; 0 of none. */
export function quantile(values: Iterable<number>, part: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0
}
