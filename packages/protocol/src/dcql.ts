import type { ClaimDemand, ClaimPath } from '@netcert/credential'
import { certificateTypes, claimClass } from '@netcert/credential'
import type { HeldClaim, SelectedClaim } from './claim-view.js'
import { createClaimView, leavesBelow, selectClaims } from './claim-view.js'
import type { CredentialQuery, Query } from './dcql-query.js'
import { ProtocolError } from './errors.js'

type ClaimQuery = NonNullable<CredentialQuery['claims']>[number]

/** What one presentation must show to answer one credential query. */
export type QueryDemands = {
  /** The `id` of the credential query. */
  readonly id: string
  readonly types: readonly string[]
  /** In the verifier's order of preference; one of them must be satisfied. */
  readonly claimSets: readonly (readonly ClaimDemand[])[]
}

/** A held copy as the query engine sees it: all its claims, listed by path. */
export type HeldCopy = { readonly vct: string; readonly claims: readonly HeldClaim[] }

/** How a held copy answers a query. */
export type ChosenClaims = {
  /** The `id` of the credential query that is answered. */
  readonly credential: string
  /** Position of that credential query in the verifier's order of preference; 0 comes first. */
  readonly preference: number
  /**
   * What to disclose: concrete paths without null steps or duplicates, each of a claim that the
   * copy lists. A path into a claim that is disclosed as a whole stands as that claim.
   */
  readonly paths: readonly ClaimPath[]
}

/** Tells a query for our format from one for a format that is never answered here. */
export function isSdJwtQuery(query: Query['credentials'][number]): query is CredentialQuery {
  return query.format === 'dc+sd-jwt'
}

/**
 * The credential queries that one presentation alone can answer, best liked first.
 *
 * Without `credential_sets` every credential query must be answered, so there may be only one.
 * With them a query stands when every required set has an option that names it alone.
 *
 * @throws ProtocolError `query_needs_several_presentations` when no single one is enough.
 * @see OpenID for Verifiable Presentations 1.0 §6.4.2
 */
export function singleAnswers(query: Query): readonly CredentialQuery[] {
  const sets = query.credential_sets
  const ours = query.credentials.filter(isSdJwtQuery)
  const found =
    sets === undefined
      ? query.credentials.length === 1
        ? ours
        : []
      : namedAlone(sets).flatMap((id) => ours.filter((credential) => credential.id === id))
  if (found.length === 0) {
    throw new ProtocolError(
      'query_needs_several_presentations',
      'no single certificate of format dc+sd-jwt answers this query; ask for one certificate, or ' +
        'list alternatives of one each in credential_sets.',
    )
  }
  return found
}

function namedAlone(sets: NonNullable<Query['credential_sets']>): readonly string[] {
  const required = sets.filter((set) => set.required !== false)
  const alone = (set: (typeof sets)[number]) =>
    set.options.flatMap((option) => (option.length === 1 ? option : []))
  // With no required set, any optional one may be answered (§6.4.2).
  if (required.length === 0) return [...new Set(sets.flatMap(alone))]
  const [first, ...others] = required.map(alone)
  return [...new Set(first)].filter((id) => others.every((options) => options.includes(id)))
}

/**
 * What a verifier must demand of a single presentation for this query: one entry for each
 * credential query that alone answers it, in order of preference.
 *
 * @throws ProtocolError `query_needs_several_presentations`; `query_unsupported` when a query rests
 *   on `trusted_authorities`, which say nothing about did:key issuers: trust comes from the trust list.
 */
export function demandsFor(query: Query): readonly QueryDemands[] {
  return singleAnswers(query).map((credential) => {
    if (credential.trusted_authorities !== undefined) {
      throw new ProtocolError(
        'query_unsupported',
        `credential query "${credential.id}" names trusted_authorities; leave them out, the trust ` +
          'list decides which issuers count.',
      )
    }
    return {
      id: credential.id,
      types: credential.meta.vct_values,
      claimSets: claimSetsOf(credential).map((set) => set.map(demandOf)),
    }
  })
}

function demandOf({ path, values }: ClaimQuery): ClaimDemand {
  return values === undefined ? { path } : { path, values }
}

/** §6.4.1: no claims ask for nothing disclosable; claims alone ask for all; sets are alternatives. */
function claimSetsOf({ claims, claim_sets }: CredentialQuery): readonly (readonly ClaimQuery[])[] {
  if (claims === undefined) return [[]]
  if (claim_sets === undefined) return [claims]
  const byId = new Map(claims.map((claim) => [claim.id, claim]))
  return claim_sets.map((set) => set.flatMap((id) => byId.get(id) ?? []))
}

/**
 * Decides whether a held copy answers a query, and with which claims.
 *
 * The verifier's order of preference among claim sets stands, with one exception: a set that would
 * reveal identity claims gives way to a later one that does not (§6.4.1 lets the wallet choose).
 * `values` are compared by type and value; of an array only the matching elements are disclosed.
 * A copy never answers a query for `trusted_authorities`: none of their kinds names a did:key issuer.
 *
 * @returns null when the copy does not answer.
 * @throws ProtocolError `query_needs_several_presentations`
 * @see OpenID for Verifiable Presentations 1.0 §6.4, §7
 */
export function chooseClaims(query: Query, held: HeldCopy): ChosenClaims | null {
  const view = createClaimView(held.claims)
  for (const [preference, credential] of singleAnswers(query).entries()) {
    if (!credential.meta.vct_values.includes(held.vct)) continue
    if (credential.trusted_authorities !== undefined) continue
    const answers = claimSetsOf(credential).flatMap((set) => {
      const paths = disclosedBy(set, view, held.claims)
      return paths === null ? [] : [paths]
    })
    const paths = answers.find((answer) => !revealsIdentity(held.vct, answer)) ?? answers[0]
    if (paths !== undefined) return { credential: credential.id, preference, paths }
  }
  return null
}

function revealsIdentity(vct: string, paths: readonly ClaimPath[]): boolean {
  const type = certificateTypes.get(vct)
  // What we have no metadata for counts as identity, the strictest class.
  return paths.some((path) => type === undefined || claimClass(type, path) === 'identity')
}

function disclosedBy(
  set: readonly ClaimQuery[],
  view: ReturnType<typeof createClaimView>,
  claims: readonly HeldClaim[],
): readonly ClaimPath[] | null {
  const paths = new Map<string, ClaimPath>()
  for (const claim of set) {
    const selected = selectClaims(view, claim.path)?.filter((place) => matches(place, claim.values))
    if (selected === undefined || selected.length === 0) return null
    for (const leaf of selected.flatMap(leavesBelow)) {
      const path = claimThatHolds(leaf, claims)
      paths.set(JSON.stringify(path), path)
    }
  }
  return [...paths.values()]
}

/** The deepest listed claim on the way to a leaf: what has a disclosure of its own is listed. */
function claimThatHolds(leaf: ClaimPath, claims: readonly HeldClaim[]): ClaimPath {
  const onTheWay = claims.filter(
    ({ path }) => path.length <= leaf.length && path.every((step, at) => step === leaf[at]),
  )
  return onTheWay.toSorted((a, b) => b.path.length - a.path.length)[0]?.path ?? leaf
}

function matches({ node }: SelectedClaim, values: ClaimQuery['values']): boolean {
  if (values === undefined) return true
  // §6.3: type and value both; JSON null, objects and arrays therefore match nothing.
  return node.kind === 'leaf' && values.some((value) => value === node.value)
}
