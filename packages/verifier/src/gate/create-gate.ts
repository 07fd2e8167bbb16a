import type { Trust } from '@netcert/credential'
import type { AccreditationStatusLists } from '@netcert/protocol'
import type { EntryLedger } from './gate-ledger.js'
import type { GateChallenge, GateCounts, GateVerdict } from './gate-verdict.js'
import type { Lane, LaneKeys } from './lane.js'

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
  readonly clock: () => Date
}

/** One lane of a gate. */
export type Gate = {
  readonly lane: Lane
  /**
   * What the screen shows now. Cheap to ask for at any time.
   *
   * @throws VerifierError `gate_closed` once the event is over, `gate_clock_back`; ProtocolError
   *   `accreditation_…` when wallets would refuse
   */
  challenge(): Promise<GateChallenge>
  /**
   * The challenge to print where the lane takes poster answers, and to give to a wallet that prints
   * passes where it takes paper; good as long as the accreditation.
   *
   * @throws VerifierError `lane_invalid` where it takes neither
   */
  poster(): Promise<string>
  /** Judges what a camera or scanner read. Never throws for anything a visitor can show. */
  judge(text: string): Promise<GateVerdict>
  counts(): GateCounts
}

/**
 * Opens a lane.
 *
 * @throws VerifierError `lane_invalid` for a lane that asks more than its accreditation covers
 */
export async function createGate(options: GateOptions): Promise<Gate> {
  throw new TypeError(`not there yet: ${options.lane.lane}`)
}
