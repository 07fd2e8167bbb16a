import { textsToBase64Url } from '@netcert/credential/crypto'
import type { CertificateType } from './certificate-types.js'
import { isReservedClaimName } from './disclosure.js'
import { disclosurePlan, type PlanNode, technicalClaims } from './disclosure-plan.js'
import { CredentialError } from './errors.js'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './json.js'
import { credentialLimits } from './limits.js'

/** Where salts and digests come from. */
export type PackingTools = {
  /** In base64url; never gives the same salt twice (RFC 9901 §4.2.1). */
  readonly salt: () => string
  readonly digest: (encoded: string) => string
  /** Looks like a digest and belongs to nothing (RFC 9901 §4.2.5). */
  readonly decoy: () => string
}

export type PackedClaims = {
  /** The members of the payload that stay visible, digests of nested claims included. */
  readonly visible: JsonObject
  /** The top `_sd`, decoys included. */
  readonly digests: readonly string[]
  readonly disclosures: readonly string[]
}

/**
 * Turns claims into Disclosures as the rules of the type say, recursively: a claim below a
 * disclosable one is in the `_sd` of its parent's Disclosure (RFC 9901 §4.2.6).
 *
 * @throws CredentialError `unknown_claim`, `mandatory_claim_missing`, `claim_invalid`,
 * `reserved_name_misuse`, `too_deep`
 */
export function packClaims(
  type: CertificateType,
  claims: JsonObject,
  tools: PackingTools,
): PackedClaims {
  for (const name in claims) {
    if (technicalClaims.has(name)) {
      throw new CredentialError('claim_invalid', `The claim ${name} is set by the engine.`)
    }
  }
  assertClaimValues(claims)
  const packing: Packing = { tools, disclosures: [] }
  const { visible, digests } = packMembers(packing, disclosurePlan(type), claims)
  return { visible, digests, disclosures: packing.disclosures }
}

/**
 * Refuses claims that could be mistaken for digests, or that JSON cannot carry unchanged.
 *
 * @throws CredentialError `reserved_name_misuse`, `claim_invalid`, `too_deep`
 * @see RFC 9901 §4.1 rule 7, §4.1.1
 */
export function assertClaimValues(claims: JsonObject): void {
  let level: JsonValue[] = [claims]
  for (let depth = 1; level.length > 0; depth += 1) {
    // The payload's own object is one level more than a claim's value.
    if (depth > credentialLimits.maxDepth - 2) {
      throw new CredentialError('too_deep', 'The claims nest too deep.')
    }
    const next: JsonValue[] = []
    for (const value of level) {
      if (isJsonArray(value)) next.push(...value)
      else if (isJsonObject(value)) next.push(...memberValues(value))
      else assertScalarClaim(value)
    }
    level = next
  }
}

type Packing = { readonly tools: PackingTools; readonly disclosures: string[] }

function packMembers(packing: Packing, plan: PlanNode, claims: JsonObject) {
  assertMandatory(plan, claims)
  const visible: { [name: string]: JsonValue } = {}
  const positions: number[] = []
  const texts: string[] = []
  for (const name of Object.keys(claims)) {
    const value = claims[name] as JsonValue
    const member = plan.members.get(name)
    if (member === undefined) {
      throw new CredentialError('unknown_claim', `The type has no claim of the name ${name}.`)
    }
    if (member.rule?.sd === 'always') {
      // A parent stands before its children.
      positions.push(packing.disclosures.push('') - 1)
      texts.push(disclosureText(packing, member, value))
    } else visible[name] = packValue(packing, member, value)
  }
  const digests = disclose(packing, positions, texts)
  while (digests.length < plan.digests) digests.push(packing.tools.decoy())
  return { visible, digests: digests.sort() }
}

function packValue(packing: Packing, plan: PlanNode, value: JsonValue): JsonValue {
  if (plan.members.size > 0) {
    if (!isJsonObject(value)) throw wrongForm(plan, 'an object')
    const { visible, digests } = packMembers(packing, plan, value)
    return digests.length === 0 ? visible : { ...visible, _sd: digests }
  }
  const { elements } = plan
  if (elements === null) return value
  if (!isJsonArray(value)) throw wrongForm(plan, 'an array')
  return value.map((element) => {
    if (elements.rule?.sd !== 'always') return packValue(packing, elements, element)
    const position = packing.disclosures.push('') - 1
    const text = disclosureText(packing, elements, element)
    return { '...': disclose(packing, [position], [text])[0] ?? null }
  })
}

/** The JSON text of a Disclosure (RFC 9901 §4.2.1, §4.2.2). */
function disclosureText(packing: Packing, plan: PlanNode, claim: JsonValue): string {
  const value = JSON.stringify(packValue(packing, plan, claim))
  // Joined by hand: the array's brackets, a salt that needs no escaping and a name whose text is
  // ready cost less than another object for the serializer.
  const name = plan.nameText === '' ? '' : `${plan.nameText},`
  return `["${packing.tools.salt()}",${name}${value}]`
}

/** Puts encoded Disclosures at their positions and gives their digests. */
function disclose(
  packing: Packing,
  positions: readonly number[],
  texts: readonly string[],
): string[] {
  return textsToBase64Url(texts).map((encoded, at) => {
    packing.disclosures[positions[at] ?? -1] = encoded
    return packing.tools.digest(encoded)
  })
}

function assertMandatory(plan: PlanNode, claims: JsonObject): void {
  for (const name of plan.mandatory) {
    if (!Object.hasOwn(claims, name)) {
      throw new CredentialError('mandatory_claim_missing', `The claim ${name} is missing.`)
    }
  }
}

function wrongForm(plan: PlanNode, form: string): CredentialError {
  const name = plan.rule?.path.join('/') ?? ''
  return new CredentialError('claim_invalid', `The claim ${name} must be ${form}.`)
}

function memberValues(value: JsonObject): readonly JsonValue[] {
  for (const name of Object.keys(value)) {
    if (isReservedClaimName(name) || !isWellFormed(name)) {
      throw new CredentialError('reserved_name_misuse', 'A claim has a name that is reserved.')
    }
  }
  return Object.values(value)
}

function assertScalarClaim(value: unknown): void {
  const carried =
    value === null ||
    typeof value === 'boolean' ||
    (typeof value === 'string' && isWellFormed(value)) ||
    (typeof value === 'number' && Number.isFinite(value))
  if (!carried) {
    throw new CredentialError('claim_invalid', 'A claim holds a value that JSON cannot carry.')
  }
}

function isWellFormed(text: string): boolean {
  // Hardly any text has surrogates at all; only those that do are read by code points.
  return !/[\uD800-\uDFFF]/.test(text) || !/\p{Surrogate}/u.test(text)
}
