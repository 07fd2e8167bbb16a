import { elapsed, every, now } from '@netcert/page/clock'
import { type ReadonlySignal, signal } from '@preact/signals'
import {
  type AdmissionList,
  createGate,
  createLedger,
  type EntryLedger,
  type Gate,
  type GateVerdict,
  type Lane,
} from '@netcert/verifier/gate'
import type { Home, KeptLane } from '../keeping/database.js'
import { indexedLedgerRows } from '../keeping/ledger-rows.js'
import type { HeldPack } from '../keeping/packs.js'
import { minuteWord } from '../lane/minute-word.js'
import { laneKeysOf } from '../lane/usable-lane.js'
import { type ChallengeScreen, showChallenges } from './shown-challenge.js'
import { showVerdicts, type VerdictSlot } from './shown-verdict.js'

/** Who entered, for the screen. */
export type EntryCounts = { readonly lastMinute: number; readonly total: number }

export type GateDeskOptions = {
  readonly home: Home
  readonly kept: KeptLane
  /** Asked for each code, so that a pack taken in meanwhile counts at once. */
  readonly held: () => HeldPack
  /** Who has a ticket; null: there is no list. */
  readonly admission: () => AdmissionList | null
  /** Called once for each new verdict, not for repeated frames. */
  readonly onVerdict: (verdict: GateVerdict) => void
}

const MINUTE_MILLISECONDS = 60_000

/** @throws VerifierError `ledger_other_event`, `lane_invalid` */
export async function openGateDesk(options: GateDeskOptions): Promise<GateDesk> {
  const { home, kept, held, admission, onVerdict } = options
  const { lane } = kept
  const { event, keepLedgerSeconds } = lane
  const place = { gate: lane.gate, lane: lane.lane }
  const rows = indexedLedgerRows(home)
  const ledger = await createLedger({ rows, event, keepLedgerSeconds, ...place })
  const keys = laneKeysOf(kept)
  const gate = await createGate({
    ...{ lane, keys, ledger, admission, clock: now },
    trust: () => held().trust,
    accreditationStatus: () => held().accreditationStatus,
    asOf: () => held().builtAt,
  })
  const screen = showChallenges(gate, () => minuteWord(keys.tagMac, now()))
  await screen.look()
  return new GateDesk({ gate, ledger, screen, slot: showVerdicts(onVerdict) })
}

type Parts = {
  readonly gate: Gate
  readonly ledger: EntryLedger
  readonly screen: ChallengeScreen
  readonly slot: VerdictSlot
}

/** A lane at work, as the screen sees it. */
export class GateDesk {
  readonly lane: Lane
  readonly ledger: EntryLedger
  readonly screen: ChallengeScreen
  readonly verdict: VerdictSlot['verdict']
  /** The code that was judged last is still before the camera; nothing was counted. */
  readonly again: VerdictSlot['again']
  readonly #parts: Parts
  readonly #entries = signal<EntryCounts>({ lastMinute: 0, total: 0 })
  readonly #times: number[] = []
  readonly #stopClock: () => void

  constructor(parts: Parts) {
    this.lane = parts.gate.lane
    this.ledger = parts.ledger
    this.screen = parts.screen
    this.verdict = parts.slot.verdict
    this.again = parts.slot.again
    this.#parts = parts
    this.#count()
    this.#stopClock = every(1_000, () => {
      void this.screen.look()
      this.#count()
    })
  }

  get entries(): ReadonlySignal<EntryCounts> {
    return this.#entries
  }

  /**
   * Judges a code; the entry is on the disk before the verdict is on the screen.
   *
   * @param frame - When the camera took the picture; null for other readers.
   */
  async judge(text: string, frame: number | null): Promise<void> {
    const { gate, slot } = this.#parts
    const verdict = await gate.judge(text)
    if (verdict.entry !== null && !verdict.repeated) this.#times.push(elapsed())
    slot.show({ verdict, frame })
    this.#count()
    if (!verdict.repeated && this.lane.rotate === 'entry') await this.screen.renew()
  }

  dismiss(): void {
    this.#parts.slot.dismiss()
  }

  /** Staff say that the clock is right now. */
  async correctClock(): Promise<void> {
    await this.#parts.gate.correctClock()
    await this.screen.renew()
  }

  close(): void {
    this.#stopClock()
    this.dismiss()
  }

  #count(): void {
    const since = elapsed() - MINUTE_MILLISECONDS
    while ((this.#times[0] ?? Infinity) < since) this.#times.shift()
    const lastMinute = this.#times.length
    const total = this.#parts.gate.counts().entries
    const before = this.#entries.value
    if (before.lastMinute === lastMinute && before.total === total) return
    this.#entries.value = { lastMinute, total }
  }
}
