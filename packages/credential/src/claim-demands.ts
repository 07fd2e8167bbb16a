import { type ClaimPath, selectClaims } from './claim-path.js'
import { CredentialError } from './errors.js'
import { type IssuedView, issuedElements } from './issued-view.js'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, memberOf } from './json.js'

/** A claim a verifier asks for; with `values`, one of them must be there. */
export type ClaimDemand = {
  readonly path: ClaimPath
  readonly values?: readonly (string | number | boolean)[]
}

/**
 * Finds the first set of demands that a certificate satisfies. The wallet chose what to send, but
 * what was sent is judged here: DCQL's `claims` and `values` are never taken on trust.
 *
 * @returns The claims of that set and nothing else, nested as in the certificate.
 * @throws CredentialError `query_unsatisfied`
 * @see OpenID4VP 1.0 §6.4, §7, §14 "Security Checks on the Returned Credentials"
 */
export function satisfyDemands(
  view: IssuedView,
  claimSets: readonly (readonly ClaimDemand[])[],
): JsonObject {
  for (const demands of claimSets) {
    if (demands.every((demand) => isSatisfied(view, demand))) {
      const paths = demands.map(({ path }) => path)
      return pickMembers(view, view.payload, paths)
    }
  }
  throw new CredentialError(
    'query_unsatisfied',
    'The presentation does not show what was asked for: present again with the claims asked.',
  )
}

function isSatisfied(view: IssuedView, { path, values }: ClaimDemand): boolean {
  let shown: readonly JsonValue[]
  try {
    shown = selectClaims(view, path).flatMap(({ value }) => (value === undefined ? [] : [value]))
  } catch (error) {
    // A path that does not fit leads to no claim.
    if (error instanceof CredentialError) return false
    throw error
  }
  if (values === undefined) return shown.length > 0
  return shown.some((value) => values.some((wanted) => wanted === value))
}

/** Only what some path leads to. Recursion is as deep as the query's paths, which are bounded. */
function pick(view: IssuedView, value: JsonValue, paths: readonly ClaimPath[]): JsonValue {
  if (paths.some((path) => path.length === 0)) return value
  if (isJsonObject(value)) return pickMembers(view, value, paths)
  return isJsonArray(value) ? pickElements(view, value, paths) : value
}

function pickMembers(
  view: IssuedView,
  object: JsonObject,
  paths: readonly ClaimPath[],
): JsonObject {
  const picked: [string, JsonValue][] = []
  for (const name of new Set(paths.map((path) => path[0]))) {
    const value = typeof name === 'string' ? memberOf(object, name) : undefined
    if (typeof name !== 'string' || value === undefined) continue
    const below = paths.filter((path) => path[0] === name)
    picked.push([name, pick(view, value, below.map(rest))])
  }
  // `fromEntries` defines members, so that no name reaches a prototype.
  return Object.fromEntries(picked)
}

function pickElements(
  view: IssuedView,
  array: readonly JsonValue[],
  paths: readonly ClaimPath[],
): readonly JsonValue[] {
  return issuedElements(view, array).flatMap(({ value }, at) => {
    const below = paths.filter((path) => path[0] === null || path[0] === at)
    return value === undefined || below.length === 0 ? [] : [pick(view, value, below.map(rest))]
  })
}

function rest(path: ClaimPath): ClaimPath {
  return path.slice(1)
}
