import type { JsonObject } from '@netcert/credential'
import { type AccreditationSource, endingSoon } from './accreditation-source.js'
import { agePack, type PackAge, type PackHolding } from './offline-pack/pack-holding.js'

type Log = ((line: string) => void) | undefined

const DAY_MILLISECONDS = 86_400_000

/** What an operator is told of. */
export type Watched = {
  readonly accreditations: AccreditationSource
  readonly packs: () => PackAge | null
  readonly clock: () => Date
  readonly log: Log
}

/**
 * Tells the operator now, and once a day, which accreditations end soon or do not count, how old the
 * offline packs are and what they cover.
 */
export function warnDaily({ accreditations, packs, clock, log }: Watched): NodeJS.Timeout {
  const warn = () => {
    for (const { purposeId, days } of endingSoon(accreditations.platform(), clock())) {
      log?.(JSON.stringify({ accreditation: 'ends_soon', purpose: purposeId, days }))
    }
    for (const code of accreditations.refused()) {
      log?.(JSON.stringify({ accreditation: 'refused', code }))
    }
    const age = packs()
    if (age !== null) log?.(JSON.stringify(healthOfPacks(age)))
  }
  warn()
  const timer = setInterval(warn, DAY_MILLISECONDS)
  timer.unref()
  return timer
}

/** The age of what packs amount to; null without any. */
export function packAgeOf(holding: PackHolding | null, now: Date): PackAge | null {
  return holding === null ? null : agePack(holding, now)
}

/** The same for logs and monitors; nothing where there are no packs. */
export function healthOfPacks(age: PackAge | null): JsonObject {
  if (age === null) return {}
  const { seq, kind, builtAt, ageSeconds, coverage, listsEndAt, trustListEndsAt, warnings } = age
  return {
    pack: {
      ...{ seq, kind, as_of: builtAt.toISOString(), age_seconds: ageSeconds, ...coverage },
      lists_end_at: listsEndAt?.toISOString() ?? null,
      trust_list_ends_at: trustListEndsAt.toISOString(),
      warnings,
    },
  }
}

/** Logs a failed refresh by its code: once while it stays the same, for it is tried every few seconds. */
export function tellOnce(log: Log): (error: unknown) => void {
  let told = ''
  let toldAt = 0
  return (error) => {
    const code = codeOf(error)
    const now = performance.now()
    if (code === told && now - toldAt < DAY_MILLISECONDS / 24) return
    told = code
    toldAt = now
    log?.(JSON.stringify({ refresh: code }))
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'fault'
}
