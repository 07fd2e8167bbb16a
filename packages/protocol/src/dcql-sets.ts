import type { ClaimPath } from '@netcert/credential'
import { type Admits, answerCredential, type HeldCopy, isSdJwtQuery } from './dcql.js'
import type { CredentialQuery, Query } from './dcql-query.js'

/** A held copy that answers a credential query, and what it would disclose. */
export type CredentialMatch<Held extends HeldCopy> = {
  readonly held: Held
  readonly paths: readonly ClaimPath[]
}

/** Every held copy that answers one credential query, in the order given. */
export type CredentialAnswers<Held extends HeldCopy> = {
  readonly credential: CredentialQuery
  /** Position in the query. */
  readonly position: number
  readonly matches: readonly CredentialMatch<Held>[]
}

/** What a wallet can do about each credential query for our format. */
export function matchCredentials<Held extends HeldCopy>(
  query: Query,
  copies: readonly Held[],
  admits: Admits = () => true,
): ReadonlyMap<string, CredentialAnswers<Held>> {
  const answers = query.credentials.flatMap((credential, position) => {
    if (!isSdJwtQuery(credential)) return []
    const matches = copies.flatMap((held) => {
      const paths = answerCredential(credential, held, admits)
      return paths === null ? [] : [{ held, paths }]
    })
    return [[credential.id, { credential, position, matches }] as const]
  })
  return new Map(answers)
}

/** Which credential queries to answer: the required ones, and what may be added to them. */
export type QueryChoice = {
  readonly required: readonly string[]
  /** Ids of optional sets that could be answered too; leaving them out answers the query. */
  readonly optional: readonly string[]
}

/**
 * Chooses among the credential sets of a query: of each set the first option that can be answered
 * whole. Without `credential_sets` every credential query is required. Where nothing is required
 * the first optional set counts as if it were, or there would be no answer at all.
 *
 * @param isAnswerable - Whether these credential queries can be answered together.
 * @returns null when a required set cannot be answered: then nothing is.
 * @see OpenID4VP 1.0 §6.4.2
 */
export function chooseCredentials(
  query: Query,
  isAnswerable: (ids: readonly string[]) => boolean,
): QueryChoice | null {
  const sets = query.credential_sets
  if (sets === undefined) {
    const all = query.credentials.map(({ id }) => id)
    return isAnswerable(all) ? { required: all, optional: [] } : null
  }
  const required = new Set<string>()
  for (const { options } of sets.filter((set) => set.required !== false)) {
    const option = options.find((ids) => isAnswerable([...new Set([...required, ...ids])]))
    if (option === undefined) return null
    for (const id of option) required.add(id)
  }
  const optional = new Set<string>()
  for (const { options } of sets.filter((set) => set.required === false)) {
    const option = options.find((ids) =>
      isAnswerable([...new Set([...required, ...optional, ...ids])]),
    )
    const chosen = required.size === 0 ? required : optional
    for (const id of option ?? []) if (!required.has(id)) chosen.add(id)
  }
  return required.size === 0 ? null : { required: [...required], optional: [...optional] }
}

/**
 * Whether presentations for these credential queries answer the whole query: what a verifier judges
 * after it has verified each of them.
 *
 * @see OpenID4VP 1.0 §8.6
 */
export function isQueryAnswered(query: Query, ids: ReadonlySet<string>): boolean {
  const asked = new Set(query.credentials.map(({ id }) => id))
  if (ids.size === 0 || ![...ids].every((id) => asked.has(id))) return false
  const sets = query.credential_sets
  if (sets === undefined) return [...asked].every((id) => ids.has(id))
  return sets
    .filter((set) => set.required !== false)
    .every(({ options }) => options.some((option) => option.every((id) => ids.has(id))))
}
