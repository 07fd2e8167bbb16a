import { now } from '@netcert/page/clock'
import { type QrPath, qrPath } from '@netcert/page/qr-path'
import { type ReadonlySignal, signal } from '@preact/signals'
import type { Gate } from '@netcert/verifier/gate'
import type { MinuteWord } from '../lane/minute-word.js'
import { codeOf } from '../refusal.js'

/** The challenge on the screen. */
export type ShownChallenge = QrPath & {
  readonly text: string
  readonly shownAt: Date
  readonly validUntil: Date
}

/** What the screen shows of a lane by the clock: its challenge and the word of the minute. */
export type ChallengeScreen = {
  readonly challenge: ReadonlySignal<ShownChallenge | null>
  /** Code of why there is no challenge; null while there is one. */
  readonly problem: ReadonlySignal<string | null>
  readonly word: ReadonlySignal<MinuteWord | null>
  /** Asks the gate anew, after an entry for one. */
  renew(): Promise<void>
  /** Changes what is over; call it each second. */
  look(): Promise<void>
}

const MINUTE_MILLISECONDS = 60_000

/** Shows challenges, each in the place of the one before. */
export function showChallenges(gate: Gate, nextWord: () => Promise<MinuteWord>): ChallengeScreen {
  const challenge = signal<ShownChallenge | null>(null)
  const problem = signal<string | null>(null)
  const word = signal<MinuteWord | null>(null)
  async function renew(): Promise<void> {
    try {
      const { text, validUntil } = await gate.challenge()
      if (challenge.value?.text !== text) {
        challenge.value = { ...qrPath(text), text, validUntil, shownAt: now() }
      }
      problem.value = null
    } catch (error) {
      challenge.value = null
      problem.value = codeOf(error)
    }
  }
  async function look(): Promise<void> {
    const { value } = challenge
    if (value === null || value.validUntil <= now()) await renew()
    const since = now().getTime() - (word.value?.minute.getTime() ?? 0)
    if (since < 0 || since >= MINUTE_MILLISECONDS) word.value = await nextWord()
  }
  return { challenge, problem, word, renew, look }
}
