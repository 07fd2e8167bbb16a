import {
  CredentialError,
  type FreshnessPolicy,
  type Platform as NumberedPlatform,
  type Trust,
  type VerifiedPresentation,
} from '@netcert/credential'
import {
  type CredentialQuery,
  demandsOf,
  isQueryAnswered,
  isSdJwtQuery,
  ProtocolError,
  type Query,
  type QueryDemands,
  type VpToken,
} from '@netcert/protocol'
import { VerifierError } from './errors.js'
import { judgePresentation, KEY_BINDING_MAX_AGE_SECONDS } from './judge.js'
import { resultOf, type VerificationResult } from './result.js'
import { assertAuthority } from './vp-authority.js'

/** Presentations that are verified for one answer; a query for more is refused when it is made. */
const MAX_PRESENTATIONS = 16

/** What was presented for each credential query that was answered, by its `id`. */
export type VerifiedAnswers = Readonly<Record<string, readonly VerificationResult[]>>

/**
 * Makes sure that this verifier can judge answers to a query, before a citizen meets it.
 *
 * @throws ProtocolError `query_unsupported`, `query_malformed`
 */
export function assertQueryJudgeable(query: Query): void {
  const demands = ours(query).map(demandsOf)
  if (!isQueryAnswered(query, new Set(demands.map(({ id }) => id)))) {
    throw new ProtocolError(
      'query_unsupported',
      'this query cannot be answered with certificates of format dc+sd-jwt alone.',
    )
  }
}

/**
 * Verifies every presentation of an answer and then the answer as a whole. What a wallet was asked
 * to respect is checked again here: type, claims, values, authorities, number of presentations, sets.
 *
 * @throws CredentialError with the code of the step that failed; VerifierError
 *   `presentation_repeated`, `authority_mismatch`
 * @see OpenID4VP 1.0 §6.4, §8.6, §14.9
 */
export async function judgeAnswer(options: {
  readonly trust: Trust
  readonly query: Query
  readonly vpToken: VpToken
  readonly audience: string
  readonly nonce: string
  readonly freshness: FreshnessPolicy
  readonly now: Date
  readonly platform: NumberedPlatform | null
}): Promise<VerifiedAnswers> {
  const { query, vpToken, ...demanded } = options
  // Whether the answer can be one at all is cheap to see, so it comes before any signature.
  const credentials = ours(query).filter(({ id }) => Object.hasOwn(vpToken, id))
  assertShape(query, credentials, vpToken)
  const judged: [string, readonly VerificationResult[]][] = []
  const holderKeys = new Set<string>()
  for (const credential of credentials) {
    const demands = demandsOf(credential)
    const results: VerificationResult[] = []
    for (const presentation of vpToken[credential.id] ?? []) {
      const verified = await judgeOne({ ...demanded, presentation, demands })
      if (holderKeys.has(verified.holderKey)) throw repeated()
      holderKeys.add(verified.holderKey)
      results.push(resultOf(verified))
    }
    judged.push([credential.id, results])
  }
  return Object.fromEntries(judged)
}

async function judgeOne(options: {
  readonly trust: Trust
  readonly presentation: string
  readonly audience: string
  readonly nonce: string
  readonly freshness: FreshnessPolicy
  readonly now: Date
  readonly platform: NumberedPlatform | null
  readonly demands: QueryDemands
}): Promise<VerifiedPresentation> {
  const { demands, ...rest } = options
  const verified = await judgePresentation({
    ...rest,
    demands: [demands],
    keyBindingMaxAgeSeconds: KEY_BINDING_MAX_AGE_SECONDS,
  })
  const { authorityKeyIds } = demands
  if (authorityKeyIds !== undefined) await assertAuthority({ ...rest, authorityKeyIds })
  return verified
}

function assertShape(
  query: Query,
  credentials: readonly CredentialQuery[],
  vpToken: VpToken,
): void {
  const answered = Object.keys(vpToken)
  const total = Object.values(vpToken).flat().length
  const single = credentials.every(
    ({ id, multiple }) => multiple === true || vpToken[id]?.length === 1,
  )
  const known = answered.length === credentials.length
  if (!known || !single || total > MAX_PRESENTATIONS) {
    throw unsatisfied('presents something that was not asked for')
  }
  if (!isQueryAnswered(query, new Set(answered))) throw unsatisfied('leaves out what was asked for')
}

function ours(query: Query): readonly CredentialQuery[] {
  return query.credentials.filter(isSdJwtQuery)
}

function unsatisfied(problem: string): CredentialError {
  return new CredentialError('query_unsatisfied', `The answer ${problem}: present again.`)
}

function repeated(): VerifierError {
  return new VerifierError(
    'presentation_repeated',
    'one certificate was presented twice in one answer; present different ones.',
  )
}
