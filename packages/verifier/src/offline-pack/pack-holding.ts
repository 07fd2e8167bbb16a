import { epochSeconds, type RootPin, type Trust } from '@netcert/credential'
import type { AccreditationStatusLists } from '@netcert/protocol'
import type { PackStanding } from '@netcert/protocol/offline-pack'

/** A pin, and the root that somebody set up; it counts for as long as that one is set up. */
export type FollowedPin = RootPin & { readonly from: string }

/** What a verifier never goes back behind. Plain data: keep it where a restart finds it. */
export type PackFloor = {
  /** Sequence number of the trust list. */
  readonly sequence: number
  /** Newest `iat` of any verified status list or pack, seconds since 1970. */
  readonly timeFloor: number
  /** Newest `seq` that was taken in of each pack key, by its `kid`. */
  readonly packs: Readonly<Record<string, number>>
  /** Where the roots led to that followed the one that was set up; null before the first list. */
  readonly pin: FollowedPin | null
}

/** Where somebody begins who has never seen a list. */
export const NO_FLOOR: PackFloor = { sequence: 0, timeFloor: 0, packs: {}, pin: null }

/** What the packs taken in so far amount to. Never changed; `takeInPack` gives a new one. */
export type PackHolding = {
  readonly trust: Trust
  /** What registrars took back, of the accreditations that packs bring lists for. */
  readonly accreditationStatus: AccreditationStatusLists
  readonly seq: number
  /** `kid` of the key that signed the newest pack. */
  readonly packKey: string
  readonly builtAt: Date
  readonly kind: 'full' | 'delta'
  readonly coverage: PackCoverage
  readonly floor: PackFloor
  /** What the next pack is measured by. */
  readonly standing: PackStanding
}

/** Whom a holding can say something about. */
export type PackCoverage = {
  /** Status lists at hand. */
  readonly lists: number
  /** Entries in the file of the newest pack. */
  readonly entries: number
  readonly issuers: number
}

/** How far a holding can be trusted at some moment, for people and logs. */
export type PackAge = {
  readonly seq: number
  readonly kind: 'full' | 'delta'
  readonly builtAt: Date
  /** From `builtAt` to now, never negative. */
  readonly ageSeconds: number
  readonly coverage: PackCoverage
  /** When the first of its status lists says nothing more; null without any. */
  readonly listsEndAt: Date | null
  readonly trustListEndsAt: Date
  /** What somebody should do something about, the most pressing first. */
  readonly warnings: readonly PackWarning[]
}

/** `half_life`: half of the time is over in which its lists, or its trust list, say something. */
export type PackWarning = 'clock_behind' | 'trust_list_expired' | 'lists_expired' | 'half_life'

/**
 * How old a holding is, what it covers, and whether somebody should bring a newer pack: from half-life
 * on, long before anybody is refused for it.
 */
export function agePack({ trust, ...holding }: PackHolding, now: Date): PackAge {
  const { seq, kind, builtAt, coverage } = holding
  const ends = [...trust.issuers.values()].flatMap(({ statusLists }) =>
    [...statusLists.values()].map(({ expiresAt }) => expiresAt),
  )
  const firstEnd = ends.reduce((least, end) => Math.min(least, end), Number.POSITIVE_INFINITY)
  const listsEndAt = ends.length === 0 ? null : new Date(firstEnd * 1000)
  const trustListEndsAt = trust.trustList.expiresAt
  const isOver = (end: Date | null) => end !== null && now >= end
  const isHalfOver = (begin: Date, end: Date | null) =>
    end !== null && now.getTime() - begin.getTime() >= (end.getTime() - begin.getTime()) / 2
  const isOld =
    isHalfOver(builtAt, listsEndAt) || isHalfOver(trust.trustList.issuedAt, trustListEndsAt)
  const warnings: PackWarning[] = []
  if (epochSeconds(now) < trust.timeFloor) warnings.push('clock_behind')
  if (isOver(trustListEndsAt)) warnings.push('trust_list_expired')
  if (isOver(listsEndAt)) warnings.push('lists_expired')
  if (warnings.length === 0 && isOld) warnings.push('half_life')
  const ageSeconds = Math.max(0, epochSeconds(now) - epochSeconds(builtAt))
  const ageing = { ageSeconds, listsEndAt, trustListEndsAt, warnings }
  return { seq, kind, builtAt, coverage, ...ageing }
}
