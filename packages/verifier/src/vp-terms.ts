import { epochSeconds, type FreshnessPolicy } from '@netcert/credential'
import type { Accreditation, LocalisedText, Query } from '@netcert/protocol'
import { type AccountKey, accountKeyOf, isSameAccount } from './account-key.js'
import { VerifierError } from './errors.js'
import type { ActTerm } from './minor-act.js'
import type { VerificationResult } from './result.js'

/** A presence check may be dated this far ahead: clocks differ, and its minute was rounded. */
const PRESENCE_MAX_FUTURE_SECONDS = 60
const MAX_ALTERNATIVES = 8

/** What one request demands beyond its query. All may be left out. */
export type VpTermOptions = {
  /** How old the evidence of "not revoked" may be, for this request alone. */
  readonly freshness?: FreshnessPolicy
  /** The last presence check is at most so old; the query has to ask for `presence_at`. */
  readonly maxPresenceAgeSeconds?: number
  /** Only the holder of this account may answer. */
  readonly expectedAccount?: AccountKey
  /** What else serves as well; the wallet shows it beside the request (`netcert_alternatives`). */
  readonly alternatives?: readonly LocalisedText[]
  /** One of two linked requests, see `createMinorActs`: whoever answers it joins the act. */
  readonly act?: ActTerm
}

/** As much of an accreditation as a request needs until it is answered. */
export type AskedUnder = Pick<
  Accreditation,
  'id' | 'platformId' | 'purposeId' | 'retentionSeconds' | 'storesRawClaims' | 'token'
>

/** Under what a request was made; kept with its session. */
export type VpTerms = {
  /** null: asked as an unknown verifier, for facts alone. */
  readonly accreditation: AskedUnder | null
  /** null: the policy of the verifier. */
  readonly freshness: FreshnessPolicy | null
  readonly maxPresenceAgeSeconds: number | null
  readonly expectedAccount: AccountKey | null
  readonly alternatives: readonly LocalisedText[]
  /** Absent: the request stands alone. */
  readonly act?: ActTerm
}

/**
 * The terms of a request.
 *
 * @throws TypeError for terms that no answer to the query could be held to: our own code is wrong.
 */
export function termsOf(
  query: Query,
  accreditation: Accreditation | null,
  options: VpTermOptions,
): VpTerms {
  const { freshness = null, maxPresenceAgeSeconds = null, expectedAccount = null } = options
  const { alternatives = [], act } = options
  if (maxPresenceAgeSeconds !== null && !asks(query, 'presence_at')) {
    throw new TypeError('maxPresenceAgeSeconds is given, and the query has no presence_at')
  }
  if (expectedAccount !== null && !asks(query, 'platform_number')) {
    throw new TypeError('expectedAccount is given, and the query has no platform_number')
  }
  if (alternatives.length > MAX_ALTERNATIVES) throw new TypeError('too many alternatives')
  return {
    accreditation: accreditation === null ? null : askedUnder(accreditation),
    ...{ freshness, maxPresenceAgeSeconds, expectedAccount, alternatives },
    ...(act === undefined ? {} : { act }),
  }
}

function askedUnder(accreditation: Accreditation): AskedUnder {
  const { id, platformId, purposeId, retentionSeconds, storesRawClaims, token } = accreditation
  return { id, platformId, purposeId, retentionSeconds, storesRawClaims, token }
}

function asks({ credentials }: Query, name: string): boolean {
  return credentials.some(
    (credential) =>
      'claims' in credential &&
      Array.isArray(credential.claims) &&
      credential.claims.some(({ path }) => path[0] === name),
  )
}

/**
 * Holds what was presented to the terms of its request.
 *
 * @throws VerifierError `different_holder`, `presence_too_old`
 */
export function assertTerms(
  { expectedAccount, maxPresenceAgeSeconds }: VpTerms,
  results: readonly VerificationResult[],
  now: Date,
): void {
  const numbered = results.filter(({ platformNumber }) => platformNumber !== undefined)
  if (expectedAccount !== null && !isHolderOf(expectedAccount, numbered)) {
    throw new VerifierError(
      'different_holder',
      'the answer is not of the person this account belongs to; have them answer themselves.',
    )
  }
  if (maxPresenceAgeSeconds === null) return
  // Whose presence counts is who the account belongs to, not anybody who presents beside them.
  const present = expectedAccount === null ? results : numbered
  const ages = present.map((result) => presenceAge(result, now))
  const recent = (age: number) =>
    age <= maxPresenceAgeSeconds && age >= -PRESENCE_MAX_FUTURE_SECONDS
  if (ages.some(recent)) return
  throw new VerifierError(
    'presence_too_old',
    'no presence check as recent as was asked is shown; pass one and present the new copy.',
  )
}

/** Everything that carries a number has to be of the one account. */
function isHolderOf(account: AccountKey, numbered: readonly VerificationResult[]): boolean {
  const same = numbered.map((result) => isSameAccount(account, accountKeyOf(result)))
  return same.length > 0 && same.every(Boolean)
}

/** Seconds since the presence check; without one, more than any limit. */
function presenceAge({ facts }: VerificationResult, now: Date): number {
  const at = Object.hasOwn(facts, 'presence_at') ? facts['presence_at'] : undefined
  if (typeof at !== 'number' || !Number.isSafeInteger(at)) return Number.POSITIVE_INFINITY
  return epochSeconds(now) - at
}
