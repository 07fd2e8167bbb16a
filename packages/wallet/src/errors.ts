/** Why the wallet refused. The message of each error names the cure. */
export type WalletErrorCode =
  /** A certificate is bound to a key that is not this wallet's. */
  | 'key_foreign'
  /** A copy is in the wallet already, or stands twice in what was received. */
  | 'copy_duplicate'
  /** What was received together is not of one type and issuer. */
  | 'batch_mixed'
  | 'batch_empty'
  /** There is no trust list to check a received certificate against. */
  | 'trust_missing'
  /** The root the wallet was made with is another one. */
  | 'root_differs'
  /** Nothing in the wallet answers the query. */
  | 'query_unanswered'
  /** A certificate would answer, but none of its copies is left. */
  | 'copies_used_up'
  | 'certificate_unknown'
  | 'wallet_missing'
  | 'config_invalid'

/**
 * The wallet refused or cannot work.
 *
 * The message says what failed and how to cure it; it never holds a claim value, token or key.
 */
export class WalletError extends Error {
  override readonly name = 'WalletError'
  readonly code: WalletErrorCode

  constructor(code: WalletErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options)
    this.code = code
  }
}
