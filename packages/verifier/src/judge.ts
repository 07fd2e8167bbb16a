import type { FreshnessPolicy, Trust, VerifiedPresentation } from '@netcert/credential'
import { CredentialError, verifyPresentation } from '@netcert/credential'
import type { Query, QueryDemands } from '@netcert/protocol'
// Not the package's root: that brings zod, which alone takes longer to load than this verifier may.
import { demandsFor } from '@netcert/protocol/dcql'
import { VerifierError } from './errors.js'

/** How old the wallet's signature may be; the session that waits for it lives as long. */
export const KEY_BINDING_MAX_AGE_SECONDS = 300

/** What is demanded of one presentation. */
export type JudgeOptions = {
  readonly trust: Trust
  readonly presentation: string
  readonly audience: string
  readonly nonce: string
  readonly demands: readonly QueryDemands[]
  readonly freshness: FreshnessPolicy
  readonly keyBindingMaxAgeSeconds: number
  readonly now: Date
}

/**
 * What a query demands, after making sure that this verifier can judge the answer.
 *
 * @throws ProtocolError as `demandsFor` does; VerifierError `platform_number_unsupported`
 */
export function judgeableDemands(query: Query): readonly QueryDemands[] {
  const demands = demandsFor(query)
  assertJudgeable(demands)
  return demands
}

/** @throws VerifierError `platform_number_unsupported` */
export function assertJudgeable(demands: readonly QueryDemands[]): void {
  const paths = demands.flatMap(({ claimSets }) => claimSets.flat().map(({ path }) => path))
  if (paths.some(([first]) => first === 'platform_number')) {
    throw new VerifierError(
      'platform_number_unsupported',
      'this release cannot open platform numbers yet; ask for facts, or for the network number ' +
        'where there is a legal basis.',
    )
  }
}

/**
 * Verifies a presentation against the alternatives of a query, best liked first.
 *
 * @throws CredentialError with the code of the step that failed
 */
export async function judgePresentation(options: JudgeOptions): Promise<VerifiedPresentation> {
  const { trust, presentation, demands, ...common } = options
  let refusal: CredentialError | null = null
  for (const { types, claimSets } of demands) {
    try {
      const more = { types, claimSets, platform: null }
      return await verifyPresentation(trust, presentation, { ...common, ...more })
    } catch (error) {
      // Only "answers another alternative" goes on; any other failure holds for all of them.
      if (!isOtherAlternative(error)) throw error
      if (refusal === null || error.code === 'query_unsatisfied') refusal = error
    }
  }
  throw refusal ?? new TypeError('a query without demands')
}

function isOtherAlternative(error: unknown): error is CredentialError {
  if (!(error instanceof CredentialError)) return false
  return error.code === 'query_unsatisfied' || error.code === 'type_not_allowed'
}
