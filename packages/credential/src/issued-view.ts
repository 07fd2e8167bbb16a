import { type JsonObject, type JsonValue, memberOf } from './json.js'
import type { SelectiveStructure } from './sd-jwt-process.js'

/**
 * A certificate as it was issued: the processed payload, and what is known about how it came
 * together. Array elements held back keep their place here, unlike in the payload.
 */
export type IssuedView = {
  readonly payload: JsonObject
  readonly structure: Pick<SelectiveStructure, 'disclosedNames' | 'issuedArrays'>
}

/** A claim in that view; without a value when it is held back. */
export type IssuedClaim = {
  readonly value: JsonValue | undefined
  /** The claim itself is a Disclosure, not merely something above it. */
  readonly disclosed: boolean
}

/** A view of a payload in which everything is visible. */
export function plainView(payload: JsonObject): IssuedView {
  return { payload, structure: { disclosedNames: new Map(), issuedArrays: new Map() } }
}

/** The member `name` of an object, visible or disclosed. */
export function issuedMember(
  view: IssuedView,
  object: JsonObject,
  name: string,
): IssuedClaim | undefined {
  const value = memberOf(object, name)
  if (value === undefined) return undefined
  return { value, disclosed: view.structure.disclosedNames.get(object)?.has(name) === true }
}

/** The elements of an array as issued, those held back included. */
export function issuedElements(
  view: IssuedView,
  array: readonly JsonValue[],
): readonly IssuedClaim[] {
  const issued = view.structure.issuedArrays.get(array)
  if (issued === undefined) return array.map((value) => ({ value, disclosed: false }))
  return issued.map(({ state, value }) => ({
    value: state === 'hidden' ? undefined : value,
    disclosed: state !== 'plain',
  }))
}
