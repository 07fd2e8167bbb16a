import type { Platform, Trust } from '@netcert/credential'
import type { AccreditationStatusLists } from '@netcert/protocol'
import { VerifierError } from '../errors.js'
import type { AdmissionList } from './admission-list.js'
import { Challenges } from './challenges.js'
import { GateClock } from './gate-clock.js'
import { VerdictCounts } from './gate-counts.js'
import type { EntryLedger } from './gate-ledger.js'
import { epochOf, LaneNonces, type NonceMoment } from './gate-nonces.js'
import type { GateChallenge, GateCounts, GateVerdict, ListsAge } from './gate-verdict.js'
import type { Lane, LaneKeys } from './lane.js'
import { readLaneRules } from './lane-rules.js'
import { RepeatedFrames } from './repeated-frames.js'
import { MOST_SCANNED_CHARACTERS, readScanned } from './scanned-text.js'
import { type Judgement, type JudgementGround, judgeAnswer } from './visitor-judgement.js'
import { bareVerdict, verdictOf } from './verdict-of.js'

/** Options of {@link createGate}. */
export type GateOptions = {
  readonly lane: Lane
  readonly keys: LaneKeys
  /** Asked for each code; return the newest trust you hold. */
  readonly trust: () => Trust
  /** The registrars' lists at hand: an accreditation that was taken back closes the gate. */
  readonly accreditationStatus: () => AccreditationStatusLists
  /** When the pack at hand was built; default: when the newest status list was signed. */
  readonly asOf?: () => Date | null
  readonly ledger: EntryLedger
  /** Ticket gate: who has one; null or absent: any copy made for this venue opens it once. */
  readonly admission?: () => AdmissionList | null
  readonly clock: () => Date
  /** Told of faults that became a red `gate_failed`: for a log, without anything of a visitor. */
  readonly onFault?: (error: unknown) => void
}

/** One lane of a gate. */
export type Gate = {
  readonly lane: Lane
  /**
   * What the screen shows now. Cheap to ask for at any time; ask again at `validUntil` and after each
   * entry.
   *
   * @throws VerifierError `gate_closed` once the event is over, `gate_clock_back`; ProtocolError
   *   `accreditation_…` when wallets would refuse
   */
  challenge(): Promise<GateChallenge>
  /**
   * The challenge to print where the lane takes poster answers, and to give to a wallet that prints
   * passes where it takes paper; good as long as the accreditation.
   *
   * @throws VerifierError `lane_invalid` where it takes neither; as `challenge`
   */
  poster(): Promise<string>
  /** Judges what a camera or scanner read. Never throws for anything a visitor can show. */
  judge(text: string): Promise<GateVerdict>
  counts(): GateCounts
  /** How old what it knows is. */
  lists(): ListsAge
  /** An operator says that the clock was wrong before and is right now. */
  correctClock(): Promise<void>
}

/**
 * Opens a lane. It reads nothing but the ledger, and holds no socket, file or clock of its own.
 *
 * @throws VerifierError `lane_invalid` for a lane that asks more than its accreditation covers
 */
export async function createGate(options: GateOptions): Promise<Gate> {
  const { lane, keys, ledger } = options
  const rules = readLaneRules(lane)
  const { clientId, rotate } = lane
  const nonces = new LaneNonces({ mac: keys.nonceMac, clientId, lane: lane.lane, rotate })
  const platform = rules.asksNumber ? await openNumbers(lane.platformId) : null
  const challenges = new Challenges({ ...options, rules, nonces })
  const admission = options.admission ?? (() => null)
  const ground = { ...options, rules, nonces, challenges, platform, admission }
  const { number, seenAt } = await ledger.head()
  return new OpenGate(options, ground, {
    clock: new GateClock(options.clock, ledger, seenAt),
    counts: new VerdictCounts(number),
  })
}

