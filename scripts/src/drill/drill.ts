import type { DrillGround } from './drill-ground.js'

/** What is practised, and how it went. */
export type DrillName =
  | 'trust-list-expiring'
  | 'status-key-lost'
  | 'issuer-key-stolen'
  | 'database-rolled-back'
  | 'clock-off-by-a-day'
  | 'disk-full'
  | 'wrong-master-key'
  | 'database-lost'

/** A fault, what must be noticed of it, and the way back. */
export type Drill = {
  readonly name: DrillName
  /** One sentence: what has happened. */
  readonly fault: string
  readonly run: (ground: DrillGround) => Promise<void>
}

/** One thing that was done or observed in a drill. */
export type DrillStep = {
  readonly what: string
  /** The code something was refused with, or a problem was named by; nothing else has one. */
  readonly code?: string
  /** Belongs to the way back, from the first action to the first success. */
  readonly recovering: boolean
}

/** How a drill went. */
export type DrillResult = {
  readonly drill: DrillName
  readonly fault: string
  readonly passed: boolean
  readonly steps: readonly DrillStep[]
  /** How long the way back took; `null` when it was not reached. */
  readonly recoveryMilliseconds: number | null
  /** Why it did not pass. */
  readonly failure: string | null
}
