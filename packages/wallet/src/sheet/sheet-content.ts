import type { LocalisedText } from '@netcert/protocol'

/** As many as a camera still reads well from one page, and as one batch holds. */
export const MOST_PASSES = 8

/** One pass as it is printed. */
export type SheetPass = {
  /** `NC1:…` */
  readonly code: string
  readonly expiresAt: Date
}

/** What stands on a sheet. */
export type SheetContent = {
  readonly venue: LocalisedText
  /** What the gate learns, by name; values are never printed. */
  readonly shows: readonly LocalisedText[]
  /** One to `MOST_PASSES`. */
  readonly passes: readonly SheetPass[]
  readonly printedAt: Date
}
