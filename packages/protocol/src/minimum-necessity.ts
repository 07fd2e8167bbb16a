import { certificateTypes, type ClaimPath, type PublicJwk, sameKey } from '@netcert/credential'
import type { Accreditation, LegalBasis } from './accreditation-content.js'
import {
  type ClaimDecisionCode,
  type ClaimRules,
  disclosedClass,
  judgeClaim,
  needsBasis,
} from './accredited-claims.js'
import { type ShownClaim, withinTotal } from './claim-total.js'
import { askedClaims, coveredCredential, queryOf } from './covered-query.js'
import { isSdJwtQuery } from './dcql.js'
import type { CredentialQuery, Query } from './dcql-query.js'
import type { AccreditationErrorCode } from './errors.js'
import { smallerClaim } from './smaller-claims.js'

export type { ShownClaim } from './claim-total.js'
export { decisionText, isDecisionCode } from './decision-texts.js'

type CredentialDecisionCode = 'format_unregistered' | 'type_unregistered'
type RequestDecisionCode =
  | 'accreditation_key'
  | 'holder_binding_off'
  | 'values_probing'
  | 'too_many_claims'

/** Why something is not shown. The codes of an accreditation that does not hold are among them. */
export type DecisionCode =
  | ClaimDecisionCode
  | CredentialDecisionCode
  | RequestDecisionCode
  | Extract<AccreditationErrorCode, `accreditation_${string}`>

/** What was asked and is not shown. An empty path is a whole certificate, a `vct` of '' no type of ours. */
export type ClaimFinding = ShownClaim & {
  readonly credentialId: string
  readonly code: DecisionCode
  /** A smaller claim that may serve. */
  readonly offer: ClaimPath | null
  /** Whether the platform is registered for that one, so that it could be shown at once. */
  readonly isOfferCovered: boolean
}

/** A claim that needs a screen of its own. */
export type ConsentClaim = ShownClaim & {
  readonly credentialId: string
  /** `consent`: the person may say no to it alone. `law:…`: what the screen cites. */
  readonly basis: LegalBasis
}

/** What may be answered. */
export type Decision = {
  /**
   * `allow`: all of it. `consent`: all of it, when the person agrees on a screen of its own. `reduce`:
   * a part; `consents` may not be empty. `refuse`: nothing.
   */
  readonly outcome: 'allow' | 'consent' | 'reduce' | 'refuse'
  /** Why, of a refusal; null otherwise. */
  readonly code: DecisionCode | null
  readonly findings: readonly ClaimFinding[]
  readonly consents: readonly ConsentClaim[]
  /** The query that may be answered; null with `refuse`. */
  readonly query: Query | null
}

export type DecideRequestOptions = {
  /** Verified, and still so; null for a verifier nobody registered. */
  readonly accreditation: Accreditation | null
  /** The key that signed the request; null when none did. */
  readonly requestKey: PublicJwk | null
  readonly query: Query
  /** What this platform was shown in the last 24 hours; a verifier does not know and hands in none. */
  readonly recent: readonly ShownClaim[]
  /** Whether this platform has a platform number of this person already. */
  readonly holdsNumber: boolean
}

/**
 * Decides what of a request may be answered: the one rule of the wallet, before it shows anything,
 * and of the verifier, before it asks.
 *
 * @see docs/formats/accreditation.md
 */
export function decideRequest(options: DecideRequestOptions): Decision {
  const { accreditation, requestKey, query, recent, holdsNumber } = options
  const isTheirs =
    accreditation === null || (requestKey !== null && sameKey(requestKey, accreditation.requestJwk))
  if (!isTheirs) return refusedDecision('accreditation_key')
  const rules = { accreditation, holdsNumber }
  const judged = query.credentials.map((credential) => judgeCredential(credential, rules))
  const findings = judged.flatMap((one) => one.findings)
  const ours = query.credentials.filter(isSdJwtQuery)
  if (ours.some((one) => one.require_cryptographic_holder_binding === false)) {
    return refusedDecision('holder_binding_off', findings)
  }
  const covered = queryOf(
    query,
    judged.flatMap(({ kept }) => (kept === null ? [] : [kept])),
  )
  if (covered === null) {
    return refusedDecision(findings[0]?.code ?? 'claim_uncovered', findings)
  }
  const probing = ours.flatMap(probesOf)
  if (probing.length > 0) return refusedDecision('values_probing', [...findings, ...probing])
  const answer =
    accreditation === null ? covered : withinTotal(covered, recent, accreditation.maxClaims)
  if (answer === null) return refusedDecision('too_many_claims', findings)
  const consents = consentsOf(answer, accreditation?.legalBasis ?? 'none')
  const isLess = findings.length > 0 || answer !== covered
  const asks = consents.length > 0 || accreditation === null
  const outcome = isLess ? 'reduce' : asks ? 'consent' : 'allow'
  return { outcome, code: null, findings, consents, query: answer }
}

