import { regionNames } from '@netcert/schemas/regions'

/** Where somebody lives: words for values of `residence_region`. */
export const regionWords = (side: 0 | 1): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(regionNames).map(([code, names]) => [`residence_region:${code}`, names[side]]),
  )
