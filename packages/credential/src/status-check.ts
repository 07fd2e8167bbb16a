import type { SignatureAlgorithm } from './algorithms.js'
import { CredentialError } from './errors.js'
import type { JsonValue } from './json.js'
import { assertAcceptedStatus, parseStatusClaim } from './status-claim.js'
import { readStatus } from './status-list.js'
import {
  assertCurrent,
  assertSubject,
  parseStatusListToken,
  type StatusSigner,
  type StatusTokenLimits,
  type StatusTokenWindow,
  verifyStatusListToken,
} from './status-list-token.js'

/** Where status list tokens come from: a folder, a pack, an updater. Null when it has none. */
export type StatusSource = (uri: string) => Promise<string | null>

/** What a receiver of the standard decides before it looks at a status. */
export type StatusPolicy = {
  readonly source: StatusSource
  readonly signers: readonly StatusSigner[]
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly window: StatusTokenWindow
  readonly limits: StatusTokenLimits
  /** Status values that count as good; usually only 0. */
  readonly accepted: readonly number[]
}

/**
 * Checks the `status` claim of a token that passed every other check, with one look-up at most. This
 * is the receiver of the standard; `verifyPresentation` uses lists taken in before.
 *
 * @returns The status value, one of the accepted.
 * @throws CredentialError `status_claim_malformed`, `status_unsupported`, `status_unavailable`,
 * `status_sub_mismatch`, `status_index_out_of_range`, `status_invalid`, `status_suspended`,
 * `status_application_specific`, and as `parseStatusListToken`, `verifyStatusListToken`,
 * `assertCurrent`
 * @see Token Status List §8.3
 */
export async function checkStatus(claim: JsonValue, policy: StatusPolicy): Promise<number> {
  const { uri, index } = parseStatusClaim(claim)
  const text = await policy.source(uri)
  if (text === null) {
    throw new CredentialError('status_unavailable', 'The status list is not at hand: fetch it.')
  }
  const jwt = parseStatusListToken(text, policy.algorithms, policy.limits)
  const token = await verifyStatusListToken(jwt, policy.signers, policy.limits)
  assertSubject(token, uri)
  assertCurrent(token, policy.window)
  const status = readStatus(token.list, index)
  assertAcceptedStatus(status, policy.accepted)
  return status
}
