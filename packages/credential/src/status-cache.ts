/** What is known of a status list token that was fetched earlier. Times in seconds since 1970. */
export type CachedStatusToken = {
  readonly resolvedAt: number
  readonly expiresAt: number | null
  readonly ttlSeconds: number | null
  /** `max-age` of the HTTP answer; counts only where the token itself says nothing. */
  readonly httpMaxAgeSeconds: number | null
}

/** `use` it as it is, `refresh` it before use, or `expired`: it must not be relied upon. */
export type CacheDecision = 'use' | 'refresh' | 'expired'

/**
 * What to do with a token at hand. `exp` goes first, `ttl` counts from the fetch, and both go before
 * what HTTP says. Without any of them nothing promises that the token still stands.
 *
 * @see Token Status List §8.2, §8.3, §13.7
 */
export function decideCache(token: CachedStatusToken, now: number): CacheDecision {
  if (token.expiresAt !== null && token.expiresAt <= now) return 'expired'
  const lifetime = token.ttlSeconds ?? (token.expiresAt === null ? token.httpMaxAgeSeconds : null)
  if (lifetime === null) return token.expiresAt === null ? 'refresh' : 'use'
  // A fetch in the future means that the clock went back: its age is unknown.
  if (token.resolvedAt > now) return 'refresh'
  return token.resolvedAt + lifetime < now ? 'refresh' : 'use'
}
