/** Why the verifier itself, not a certificate or a query, said no. */
export type VerifierErrorCode =
  | 'session_unknown'
  | 'session_expired'
  | 'session_used'
  | 'sessions_full'
  | 'presentation_replayed'
  | 'replays_full'
  | 'query_too_large'
  | 'platform_number_unsupported'
  | 'request_malformed'
  | 'overloaded'
  | 'lists_unreadable'
  | 'trust_state_unreadable'
  | 'config_invalid'

/**
 * The verifier refused or cannot work.
 *
 * The message says what failed and how to cure it; it never holds a claim value, token or key.
 */
export class VerifierError extends Error {
  override readonly name = 'VerifierError'
  readonly code: VerifierErrorCode

  constructor(
    code: VerifierErrorCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options)
    this.code = code
  }
}
