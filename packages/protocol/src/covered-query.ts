import type { CredentialQuery, Query } from './dcql-query.js'

/** What of one credential query may be answered. */
export type CoveredCredential = {
  /** The types of which the most is covered. */
  readonly types: readonly string[]
  /** Positions in `claims` that may be shown. */
  readonly claims: ReadonlySet<number>
}

/**
 * A credential query without what may not be answered. Alternatives that are covered whole stand and
 * the others go; where none is, each is cut to what is covered of it.
 *
 * @returns null when nothing is left of its claims.
 */
export function coveredCredential(
  credential: CredentialQuery,
  { types, claims: covered }: CoveredCredential,
): CredentialQuery | null {
  const { claims, claim_sets: sets, ...rest } = credential
  const kept = { ...rest, meta: { ...credential.meta, vct_values: [...types] } }
  if (claims === undefined) return kept
  const left = claims.filter((_, at) => covered.has(at))
  if (left.length === 0) return null
  if (sets === undefined) return { ...kept, claims: left }
  const ids = new Set(left.map(({ id }) => id))
  const whole = sets.filter((set) => set.every((id) => ids.has(id)))
  const answerable = whole.length > 0 ? whole : distinctParts(sets, ids)
  if (answerable.length === 0) return null
  return { ...kept, claims: left, claim_sets: answerable.map((set) => [...set]) }
}

/** The claims of a credential query that some answer to it shows. */
export function askedClaims({ claims = [], claim_sets: sets }: CredentialQuery) {
  if (sets === undefined) return claims
  const named = new Set(sets.flat())
  return claims.filter(({ id }) => id !== undefined && named.has(id))
}

/** A query of these credential queries alone. @returns null when nothing of it can be answered. */
export function queryOf(query: Query, credentials: Query['credentials']): Query | null {
  if (credentials.length === 0) return null
  const sets = query.credential_sets
  if (sets === undefined) return { credentials }
  const left = new Set(credentials.map(({ id }) => id))
  const answerable = sets.flatMap(({ options, ...set }) => {
    const whole = options.filter((option) => option.every((id) => left.has(id)))
    // Of what is required a part is better than nothing; what is optional is left out.
    const cut = set.required === false ? [] : distinctParts(options, left)
    const kept = whole.length > 0 ? whole : cut
    return kept.length === 0 ? [] : [{ options: kept.map((option) => [...option]), ...set }]
  })
  // Without sets every credential query would be required: a query that had some never loses them all.
  return answerable.length === 0 ? null : { credentials, credential_sets: answerable }
}

function distinctParts(
  sets: readonly (readonly string[])[],
  left: ReadonlySet<string | undefined>,
): readonly (readonly string[])[] {
  const parts = sets.map((set) => set.filter((id) => left.has(id))).filter((set) => set.length > 0)
  return [...new Map(parts.map((part) => [part.join(' '), part])).values()]
}
