import { hash, textToBytes } from '@netcert/credential/crypto'
import { VerifierError } from './errors.js'
import type { VerificationResult } from './result.js'
import { sameBytes } from './same-bytes.js'

/**
 * Names an account of a platform: role, number of the person at this platform, issuer. It comes from
 * {@link accountKeyOf} alone, so that nobody keys an account by a number without its issuer, or by one
 * that a guardian showed.
 */
export type AccountKey = string & { readonly __brand: 'AccountKey' }

/**
 * The key of the account that a result belongs to. Two results have the same key exactly when
 * issuer, number and role are the same; a lost phone or a new certificate changes none of them.
 *
 * @throws VerifierError `account_unnumbered` for a result without a platform number
 */
export function accountKeyOf(
  result: Pick<VerificationResult, 'issuer' | 'role' | 'platformNumber'>,
): AccountKey {
  const { issuer, role, platformNumber } = result
  if (platformNumber === undefined) {
    throw new VerifierError(
      'account_unnumbered',
      'the result carries no platform number; ask for platform_number to tell accounts apart.',
    )
  }
  // Neither a role nor a number holds the separator, so no two triples give one text.
  return `${role}|${platformNumber}|${issuer}` as AccountKey
}

/** Whether two accounts are one, in a time that does not say where they differ. */
export function isSameAccount(one: AccountKey, other: AccountKey): boolean {
  const digest = (key: AccountKey) => hash('sha-256', textToBytes(key))
  return sameBytes(digest(one), digest(other))
}
