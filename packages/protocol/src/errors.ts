/** Why a protocol message was refused. The code names the rule that failed. */
export type ProtocolErrorCode =
  /** The query is not what OpenID4VP 1.0 §6 describes. */
  | 'query_malformed'
  /** The query switches holder binding off; netcert neither asks for that nor answers it. */
  | 'holder_binding_required'
  /** The query needs two or more presentations at once. */
  | 'query_needs_several_presentations'
  /** The query rests on something a netcert certificate cannot prove, or names no claim of ours. */
  | 'query_unsupported'

/**
 * A protocol message was refused.
 *
 * The message says what failed and how to cure it; it never holds a claim value, token or key.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  readonly code: ProtocolErrorCode

  constructor(
    code: ProtocolErrorCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options)
    this.code = code
  }
}
