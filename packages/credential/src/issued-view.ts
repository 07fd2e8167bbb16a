import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, memberOf } from './json.js'

/** A Disclosure that came along, by what it says. No `name`: it is an array element. */
export type CarriedDisclosure = { readonly name?: string; readonly value: JsonValue }

/**
 * A certificate as it was issued: the signed payload as received, and the Disclosures that came
 * along by their digests. Elements held back keep their place, unlike in the processed payload.
 */
export type IssuedView = {
  readonly payload: JsonObject
  readonly disclosures: ReadonlyMap<string, CarriedDisclosure>
}

/** A claim in that view; without a value when it is held back. */
export type IssuedClaim = {
  readonly value: JsonValue | undefined
  /** The claim itself is a Disclosure, not merely something above it. */
  readonly disclosed: boolean
}

const noDisclosures: ReadonlyMap<string, CarriedDisclosure> = new Map()

/** A view of a payload in which everything is visible. */
export function plainView(payload: JsonObject): IssuedView {
  return { payload, disclosures: noDisclosures }
}

/** The member `name` of an object, visible or disclosed. */
export function issuedMember(
  view: IssuedView,
  object: JsonObject,
  name: string,
): IssuedClaim | undefined {
  if (name === '_sd') return undefined
  const visible = memberOf(object, name)
  if (visible !== undefined) return { value: visible, disclosed: false }
  const digests = memberOf(object, '_sd')
  if (!isJsonArray(digests)) return undefined
  for (const digest of digests) {
    const disclosure = typeof digest === 'string' ? view.disclosures.get(digest) : undefined
    if (disclosure !== undefined && disclosure.name === name) {
      return { value: disclosure.value, disclosed: true }
    }
  }
  return undefined
}

/** The elements of an array as issued, those held back included. */
export function issuedElements(
  view: IssuedView,
  array: readonly JsonValue[],
): readonly IssuedClaim[] {
  return array.map((element) => {
    const digest = isJsonObject(element) ? memberOf(element, '...') : undefined
    if (typeof digest !== 'string') return { value: element, disclosed: false }
    return { value: view.disclosures.get(digest)?.value, disclosed: true }
  })
}
