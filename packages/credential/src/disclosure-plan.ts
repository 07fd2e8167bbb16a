import type { CertificateType, ClaimRule } from './certificate-types.js'
import type { ClaimPath } from './claim-path.js'

/** What the rules of a type say about one place in a certificate and the places below it. */
export type PlanNode = {
  readonly rule: ClaimRule | null
  /** The name of the claim at this place as JSON text; empty for an element of an array. */
  readonly nameText: string
  readonly members: ReadonlyMap<string, PlanNode>
  /** The plan of every element of an array, from rules whose path goes on with `null`. */
  readonly elements: PlanNode | null
  /** Names of members that an issuer must put in. */
  readonly mandatory: readonly string[]
  /** Length of the `_sd` array at this place; 0 where nothing is disclosable. */
  readonly digests: number
}

/** Claims that the engine sets itself (3-formats "always visible"); a caller may not. */
export const technicalClaims: ReadonlySet<string> = new Set([
  'iss',
  'vct',
  'vct#integrity',
  'aka_vcts',
  'iat',
  'nbf',
  'exp',
  'cnf',
  'status',
])

const plans = new WeakMap<CertificateType, PlanNode>()

/** The rules of a type as a tree, made once per type. */
export function disclosurePlan(type: CertificateType): PlanNode {
  const known = plans.get(type)
  if (known !== undefined) return known
  const plan = growPlan(
    type.claims.filter((rule) => !technicalClaims.has(String(rule.path[0]))),
    [],
    type.decoyDigests,
  )
  plans.set(type, plan)
  return plan
}

function growPlan(rules: readonly ClaimRule[], at: ClaimPath, minimumDigests: number): PlanNode {
  const depth = at.length
  const below = rules.filter((rule) => at.every((step, index) => rule.path[index] === step))
  const members = new Map<string, PlanNode>()
  let elements: PlanNode | null = null
  for (const { path } of below) {
    const step = path[depth]
    if (typeof step === 'string' && !members.has(step)) {
      members.set(step, growPlan(below, [...at, step], 0))
    } else if (step === null) {
      elements ??= growPlan(below, [...at, null], 0)
    }
  }
  const mandatory = [...members].filter(([, member]) => member.rule?.mandatory === true)
  const disclosable = [...members.values()].filter((member) => member.rule?.sd === 'always').length
  return {
    rule: below.find((rule) => rule.path.length === depth) ?? null,
    nameText: typeof at[depth - 1] === 'string' ? JSON.stringify(at[depth - 1]) : '',
    members,
    elements,
    mandatory: mandatory.map(([name]) => name),
    // Decoys fill up to the number of rules, so that the length never tells which claims are there.
    digests: disclosable === 0 ? 0 : Math.max(disclosable, minimumDigests),
  }
}
