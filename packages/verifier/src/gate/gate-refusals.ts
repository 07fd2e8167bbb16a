/** What goes wrong in setting up and running a lane of a gate; no visitor meets these. */
export type LaneErrorCode =
  /** A lane file is none, or damaged. */
  | 'lane_malformed'
  /** The set-up code does not open the lane file. */
  | 'lane_code_wrong'
  /** A lane's settings contradict one another, or ask for more than its accreditation covers. */
  | 'lane_invalid'
  /** The event of this lane is over. */
  | 'gate_closed'
  /** The gate's clock was set back by more than five minutes. */
  | 'gate_clock_back'
  /** An exported ledger is none, was changed, or is not signed by the venue. */
  | 'ledger_malformed'
  /** A list of tickets is none, was changed, or is under another key. */
  | 'tickets_malformed'
  /** A list of tickets is older than the one at hand. */
  | 'tickets_older'
  /** A ledger or a list of tickets is of another event. */
  | 'ledger_other_event'

/** The kind of each of these codes. */
export const laneRefusalKinds = {
  lane_malformed: 'fault',
  lane_code_wrong: 'fault',
  lane_invalid: 'fault',
  gate_closed: 'session_gone',
  gate_clock_back: 'clock_wrong',
  ledger_malformed: 'fault',
  tickets_malformed: 'fault',
  tickets_older: 'fault',
  ledger_other_event: 'fault',
} as const satisfies Readonly<Record<LaneErrorCode, string>>
