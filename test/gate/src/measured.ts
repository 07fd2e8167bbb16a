/**
 * What `npm run bench:gate` printed on 2 shared cores, for the crowd's model. Parts of frames that
 * were read, of a code of version 10-L (pass) and the gate's own screen (challenge).
 */
export const readings = {
  pass: {
    ...{ clean: 1, tilted: 1, rotated: 1, blurred: 1, dark: 1 },
    ...{ glare: 1, small: 1, motion: 1, hard: 1 },
  },
  challenge: 1,
} as const

/** Camera frame to verdict in the page, p95. */
export const verdictSeconds = 0.04
