import type { ClaimPath } from '@netcert/credential'
import { countedClaims } from './accredited-claims.js'
import { isSdJwtQuery } from './dcql.js'
import type { CredentialQuery, Query } from './dcql-query.js'

/** A claim that was shown to a platform. */
export type ShownClaim = { readonly vct: string; readonly path: ClaimPath }

/**
 * How many different claims a platform would know when a query is answered in the way that tells it
 * most: those it was shown in the last day and the new ones together. Never less than that, and more
 * only where several alternatives of a query share claims.
 */
export function mostClaimsKnown(query: Query, recent: readonly ShownClaim[]): number {
  const known = new Set(recent.flatMap(({ vct, path }) => keysOf(vct, path)))
  const ours = query.credentials.filter(isSdJwtQuery)
  const all = new Set([
    ...known,
    ...ours.flatMap((credential) => alternativesOf(credential).flat()),
  ])
  const most = new Map(ours.map((credential) => [credential.id, mostNew(credential, known)]))
  const sum = (ids: readonly string[]) => ids.reduce((total, id) => total + (most.get(id) ?? 0), 0)
  const sets = query.credential_sets
  const added =
    sets === undefined
      ? sum(ours.map(({ id }) => id))
      : sets.reduce((total, { options }) => total + Math.max(...options.map(sum)), 0)
  return Math.min(all.size, known.size + added)
}

/**
 * A query without the alternatives that alone would already show too much, where others are left, and
 * then, if it must be, without what it does not require.
 *
 * @returns null when the least that answers it is still too much.
 */
export function withinTotal(
  query: Query,
  recent: readonly ShownClaim[],
  maxClaims: number,
): Query | null {
  const known = new Set(recent.flatMap(({ vct, path }) => keysOf(vct, path)))
  const credentials = query.credentials.map((credential) =>
    isSdJwtQuery(credential) ? withoutLargeSets(credential, known, maxClaims) : credential,
  )
  const required = query.credential_sets?.filter((set) => set.required !== false) ?? []
  const candidates: readonly Query[] = [
    query,
    { ...query, credentials },
    ...(required.length === 0 ? [] : [{ credentials, credential_sets: required }]),
  ]
  return candidates.find((one) => mostClaimsKnown(one, recent) <= maxClaims) ?? null
}

function withoutLargeSets(
  credential: CredentialQuery,
  known: ReadonlySet<string>,
  maxClaims: number,
): CredentialQuery {
  const { claims = [], claim_sets: sets } = credential
  if (sets === undefined) return credential
  const fits = (set: readonly string[]) => {
    const asked = claims.filter(({ id }) => id !== undefined && set.includes(id))
    return credential.meta.vct_values.every((vct) => {
      const keys = asked.flatMap(({ path }) => keysOf(vct, path))
      return new Set([...known, ...keys]).size <= maxClaims
    })
  }
  const fitting = sets.filter(fits)
  return fitting.length === 0 ? credential : { ...credential, claim_sets: fitting }
}

/** Each way to answer a credential query, as the keys of what it shows. */
function alternativesOf(credential: CredentialQuery): readonly (readonly string[])[] {
  const { claims = [], claim_sets: sets } = credential
  const chosen = sets?.map((set) => claims.filter(({ id }) => id !== undefined && set.includes(id)))
  return credential.meta.vct_values.flatMap((vct) =>
    (chosen ?? [claims]).map((set) => set.flatMap(({ path }) => keysOf(vct, path))),
  )
}

function mostNew(credential: CredentialQuery, known: ReadonlySet<string>): number {
  const each = alternativesOf(credential)
  // Of several certificates each may answer in a way of its own.
  const ways = credential.multiple === true ? [each.flat()] : each
  const added = ways.map((keys) => new Set(keys.filter((key) => !known.has(key))).size)
  return Math.max(0, ...added)
}

function keysOf(vct: string, path: ClaimPath): readonly string[] {
  return countedClaims(vct, path).map((claim) => JSON.stringify([vct, claim]))
}
