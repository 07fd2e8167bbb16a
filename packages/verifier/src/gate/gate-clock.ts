import type { EntryLedger } from './gate-ledger.js'

/** A clock may be this far behind what the gate has seen before it is said to be set back. */
export const MOST_SECONDS_BACK = 300
/** How often, at most, the time is put into the ledger besides entries. */
const NOTED_SECONDS = 60

/** The time at a gate, which never goes back: nonces and verdicts rest on it. */
export class GateClock {
  readonly #clock: () => Date
  readonly #ledger: EntryLedger
  #seen: number
  #noted: number

  constructor(clock: () => Date, ledger: EntryLedger, seenAt: Date | null) {
    this.#clock = clock
    this.#ledger = ledger
    this.#seen = seenAt?.getTime() ?? 0
    this.#noted = this.#seen
  }

  /**
   * Now, or `isBack` when the clock stands more than five minutes before the latest time seen. A
   * smaller step back is waited out: the latest time seen stays now.
   */
  read(): { readonly at: Date; readonly isBack: boolean } {
    const now = this.#clock().getTime()
    if (now < this.#seen - MOST_SECONDS_BACK * 1000) return { at: new Date(now), isBack: true }
    this.#seen = Math.max(this.#seen, now)
    return { at: new Date(this.#seen), isBack: false }
  }

  /** Puts the time into the ledger once a minute, so that a clock set back is noticed after a restart. */
  async note(): Promise<void> {
    if (this.#seen < this.#noted + NOTED_SECONDS * 1000) return
    this.#noted = this.#seen
    await this.#ledger.see(new Date(this.#seen))
  }

  /** An operator says that the clock is right now. */
  correct(): void {
    this.#seen = this.#clock().getTime()
    this.#noted = this.#seen
  }
}
