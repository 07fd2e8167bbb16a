import {
  type CertificateType,
  type ClaimClass,
  type ClaimPath,
  type ClaimRule,
  certificateTypes,
  claimClass,
} from '@netcert/credential'
import type { Accreditation } from './accreditation-content.js'

/** Why one claim may not be shown. */
export type ClaimDecisionCode =
  | 'unaccredited'
  | 'number_unaccredited'
  | 'claim_uncovered'
  | 'network_number_without_basis'
  | 'identity_without_basis'
  | 'identity_known_platform'

/** What decides about claims: the accreditation, and whether the platform knows the person. */
export type ClaimRules = {
  readonly accreditation: Accreditation | null
  readonly holdsNumber: boolean
}

/**
 * Whether a registered path covers an asked one: it is the same or leads to what is above it. A
 * registered `null` covers every index; a registered index covers neither `null` nor another index.
 */
export function coversPath(registered: ClaimPath, asked: ClaimPath): boolean {
  return (
    registered.length <= asked.length &&
    registered.every((step, at) => {
      const other = asked[at]
      return step === null ? other === null || typeof other === 'number' : step === other
    })
  )
}

/**
 * What a path really discloses: a path into a claim that has one disclosure for all of it discloses
 * the whole claim. Of a type that is not known here nothing is known about its disclosures, so there
 * it is the claim at the top.
 */
export function disclosedPath(vct: string, path: ClaimPath): ClaimPath {
  const rule = deepestRule(certificateTypes.get(vct), path)
  return rule?.path ?? path.slice(0, 1)
}

/** Whether a claim stands in every certificate of the type in clear: asking for it adds nothing. */
export function isAlwaysVisible(vct: string, path: ClaimPath): boolean {
  return deepestRule(certificateTypes.get(vct), path)?.sd === 'never'
}

/** The class of what a path discloses; of an unknown type it is `identity`, the strictest. */
export function disclosedClass(vct: string, path: ClaimPath): ClaimClass {
  const type = certificateTypes.get(vct)
  return type === undefined ? 'identity' : claimClass(type, path)
}

/** Whether showing a claim needs a legal basis and a consent of its own. */
export function needsBasis(vct: string, path: ClaimPath): boolean {
  return disclosedClass(vct, path) === 'identity' || isNetworkNumber(path)
}

/** Decides about one claim of one type. Null: it may be shown. */
export function judgeClaim(
  vct: string,
  path: ClaimPath,
  { accreditation, holdsNumber }: ClaimRules,
): ClaimDecisionCode | null {
  if (isAlwaysVisible(vct, path)) return null
  const kind = disclosedClass(vct, path)
  if (accreditation === null) {
    if (kind === 'fact') return null
    return kind === 'number' ? 'number_unaccredited' : 'unaccredited'
  }
  const disclosed = disclosedPath(vct, path)
  const registered = registeredClaims(accreditation, vct)
  if (!registered.some((claim) => coversPath(claim, disclosed))) return 'claim_uncovered'
  if (accreditation.legalBasis !== 'none') return null
  if (kind === 'identity') return holdsNumber ? 'identity_known_platform' : 'identity_without_basis'
  return isNetworkNumber(disclosed) ? 'network_number_without_basis' : null
}

/** The claims a platform may ask of one type. */
export function registeredClaims(accreditation: Accreditation, vct: string): readonly ClaimPath[] {
  return accreditation.credentials
    .filter(({ format, vctValues }) => format === 'dc+sd-jwt' && vctValues.includes(vct))
    .flatMap(({ claims }) => claims)
}

/**
 * The single claims that a path discloses, as they are counted: those of the type at or below it that
 * have no claim below themselves. Nothing for a claim that is always visible.
 */
export function countedClaims(vct: string, path: ClaimPath): readonly ClaimPath[] {
  if (isAlwaysVisible(vct, path)) return []
  const disclosed = disclosedPath(vct, path)
  const rules = certificateTypes.get(vct)?.claims ?? []
  const below = rules.filter((rule) => isBelow(rule, disclosed)).map((rule) => rule.path)
  const leaves = below.filter((leaf) => !below.some((other) => isProperPrefix(leaf, other)))
  return leaves.length === 0 ? [disclosed] : leaves
}

/** The network number stays in the wallet unless a legal basis asks for it. */
function isNetworkNumber(path: ClaimPath): boolean {
  return path[0] === 'network_number'
}

function deepestRule(type: CertificateType | undefined, path: ClaimPath): ClaimRule | undefined {
  return type?.claims
    .filter((rule) => rule.path.every((step, at) => step === path[at]))
    .toSorted((a, b) => b.path.length - a.path.length)[0]
}

function isBelow({ path }: ClaimRule, above: ClaimPath): boolean {
  return above.every((step, at) => step === path[at])
}

function isProperPrefix(shorter: ClaimPath, longer: ClaimPath): boolean {
  return shorter.length < longer.length && shorter.every((step, at) => step === longer[at])
}