/** The decision about a request that gets no answer, among others one whose accreditation fails. */
export function refusedDecision(
  code: DecisionCode,
  findings: readonly ClaimFinding[] = [],
): Decision {
  return { outcome: 'refuse', code, findings, consents: [], query: null }
}

type Judged = {
  readonly kept: Query['credentials'][number] | null
  readonly findings: readonly ClaimFinding[]
}

function judgeCredential(credential: Query['credentials'][number], rules: ClaimRules): Judged {
  const { id, format } = credential
  if (!isSdJwtQuery(credential)) {
    // It is never answered from here; without an accreditation nobody said what may be asked.
    const { accreditation } = rules
    const isRegistered =
      accreditation?.credentials.some((one) => one.format === format) ?? accreditation === null
    if (isRegistered) return { kept: credential, findings: [] }
    return { kept: null, findings: [findingOf(id, { vct: '', path: [] }, 'format_unregistered')] }
  }
  const { vct_values: types } = credential.meta
  const registered = types.filter((vct) => isRegisteredType(vct, rules))
  const unregistered = types
    .filter((vct) => !registered.includes(vct))
    .map((vct) => findingOf(id, { vct, path: [] }, 'type_unregistered'))
  const verdicts = registered.map((vct) => judgeClaims(credential, vct, rules))
  const most = verdicts.toSorted((a, b) => b.covered.size - a.covered.size)[0]
  const findings = [...unregistered, ...verdicts.flatMap((verdict) => verdict.findings)]
  if (most === undefined) return { kept: null, findings }
  // One list of claims goes for all types: only those stay of which as much is covered.
  const alike = verdicts.filter(({ covered }) => sameSet(covered, most.covered))
  const kept = coveredCredential(credential, {
    types: alike.map(({ vct }) => vct),
    claims: most.covered,
  })
  return { kept, findings }
}

type TypeVerdict = {
  readonly vct: string
  readonly covered: ReadonlySet<number>
  readonly findings: readonly ClaimFinding[]
}

function judgeClaims(credential: CredentialQuery, vct: string, rules: ClaimRules): TypeVerdict {
  const covered = new Set<number>()
  const findings: ClaimFinding[] = []
  for (const [at, { path }] of (credential.claims ?? []).entries()) {
    const code = judgeClaim(vct, path, rules)
    if (code === null) covered.add(at)
    else findings.push(findingOf(credential.id, { vct, path }, code, rules))
  }
  return { vct, covered, findings }
}

function isRegisteredType(vct: string, { accreditation }: ClaimRules): boolean {
  // Of a type nobody knows here, nobody knows what stands in it in clear.
  if (accreditation === null) return certificateTypes.has(vct)
  return accreditation.credentials.some(
    ({ format, vctValues }) => format === 'dc+sd-jwt' && vctValues.includes(vct),
  )
}

function findingOf(
  credentialId: string,
  { vct, path }: ShownClaim,
  code: DecisionCode,
  rules: ClaimRules | null = null,
): ClaimFinding {
  const isCovered = (offer: ClaimPath) => rules !== null && judgeClaim(vct, offer, rules) === null
  const offer = rules === null ? null : smallerClaim(vct, path, isCovered)
  const isOfferCovered = offer !== null && isCovered(offer)
  return { credentialId, vct, path, code, offer, isOfferCovered }
}

/** `values` make a query a question with yes or no; of a number or an identity nobody may ask that. */
function probesOf({ id, meta, claims = [] }: CredentialQuery): readonly ClaimFinding[] {
  return meta.vct_values.flatMap((vct) =>
    claims
      .filter(({ path, values }) => values !== undefined && !mayBeCompared(vct, path))
      .map(({ path }) => findingOf(id, { vct, path }, 'values_probing')),
  )
}

function mayBeCompared(vct: string, path: ClaimPath): boolean {
  const [name] = path
  // Of the rest that is always visible, a key or a place in a status list would tell copies apart.
  return disclosedClass(vct, path) === 'fact' || name === 'iss' || name === 'vct'
}

function consentsOf({ credentials }: Query, basis: LegalBasis): readonly ConsentClaim[] {
  return credentials.filter(isSdJwtQuery).flatMap((credential) =>
    credential.meta.vct_values.flatMap((vct) =>
      askedClaims(credential)
        .filter(({ path }) => needsBasis(vct, path))
        .map(({ path }) => ({ credentialId: credential.id, vct, path, basis })),
    ),
  )
}

function sameSet(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one))
}
