import {
  CredentialError,
  type FreshnessPolicy,
  type Platform,
  type Trust,
  type VerifiedPresentation,
} from '@netcert/credential'
import type { QueryDemands } from '@netcert/protocol'
import { judgePresentation } from '../judge.js'
import type { EntryBy } from './gate-ledger.js'

/** An answer to a poster counts for so long by the gate's clock. */
export const POSTER_MAX_AGE_SECONDS = 60
/** Where the age of the nonce, or the life of the pass, decides. */
const ANY_SECONDS = Number.MAX_SAFE_INTEGER

/** What a wallet's own nonce begins with. */
const SELF_MADE = { poster: 'poster.', paper: 'paper.' } as const
/** base64url of 16 bytes, 16 to 32 of which other wallets may take more. */
const RANDOM_PART = /^[\w-]{22,43}$/

/** What a nonce that came with the answer says of it; null for one no wallet of ours makes. */
export function waysOfNonce(nonce: string): Exclude<EntryBy, 'challenge'> | null {
  for (const by of ['poster', 'paper'] as const) {
    const prefix = SELF_MADE[by]
    if (nonce.startsWith(prefix)) return RANDOM_PART.test(nonce.slice(prefix.length)) ? by : null
  }
  return null
}

/** Options of {@link judgeVisitor}. */
export type JudgeVisitorOptions = {
  readonly trust: Trust
  readonly presentation: string
  readonly audience: string
  readonly nonce: string
  readonly by: EntryBy
  readonly demands: readonly QueryDemands[]
  readonly freshness: FreshnessPolicy
  readonly now: Date
  readonly platform: Platform | null
}

/**
 * Verifies what a visitor shows by the rules of every other presentation. Of an answer to a challenge
 * the age of the nonce decides, which the gate has judged, and of paper the life of the pass: the
 * visitor's clock does not count. Of an answer to a poster nothing else says when it was made.
 *
 * @throws CredentialError with the code of the step that failed
 */
export function judgeVisitor({
  by,
  ...options
}: JudgeVisitorOptions): Promise<VerifiedPresentation> {
  const times =
    by === 'poster'
      ? { keyBindingMaxAgeSeconds: POSTER_MAX_AGE_SECONDS }
      : { keyBindingMaxAgeSeconds: ANY_SECONDS, keyBindingMaxFutureSeconds: ANY_SECONDS }
  return judgePresentation({ ...options, ...times })
}

/**
 * Whether a refused presentation is all that is asked but for a value: genuine, and says no. Only
 * asked after `query_unsatisfied`, so that nothing is told about what is not genuine.
 */
export async function saysNo(options: JudgeVisitorOptions): Promise<boolean> {
  const demands = options.demands.map(({ claimSets, ...rest }) => ({
    ...rest,
    claimSets: claimSets.map((set) => set.map(({ path }) => ({ path }))),
  }))
  try {
    await judgeVisitor({ ...options, demands })
    return true
  } catch (error) {
    if (error instanceof CredentialError) return false
    throw error
  }
}
