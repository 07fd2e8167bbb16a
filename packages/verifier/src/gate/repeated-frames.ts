import type { GateVerdict } from './gate-verdict.js'

/**
 * A camera that loses a code for longer sees it anew: longer than a hand shakes, shorter than the next
 * person takes to hold a copy of it up.
 */
const GAP_MILLISECONDS = 1_500
/** However long it is held there, later it is a code that was used. */
const MOST_MILLISECONDS = 10_000
const MOST_TEXTS = 16

type Seen = { readonly first: number; readonly verdict: Promise<GateVerdict>; last: number }

/**
 * Gives the frames of a camera that still sees the same code the verdict it had, so that one visitor
 * is not judged ten times a second and refused the second time.
 */
export class RepeatedFrames {
  readonly #seen = new Map<string, Seen>()

  /** @param now - Milliseconds of the gate's time. */
  async judge(text: string, now: number, judge: () => Promise<GateVerdict>): Promise<GateVerdict> {
    this.forget(now)
    const known = this.#seen.get(text)
    if (
      known !== undefined &&
      now - known.last <= GAP_MILLISECONDS &&
      now - known.first <= MOST_MILLISECONDS
    ) {
      known.last = now
      return { ...(await known.verdict), repeated: true }
    }
    const verdict = judge()
    this.#seen.delete(text)
    this.#seen.set(text, { first: now, last: now, verdict })
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > MOST_TEXTS && oldest !== undefined) this.#seen.delete(oldest)
    const made = await verdict
    // What failed here, and not in the code, is worth another try.
    if (made.code === 'gate_failed') this.#seen.delete(text)
    return made
  }

  /** Lets go of what can be repeated no more: verdicts may show a name, and codes are somebody's. */
  forget(now: number): void {
    for (const [text, { last }] of this.#seen) {
      if (now - last > GAP_MILLISECONDS) this.#seen.delete(text)
    }
  }
}
