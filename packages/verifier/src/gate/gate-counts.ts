import type { GateColour } from './gate-codes.js'
import type { ColourCounts, GateCounts } from './gate-verdict.js'

const MOST_MINUTES = 60
const MINUTE = 60_000

/** Counts verdicts by colour and minute. */
export class VerdictCounts {
  readonly #total = none()
  readonly #minutes = new Map<number, Record<GateColour, number>>()
  #entries: number

  constructor(entries: number) {
    this.#entries = entries
  }

  /** Entries so far, which challenges rotate by where the lane says so. */
  get entries(): number {
    return this.#entries
  }

  add(colour: GateColour, at: Date): void {
    this.#total[colour] += 1
    if (colour !== 'red') this.#entries += 1
    const minute = Math.floor(at.getTime() / MINUTE)
    const counts = this.#minutes.get(minute) ?? none()
    counts[colour] += 1
    this.#minutes.set(minute, counts)
    const [oldest] = this.#minutes.keys()
    if (this.#minutes.size > MOST_MINUTES && oldest !== undefined) this.#minutes.delete(oldest)
  }

  read(): GateCounts {
    const minutes = [...this.#minutes].map(([minute, counts]) => ({
      ...counts,
      minute: new Date(minute * MINUTE),
    }))
    return { total: { ...this.#total }, minutes, entries: this.#entries }
  }
}

function none(): Record<keyof ColourCounts, number> {
  return { green: 0, amber: 0, red: 0 }
}
