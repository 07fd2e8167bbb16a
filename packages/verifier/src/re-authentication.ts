import { freshnessPolicies } from '@netcert/credential'
import type { LocalisedText } from '@netcert/protocol'
import { type AccountKey, accountKeyOf, isSameAccount } from './account-key.js'
import type { Claimant } from './accounts.js'
import { VerifierError } from './errors.js'
import type { PresentationResult } from './vp-outcome.js'
import type { VpTermOptions } from './vp-terms.js'

/** The question that releases a flagged account; the query of this name of `@netcert/schemas` asks it. */
export const RE_AUTHENTICATION = 'account-re-authentication'

/** How old the presence check may be unless the platform says otherwise. */
const PRESENCE_SECONDS = 600

/** How a flagged account is released. */
export type ReAuthentication = {
  /** How old the presence check at the issuer may be. Default 600 s. */
  readonly maxPresenceAgeSeconds?: number
  /**
   * What else releases an account, as the citizen reads it: staff at a counter, a call. At least one:
   * the certificate is voluntary, here too.
   */
  readonly alternatives: readonly LocalisedText[]
}

/**
 * @throws TypeError without an alternative: that nobody has to do this is part of the design.
 */
export function assertAlternatives({ alternatives }: ReAuthentication): void {
  const isTold = ({ en, 'zh-CN': zh }: LocalisedText) => en.trim() !== '' && zh.trim() !== ''
  if (alternatives.length > 0 && alternatives.every(isTold)) return
  throw new TypeError('re-authentication names at least one alternative, in both languages')
}

/** The terms of the request: this very person, seen by the issuer minutes ago, under the strict policy. */
export function reAuthenticationTerms(
  { alternatives, maxPresenceAgeSeconds = PRESENCE_SECONDS }: ReAuthentication,
  { key }: Claimant,
): VpTermOptions {
  const freshness = freshnessPolicies.strict
  return { freshness, maxPresenceAgeSeconds, expectedAccount: key, alternatives }
}

/**
 * Looks again at what the terms have been held to: whatever started the request, nothing else
 * releases an account.
 *
 * @throws VerifierError `different_holder`, `presence_too_old`
 */
export function assertReleases(result: PresentationResult, key: AccountKey): void {
  if (!isSameAccount(key, accountKeyOf(result))) {
    throw new VerifierError('different_holder', 'the answer is of another account; sign in anew.')
  }
  const { facts, means, freshness } = result
  const isSeen = means === 'certificate' && typeof facts['presence_at'] === 'number'
  if (isSeen && freshness.verdict === 'valid') return
  throw new VerifierError('presence_too_old', 'no presence check is shown; pass one and try again.')
}

/** What a page is told about the ways out; nothing of it names a person. */
export function waysOut(
  { alternatives, maxPresenceAgeSeconds = PRESENCE_SECONDS }: ReAuthentication,
  reason: string,
) {
  return {
    reason,
    re_authentication: {
      query: RE_AUTHENTICATION,
      max_presence_age_seconds: maxPresenceAgeSeconds,
      alternatives,
    },
  }
}
