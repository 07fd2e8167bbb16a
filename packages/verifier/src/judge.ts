import type {
  FreshnessPolicy,
  Platform as NumberedPlatform,
  Trust,
  VerifiedPresentation,
} from '@netcert/credential'
import { CredentialError, verifyPresentation } from '@netcert/credential'
import type { QueryDemands } from '@netcert/protocol'

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
  /** 60 unless stated; more only where the age of the nonce decides. */
  readonly keyBindingMaxFutureSeconds?: number
  readonly now: Date
  /** Opens the numbers of this platform; null: an answer that shows one is refused. */
  readonly platform: NumberedPlatform | null
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
      return await verifyPresentation(trust, presentation, { ...common, types, claimSets })
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
