import { CredentialError } from './errors.js'
import { assertSubject, type StatusListToken } from './status-list-token.js'

/**
 * Checks that a token answers a question about the past. A server that ignores the question sends
 * the current list, which says nothing about the time asked for; so does one without an end.
 *
 * @param time - The time asked for, in seconds since 1970.
 * @throws CredentialError `status_sub_mismatch`, `status_history_mismatch`, `time_expired`
 * @see Token Status List §8.4
 */
export function assertHistorical(token: StatusListToken, uri: string, time: number): void {
  assertSubject(token, uri)
  if (token.expiresAt === null || time < token.issuedAt) {
    throw new CredentialError(
      'status_history_mismatch',
      'The status list does not cover the time asked for: the server keeps no history.',
    )
  }
  if (time >= token.expiresAt) {
    throw new CredentialError('time_expired', 'The status list ended before the time asked for.')
  }
}
