import type { FreshnessPolicy, Trust } from '@netcert/credential'

/** How far the word of what a gate holds can be trusted. */
export type PackAge = {
  /** `ok`: within the lists' own time. `old`: the policy's grace. `too-old`: nothing good is said. */
  readonly level: 'ok' | 'old' | 'too-old'
  readonly ageSeconds: number
}

/** What issuers promise where a list does not say. */
const USUAL_TTL_SECONDS = 43_200

/** The age of what a gate rests on: of its oldest status list, or of the pack where it has none. */
export function packAge(
  held: { readonly trust: Trust; readonly builtAt: Date },
  policy: FreshnessPolicy,
  now: Date,
): PackAge {
  const seconds = Math.floor(now.getTime() / 1000)
  const lists = [...held.trust.issuers.values()].flatMap((it) => [...it.statusLists.values()])
  const issuedAt = Math.min(
    Math.floor(held.builtAt.getTime() / 1000),
    ...lists.map((list) => list.issuedAt),
  )
  const ttl = lists.length === 0 ? USUAL_TTL_SECONDS : Math.min(...lists.map((it) => it.ttlSeconds))
  const ended = lists.some((list) => seconds >= list.expiresAt)
  const ageSeconds = seconds - issuedAt
  const grace = policy.stale === 'refuse' ? 0 : policy.graceSeconds
  if (ended || ageSeconds > ttl + grace) return { level: 'too-old', ageSeconds }
  return { level: ageSeconds > ttl ? 'old' : 'ok', ageSeconds }
}
