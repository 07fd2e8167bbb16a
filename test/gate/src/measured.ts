/**
 * What `npm run cameras` and `npm run bench:gate` printed, for the crowd's model. Parts of frames that
 * were read, by the kiosk's own turn of two glances and one thorough look.
 */
export const readings = {
  /** 1280 × 720, gate pass (12-L). */
  pass: {
    ...{ clean: 1, tilted: 1, rotated: 1, blurred: 1, dark: 0.89 },
    ...{ glare: 1, small: 1, motion: 1, hard: 0.95 },
  },
  /** 640 × 480, gate pass. */
  passVga: {
    ...{ clean: 1, tilted: 1, rotated: 1, blurred: 0.5, dark: 0.92 },
    ...{ glare: 1, small: 1, motion: 1, hard: 0.92 },
  },
  /** 1280 × 720, a ticket's larger code (21-L). */
  ticket: {
    ...{ clean: 1, tilted: 1, rotated: 1, blurred: 0.75, dark: 1 },
    ...{ glare: 1, small: 1, motion: 1, hard: 0.75 },
  },
  /** 640 × 480, a ticket's code. */
  ticketVga: {
    ...{ clean: 1, tilted: 1, rotated: 1, blurred: 0, dark: 0 },
    ...{ glare: 1, small: 0, motion: 0, hard: 0 },
  },
  /** The gate's screen before a phone. */
  challenge: 0.98,
} as const

/** Camera frame to painted verdict, a slow one. */
export const verdictSeconds = 0.1
