import { VerifierError } from './errors.js'
import { openOutcome, type PresentationResult } from './vp-outcome.js'
import { isRandomText, sessionGone, type VpSessionStore } from './vp-session.js'

/**
 * Hands out the result of a session, once.
 *
 * @throws The refusal that the answer met; VerifierError `session_waiting`, `response_code_wrong`,
 *   `result_delivered`, `session_expired`, `session_unknown`
 * @see OpenID4VP 1.0 §8.2, §13.3
 */
export async function deliverResult(
  sessions: VpSessionStore,
  session: string,
  responseCode: string | null,
): Promise<PresentationResult> {
  if (!isRandomText(session)) throw sessionGone('unknown')
  const delivery = await sessions.deliver(session, responseCode)
  switch (delivery.state) {
    case 'delivered':
      return openOutcome(delivery.outcome)
    case 'waiting':
      throw new VerifierError('session_waiting', 'the wallet has not answered yet; ask later.')
    case 'wrong_code':
      throw new VerifierError(
        'response_code_wrong',
        'the result needs the response code that the wallet brought back; go on in that browser.',
      )
    case 'used':
      throw new VerifierError('result_delivered', 'the result was handed out already; ask anew.')
    case 'expired':
    case 'unknown':
      throw sessionGone(delivery.state)
  }
}

/** In the fragment: it reaches the page, and no server's log or Referer header (§13.3). */
export function returnAddress(returnTo: string | null, responseCode: string | null): string | null {
  return returnTo === null || responseCode === null
    ? null
    : `${returnTo}#response_code=${responseCode}`
}
