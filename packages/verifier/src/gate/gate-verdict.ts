import type { JsonObject } from '@netcert/credential'
import type { Assurance, ResultFreshness } from '../result.js'
import type { Language } from '../sentences.js'
import type { GateCode, GateColour } from './gate-codes.js'
import type { EntryBy } from './gate-ledger.js'

/** What staff see of one code. Of the person nothing is in it but what the query asked for. */
export type GateVerdict = {
  /** `green`: in. `amber`: in, and a person should look. `red`: not in. */
  readonly colour: GateColour
  readonly code: GateCode
  /** What happened and what to do, for staff; fixed text. */
  readonly sentence: Readonly<Record<Language, string>>
  /** The error code below a red verdict, for engineers; null where there is none. */
  readonly detail: string | null
  /** Claims of class fact; empty unless green or amber. Not to be kept. */
  readonly facts: JsonObject
  /** Identity claims where the query asks for them, to be looked at. Not to be kept. */
  readonly identity?: JsonObject
  readonly assurance: Assurance | null
  /** null: nothing was verified. */
  readonly freshness: ResultFreshness | null
  /** How old the lists or the pack are that this rests on. */
  readonly lists: ListsAge
  /** Number of the entry in the ledger; of a repeated frame the number it had. */
  readonly entry: number | null
  /** Of `pass_used`, `person_entered`, `code_used`: when and where the entry before was. */
  readonly before: { readonly at: Date; readonly gate: string; readonly lane: string } | null
  /** What it answers; null: not known. */
  readonly by: EntryBy | null
  readonly at: Date
  /** A camera saw the same code again: nothing new happened, and nothing was counted. */
  readonly repeated: boolean
}

/** How old what a gate knows is. */
export type ListsAge = {
  /** When the pack was built, or the newest list signed; null: there is none. */
  readonly asOf: Date | null
  readonly ageSeconds: number | null
}

/** A challenge as the gate's screen shows it. */
export type GateChallenge = {
  /** `NCC1:…`, for a QR code in alphanumeric mode. */
  readonly text: string
  /** Ask again then, and after each entry; answers are taken for five epochs longer. */
  readonly validUntil: Date
}

/** How many of which colour, repeated frames left out. */
export type ColourCounts = Readonly<Record<GateColour, number>>

/** What a gate has seen since it was opened. */
export type GateCounts = {
  readonly total: ColourCounts
  /** The last 60 minutes that had a verdict, oldest first; `minute` is its start. */
  readonly minutes: readonly (ColourCounts & { readonly minute: Date })[]
  /** Entries in the ledger, those before a restart among them. */
  readonly entries: number
}