/** The curve takes longer to load than facts take to verify: only a gate with numbers pays. */
async function openNumbers(id: string): Promise<Platform> {
  const { createPlatform } = await import('@netcert/credential/platform-number')
  return createPlatform(id)
}

class OpenGate implements Gate {
  readonly lane: Lane
  readonly #options: GateOptions
  readonly #ground: JudgementGround
  readonly #clock: GateClock
  readonly #counts: VerdictCounts
  readonly #frames = new RepeatedFrames()

  constructor(
    options: GateOptions,
    ground: JudgementGround,
    parts: { readonly clock: GateClock; readonly counts: VerdictCounts },
  ) {
    this.lane = options.lane
    this.#options = options
    this.#ground = ground
    this.#clock = parts.clock
    this.#counts = parts.counts
  }

  async challenge(): Promise<GateChallenge> {
    this.#frames.forget(this.#clock.read().at.getTime())
    const now = this.#openNow()
    // Not waited for: the screen changes now, and each entry notes its time by itself.
    this.#clock.note().catch((error: unknown) => this.#options.onFault?.(error))
    return this.#ground.challenges.at(this.#moment(now), now)
  }

  async poster(): Promise<string> {
    return this.#ground.challenges.poster(this.#openNow())
  }

  judge(scanned: string): Promise<GateVerdict> {
    const { at, isBack } = this.#clock.read()
    // What is longer is refused for that, and nothing of it is kept.
    const text = scanned.slice(0, MOST_SCANNED_CHARACTERS + 1)
    return this.#frames.judge(text, at.getTime(), async () => {
      const verdict = await this.#judgeAnew(text, at, isBack)
      this.#counts.add(verdict.colour, at)
      return verdict
    })
  }

  counts(): GateCounts {
    return this.#counts.read()
  }

  lists(): ListsAge {
    return this.#listsAge(this.#clock.read().at)
  }

  async correctClock(): Promise<void> {
    this.#clock.correct()
    await this.#options.ledger.correctClock(this.#clock.read().at)
  }

  async #judgeAnew(text: string, at: Date, isBack: boolean): Promise<GateVerdict> {
    const lists = this.#listsAge(at)
    if (isBack) return bareVerdict('clock_back', { at, lists })
    if (at >= this.lane.event.endsAt) return bareVerdict('event_over', { at, lists })
    const scanned = readScanned(text)
    if (scanned.kind === 'other') return bareVerdict(scanned.code, { at, lists })
    const moment = { ...this.#moment(at), now: at }
    const judged = await judgeAnswer(this.#ground, scanned.code, moment).catch(
      (error: unknown): Judgement => {
        this.#options.onFault?.(error)
        const told = { code: 'gate_failed', detail: null, by: null, before: null } as const
        return { outcome: 'refused', ...told }
      },
    )
    return verdictOf(judged, { at, lists })
  }

  #moment(at: Date): NonceMoment {
    const counter = this.lane.rotate === 'entry' ? this.#counts.entries : 0
    return { epoch: epochOf(at), counter }
  }

  /** @throws VerifierError `gate_clock_back`, `gate_closed` */
  #openNow(): Date {
    const { at, isBack } = this.#clock.read()
    if (isBack) {
      throw new VerifierError(
        'gate_clock_back',
        'the clock of this gate was set back by more than five minutes; set it right.',
      )
    }
    if (at < this.lane.event.endsAt) return at
    throw new VerifierError('gate_closed', 'the event is over; load the lane file of the next one.')
  }

  #listsAge(at: Date): ListsAge {
    const { asOf, trust } = this.#options
    const { timeFloor } = trust()
    const known =
      asOf === undefined ? (timeFloor === 0 ? null : new Date(timeFloor * 1000)) : asOf()
    if (known === null) return { asOf: null, ageSeconds: null }
    const ageSeconds = Math.max(0, Math.floor((at.getTime() - known.getTime()) / 1000))
    return { asOf: known, ageSeconds }
  }
}
