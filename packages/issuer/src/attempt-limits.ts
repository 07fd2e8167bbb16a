/** Bounds how often something may be tried under one name; memory is bounded too. */
export type AttemptLimits = {
  /** `false` when this name has tried too often lately; otherwise the attempt is counted. */
  take(name: string, now: Date): boolean
  /** The attempt was rightful: it does not count against the name. */
  giveBack(name: string): void
}

export type CreateAttemptLimitsOptions = {
  readonly attempts: number
  readonly seconds: number
  /** Names remembered at a time (10,000). */
  readonly names?: number
}

/** Counts in windows of `seconds`; when too many names come, the oldest are forgotten first. */
export function createAttemptLimits(options: CreateAttemptLimitsOptions): AttemptLimits {
  const { attempts, seconds, names = 10_000 } = options
  const windows = new Map<string, { readonly until: number; used: number }>()
  return {
    take(name, now) {
      const at = now.getTime()
      const known = windows.get(name)
      if (known !== undefined && known.until > at) {
        if (known.used >= attempts) return false
        known.used += 1
        return true
      }
      windows.delete(name)
      const [oldest] = windows.keys()
      if (windows.size >= names && oldest !== undefined) windows.delete(oldest)
      windows.set(name, { until: at + seconds * 1000, used: 1 })
      return true
    },
    giveBack(name) {
      const known = windows.get(name)
      if (known !== undefined && known.used > 0) known.used -= 1
    },
  }
}
