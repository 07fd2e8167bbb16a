import type { ClaimPath, JsonValue } from '@netcert/credential'

/**
 * The claims of one certificate as a tree that keeps array elements at the index they were issued
 * with, holes included: a claim path counts the array as issued, not as shown.
 */
export type ClaimNode =
  | { readonly kind: 'object'; readonly members: Map<string, ClaimNode> }
  | { readonly kind: 'array'; readonly elements: Map<number, ClaimNode> }
  | { readonly kind: 'leaf'; readonly value: string | number | boolean | null }

/** One claim of a held certificate: where it stands in the certificate as issued, and its value. */
export type HeldClaim = { readonly path: ClaimPath; readonly value: JsonValue }

/** One place a claim path selected, with the concrete path (no null steps) that leads there. */
export type SelectedClaim = { readonly path: ClaimPath; readonly node: ClaimNode }

/** Builds the tree. Claims may be listed at any depth; the more precise entry wins. */
export function createClaimView(claims: readonly HeldClaim[]): ClaimNode {
  const root: ClaimNode = { kind: 'object', members: new Map() }
  for (const { path, value } of claims.toSorted((a, b) => a.path.length - b.path.length)) {
    const parents = path.slice(0, -1)
    const last = path.at(-1)
    if (last === undefined || last === null) continue
    let node: ClaimNode | undefined = root
    for (const [depth, step] of parents.entries()) {
      node = node && step !== null ? branchAt(node, step, path[depth + 1]) : undefined
    }
    if (node !== undefined) attach(node, last, nodeOf(value))
  }
  return root
}

/**
 * Follows a claim path.
 *
 * @returns The selected places in document order, or null where the path leads nowhere, which the
 *   standard calls aborting: a name asked of something that is no object, an index of no array, or
 *   an empty selection (so a null step over an empty array is "not there").
 * @see OpenID for Verifiable Presentations 1.0 §7.1.1
 */
export function selectClaims(root: ClaimNode, path: ClaimPath): readonly SelectedClaim[] | null {
  let selected: readonly SelectedClaim[] = [{ path: [], node: root }]
  for (const step of path) {
    const next: SelectedClaim[] = []
    for (const place of selected) {
      const found = follow(place, step)
      if (found === null) return null
      next.push(...found)
    }
    selected = next
  }
  return selected.length === 0 ? null : selected
}

/** The leaves below a place, itself when it has none: what really has to be disclosed for it. */
export function leavesBelow(place: SelectedClaim): readonly ClaimPath[] {
  const children = childrenOf(place)
  return children.length === 0 ? [place.path] : children.flatMap(leavesBelow)
}

function follow(place: SelectedClaim, step: string | number | null): SelectedClaim[] | null {
  const { node } = place
  if (typeof step === 'string')
    return node.kind === 'object' ? only(place, step, node.members.get(step)) : null
  if (node.kind !== 'array') return null
  return step === null ? childrenOf(place) : only(place, step, node.elements.get(step))
}

function only(
  place: SelectedClaim,
  step: string | number,
  node: ClaimNode | undefined,
): SelectedClaim[] {
  return node === undefined ? [] : [{ path: [...place.path, step], node }]
}

function childrenOf({ path, node }: SelectedClaim): SelectedClaim[] {
  if (node.kind === 'leaf') return []
  const entries: readonly (readonly [string | number, ClaimNode])[] =
    node.kind === 'object' ? [...node.members] : [...node.elements].toSorted(([a], [b]) => a - b)
  return entries.map(([step, child]) => ({ path: [...path, step], node: child }))
}

function branchAt(node: ClaimNode, step: string | number, next: unknown): ClaimNode {
  const known = childAt(node, step)
  const wanted = typeof next === 'string' ? 'object' : 'array'
  if (known?.kind === wanted) return known
  const branch: ClaimNode =
    wanted === 'object'
      ? { kind: 'object', members: new Map() }
      : { kind: 'array', elements: new Map() }
  attach(node, step, branch)
  return branch
}

function childAt(node: ClaimNode, step: string | number): ClaimNode | undefined {
  if (node.kind === 'object' && typeof step === 'string') return node.members.get(step)
  if (node.kind === 'array' && typeof step === 'number') return node.elements.get(step)
  return undefined
}

function attach(node: ClaimNode, step: string | number, child: ClaimNode): void {
  if (node.kind === 'object' && typeof step === 'string') node.members.set(step, child)
  if (node.kind === 'array' && typeof step === 'number') node.elements.set(step, child)
}

function nodeOf(value: JsonValue): ClaimNode {
  if (Array.isArray(value)) {
    const elements: readonly JsonValue[] = value
    return {
      kind: 'array',
      elements: new Map(elements.map((item, index) => [index, nodeOf(item)])),
    }
  }
  if (value !== null && typeof value === 'object') {
    return {
      kind: 'object',
      members: new Map(Object.entries(value).map(([name, item]) => [name, nodeOf(item)])),
    }
  }
  return { kind: 'leaf', value }
}
