import { CredentialError } from './errors.js'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, memberOf } from './json.js'
import type { SelectiveStructure } from './sd-jwt-process.js'

/** §2.2.2.3: these and everything in them are always visible, for they decide what the rest is worth. */
const neverDisclosed = [
  'iss',
  'nbf',
  'exp',
  'cnf',
  'vct',
  'vct#integrity',
  'aka_vcts',
  'status',
] as const

/**
 * Refuses a certificate in which a claim that decides its validity came by Disclosure, carries
 * digests inside, or in which digest arrays stand although nothing is disclosable.
 *
 * @throws CredentialError `sd_forbidden_claim`, `reserved_name_misuse`
 * @see SD-JWT VC §2.2.2.3, §2.2.2.5
 */
export function assertVisibleClaims(payload: JsonObject, structure: SelectiveStructure): void {
  const disclosed = structure.disclosedNames.get(payload)
  for (const name of neverDisclosed) {
    if (disclosed?.has(name) === true || hasDigests(memberOf(payload, name), structure)) {
      throw new CredentialError(
        'sd_forbidden_claim',
        `The claim ${name} must always be visible: have the certificate issued again.`,
      )
    }
  }
  const nothingHidden = structure.concealing.size === 0 && structure.issuedArrays.size === 0
  if (structure.emptyDigestArray && nothingHidden) {
    throw new CredentialError(
      'reserved_name_misuse',
      'The certificate has a digest array but nothing disclosable: have it issued again.',
    )
  }
}

/**
 * The certificate's type.
 *
 * @throws CredentialError `vct_invalid`, `aka_vcts_invalid`
 * @see SD-JWT VC §2.2.2.1, §2.2.2.2
 */
export function readTypes(payload: JsonObject): {
  readonly vct: string
  readonly also: readonly string[]
} {
  const vct = memberOf(payload, 'vct')
  const also = memberOf(payload, 'aka_vcts')
  if (typeof vct !== 'string' || vct === '') {
    throw new CredentialError('vct_invalid', 'The certificate names no type: have it issued again.')
  }
  if (also === undefined) return { vct, also: [] }
  if (!isJsonArray(also) || also.length === 0 || !also.every(isName) || also.includes(vct)) {
    throw new CredentialError(
      'aka_vcts_invalid',
      'The further types of the certificate are malformed.',
    )
  }
  return { vct, also }
}

function isName(value: JsonValue): value is string {
  return typeof value === 'string' && value !== ''
}

/** True when something in the value came by Disclosure or could; the walk needs no recursion. */
function hasDigests(value: JsonValue | undefined, structure: SelectiveStructure): boolean {
  const open: (JsonValue | undefined)[] = [value]
  while (open.length > 0) {
    const node = open.pop()
    if (isJsonArray(node)) {
      if (structure.issuedArrays.has(node)) return true
      open.push(...node)
    } else if (isJsonObject(node)) {
      if (structure.concealing.has(node)) return true
      open.push(...Object.values(node))
    }
  }
  return false
}
