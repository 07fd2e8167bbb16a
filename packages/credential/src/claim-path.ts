import { CredentialError } from './errors.js'
import { type IssuedClaim, type IssuedView, issuedElements, issuedMember } from './issued-view.js'
import { isJsonArray, isJsonObject } from './json.js'

/**
 * Leads to claims in a certificate: a string names a member, a number is a position in an array,
 * `null` stands for every element (SD-JWT VC §5.6.1, OpenID4VP §7).
 */
export type ClaimPath = readonly (string | number | null)[]

const LONGEST_PATH = 32

/** True for a non-empty array of strings, `null` and non-negative integers. */
export function isClaimPath(value: unknown): value is ClaimPath {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= LONGEST_PATH &&
    value.every(
      (step) =>
        typeof step === 'string' || step === null || (Number.isSafeInteger(step) && step >= 0),
    )
  )
}

/** True when both lead along the same steps. */
export function samePath(a: ClaimPath, b: ClaimPath): boolean {
  return a.length === b.length && a.every((step, at) => step === b[at])
}

/**
 * The claims a path selects. Positions and `null` count the array as issued, elements held back
 * included; a claim held back is selected as a claim without value, and nothing below it is.
 *
 * @returns The selected claims; none when a member or position is not there.
 * @throws CredentialError `claim_path_error` when a step does not fit the value it meets.
 * @see SD-JWT VC §5.6.1.2
 */
export function selectClaims(view: IssuedView, path: ClaimPath): readonly IssuedClaim[] {
  let selected: readonly IssuedClaim[] = [{ value: view.payload, disclosed: false }]
  for (const step of path) {
    const next: IssuedClaim[] = []
    for (const claim of selected) {
      if (claim.value !== undefined) next.push(...followStep(view, claim, step))
    }
    selected = next
  }
  return selected
}

function followStep(
  view: IssuedView,
  claim: IssuedClaim,
  step: string | number | null,
): readonly IssuedClaim[] {
  const value = claim.value
  if (typeof step === 'string') {
    if (!isJsonObject(value)) throw pathError('a name meets something that is not an object')
    const member = issuedMember(view, value, step)
    return member === undefined ? [] : [member]
  }
  if (!isJsonArray(value)) throw pathError('a position meets something that is not an array')
  const elements = issuedElements(view, value)
  if (step === null) return elements
  const element = elements[step]
  return element === undefined ? [] : [element]
}

function pathError(reason: string): CredentialError {
  return new CredentialError(
    'claim_path_error',
    `A claim path does not fit the certificate: ${reason}. Correct the type metadata or the query.`,
  )
}
