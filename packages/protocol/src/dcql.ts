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
  /** The issuer's certificate must name one of these authority key identifiers, base64url. */
  readonly authorityKeyIds?: readonly string[]
}

/** A held copy as the query engine sees it: all its claims, listed by path. */
export type HeldCopy = {
  readonly vct: string
  readonly claims: readonly HeldClaim[]
  /** Key identifiers of the authorities behind an x5c issuer, base64url; none for did:key. */
  readonly authorityKeyIds?: readonly string[]
}

/** Whether a claim may be shown to whoever asks. What may not is left out as if it were not held. */
export type Admits = (vct: string, path: ClaimPath) => boolean

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
 * @throws ProtocolError `query_needs_several_presentations`; `query_unsupported` when it rests on
 *   `trusted_authorities`: whoever uses this reads no certificates, so nothing would check them.
 */
export function demandsFor(query: Query): readonly QueryDemands[] {
  return singleAnswers(query).map((credential) => {
    if (credential.trusted_authorities === undefined) return demandsOf(credential)
    throw new ProtocolError(
      'query_unsupported',
      `credential query "${credential.id}" names trusted_authorities; ask for them over OpenID4VP, ` +
        'or leave them out: the trust list decides which issuers count.',
    )
  })
}

/**
 * What a verifier must demand of a presentation that answers one credential query.
 *
 * @throws ProtocolError `query_unsupported` for `trusted_authorities` of another type than `aki`:
 *   no issuer of ours is on such a list, so no wallet could answer.
 */
export function demandsOf(credential: CredentialQuery): QueryDemands {
  const { id, trusted_authorities: authorities } = credential
  if (authorities?.some(({ type }) => type !== 'aki') === true) {
    throw new ProtocolError(
      'query_unsupported',
      `credential query "${id}" names trusted_authorities of another type than "aki"; name ` +
        'authority key identifiers, or leave them out: the trust list decides which issuers count.',
    )
  }
  return {
    id,
    types: credential.meta.vct_values,
    claimSets: claimSetsOf(credential).map((set) => set.map(demandOf)),
    ...(authorities && { authorityKeyIds: authorities.flatMap(({ values }) => values) }),
  }
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
 * Decides whether a held copy answers a query that one copy alone can answer, and with which claims.
 *
 * @returns null when the copy does not answer.
 * @throws ProtocolError `query_needs_several_presentations`
 * @see OpenID for Verifiable Presentations 1.0 §6.4, §7
 */
export function chooseClaims(query: Query, held: HeldCopy): ChosenClaims | null {
  for (const [preference, credential] of singleAnswers(query).entries()) {
    const paths = answerCredential(credential, held)
    if (paths !== null) return { credential: credential.id, preference, paths }
  }
  return null
}

/**
 * Decides whether a held copy answers one credential query, and with which claims.
 *
 * The verifier's order of preference among claim sets stands, with one exception: a set that would
 * reveal identity claims gives way to a later one that does not (§6.4.1 lets the wallet choose).
 * `values` are compared by type and value; of an array only the matching elements are disclosed.
 * Of `trusted_authorities` any one match is enough; a did:key issuer matches none.
 *
 * @returns The paths to disclose; null when the copy does not answer.
 * @see OpenID for Verifiable Presentations 1.0 §6.1.1, §6.4.1, §7
 */
export function answerCredential(
  credential: CredentialQuery,
  held: HeldCopy,
  admits: Admits = () => true,
): readonly ClaimPath[] | null {
  if (!credential.meta.vct_values.includes(held.vct)) return null
  if (!isFromAuthority(credential, held)) return null
  const view = createClaimView(held.claims)
  const answers = claimSetsOf(credential).flatMap((set) => {
    const paths = disclosedBy(set, view, held.claims)
    return paths?.every((path) => admits(held.vct, path)) === true ? [paths] : []
  })
  return answers.find((answer) => !revealsIdentity(held.vct, answer)) ?? answers[0] ?? null
}

function isFromAuthority({ trusted_authorities }: CredentialQuery, held: HeldCopy): boolean {
  if (trusted_authorities === undefined) return true
  const ids = held.authorityKeyIds ?? []
  // §6.1.1: other types say nothing about issuers of ours; they match none.
  return trusted_authorities.some(
    ({ type, values }) => type === 'aki' && values.some((value) => ids.includes(value)),
  )
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
