// The door `@netcert/verifier/gate`: everything behind it is pure and runs in a browser as it stands.
export {
  type AdmissionList,
  createAdmissionList,
  readAdmissionList,
} from './gate/admission-list.js'
export { createGate, type Gate, type GateOptions } from './gate/create-gate.js'
export {
  colourOf,
  type GateCode,
  type GateColour,
  gateCodes,
  gateSentence,
} from './gate/gate-codes.js'
export {
  createLedger,
  type Entered,
  type Entry,
  type EntryBy,
  type EntryLedger,
  type LedgerEntry,
  type LedgerHead,
  type LedgerOptions,
  type LedgerRows,
} from './gate/gate-ledger.js'
export { exportLedger, type LedgerExport, readLedgerExport } from './gate/ledger-export.js'
export {
  assertSameEvent,
  type DoubleEntry,
  type MergedLedgers,
  mergeLedgers,
} from './gate/ledger-merge.js'
export type {
  ColourCounts,
  GateChallenge,
  GateCounts,
  GateVerdict,
  ListsAge,
} from './gate/gate-verdict.js'
export {
  type Lane,
  type LaneKeys,
  laneKeys,
  laneOf,
  type LaneSecrets,
  type LaneSettings,
  type Mac,
  macOf,
} from './gate/lane.js'
export { createLaneCode, openLane, sealLane } from './gate/lane-file.js'
export { memoryLedgerRows } from './gate/memory-ledger.js'
