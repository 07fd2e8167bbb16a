import type { HashAlgorithm } from './algorithms.js'
import { decodeTextBase64Url } from './base64url.js'
import type { ClaimPath } from './claim-path.js'
import { parseDisclosure } from './disclosure.js'
import { CredentialError } from './errors.js'
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  memberOf,
  parseJsonObject,
} from './json.js'
import { credentialLimits } from './limits.js'
import type { SelectiveStructure } from './sd-jwt-process.js'

/** One claim of a certificate; positions count arrays as issued. */
export type HeldClaim = { readonly path: ClaimPath; readonly value: JsonValue }

/**
 * What is needed to present a certificate again and again without reading it: plain JSON data that a
 * wallet can keep beside the certificate.
 */
export type CredentialIndex = {
  /** The issuer-signed JWT. */
  readonly jwt: string
  readonly hashAlg: HashAlgorithm
  /** In issued order; the path of a parent is a prefix of its children's. */
  readonly disclosures: readonly { readonly path: ClaimPath; readonly encoded: string }[]
}

/**
 * All claims below `payload` that have a name or position of their own: members at the top, and
 * whatever is a Disclosure. `positions` tells the path of each Disclosure.
 */
export function listClaims(
  payload: JsonObject,
  structure: SelectiveStructure,
): { readonly claims: readonly HeldClaim[]; readonly paths: ReadonlyMap<number, ClaimPath> } {
  const claims: HeldClaim[] = []
  const paths = new Map<number, ClaimPath>()
  const open: HeldClaim[] = [{ path: [], value: payload }]
  for (let held = open.pop(); held !== undefined; held = open.pop()) {
    const parent = held.path
    for (const { step, value, disclosure } of childrenOf(held.value, structure)) {
      const child = { path: [...parent, step], value }
      if (disclosure >= 0) paths.set(disclosure, child.path)
      if (disclosure >= 0 || parent.length === 0) claims.push(child)
      open.push(child)
    }
  }
  return { claims, paths }
}

/**
 * The Disclosures to send so that exactly the claims at `paths` can be read: for each path those it
 * leads through, parents included, and nothing below its end.
 *
 * @returns Positions in `index.disclosures`, ascending.
 * @throws CredentialError `unknown_claim` when a path leads to no claim: silently sending less
 * would surprise the holder.
 * @see RFC 9901 §7.2
 */
export function chooseDisclosures(
  index: CredentialIndex,
  paths: readonly ClaimPath[],
): readonly number[] {
  const chosen = new Set<number>()
  const { disclosures } = index
  for (const path of paths) {
    let deepest: CredentialIndex['disclosures'][number] | undefined
    for (let position = 0; position < disclosures.length; position += 1) {
      const disclosure = disclosures[position]
      if (disclosure === undefined || !leadsThrough(path, disclosure.path)) continue
      chosen.add(position)
      if (deepest === undefined || deepest.path.length < disclosure.path.length) {
        deepest = disclosure
      }
    }
    if (deepest?.path.length !== path.length) assertVisible(index, path, deepest)
  }
  return [...chosen].sort((a, b) => a - b)
}

type Child = { step: string | number; value: JsonValue; disclosure: number }

function childrenOf(value: JsonValue, structure: SelectiveStructure): readonly Child[] {
  if (isJsonObject(value)) {
    const names = structure.disclosedNames.get(value)
    return Object.entries(value).map(([step, member]) => {
      return { step, value: member, disclosure: names?.get(step) ?? -1 }
    })
  }
  if (!isJsonArray(value)) return []
  const issued = structure.issuedArrays.get(value)
  if (issued === undefined)
    return value.map((item, step) => ({ step, value: item, disclosure: -1 }))
  return issued.flatMap(({ state, value: item, disclosure }, step) =>
    state === 'hidden' ? [] : [{ step, value: item, disclosure }],
  )
}

/** True when `prefix` is on the way of `path`; `null` in `path` takes every position. */
function leadsThrough(path: ClaimPath, prefix: ClaimPath): boolean {
  if (prefix.length > path.length) return false
  return prefix.every((step, at) => {
    const wanted = path[at]
    return wanted === step || (wanted === null && typeof step === 'number')
  })
}

/** The rest of a path, after its deepest Disclosure, must lead to something that is plainly there. */
function assertVisible(
  index: CredentialIndex,
  path: ClaimPath,
  from: { readonly path: ClaimPath; readonly encoded: string } | undefined,
): void {
  const start =
    from === undefined
      ? parseJsonObject(decodeTextBase64Url(index.jwt.split('.')[1] ?? ''), credentialLimits)
      : parseDisclosure(from.encoded, credentialLimits).value
  let values: readonly JsonValue[] = [start]
  for (const step of path.slice(from?.path.length ?? 0)) {
    values = values.flatMap((value) => followPlain(value, step))
  }
  if (path.length === 0 || values.length === 0) {
    throw new CredentialError('unknown_claim', 'A chosen claim is not in this certificate.')
  }
}

function followPlain(value: JsonValue, step: string | number | null): readonly JsonValue[] {
  if (typeof step === 'string') {
    const member = isJsonObject(value) && step !== '_sd' ? memberOf(value, step) : undefined
    return member === undefined ? [] : [member]
  }
  if (!isJsonArray(value)) return []
  if (step === null) return value
  const element = value[step]
  return element === undefined ? [] : [element]
}
