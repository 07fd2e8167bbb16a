/** Why a message of issuance was refused: nothing a verifier meets. */
export type IssuanceErrorCode =
  /** An issuer is named by something that is no plain https address. */
  | 'issuer_identifier'
  /** The issuer's metadata is not what OpenID4VCI 1.0 §12.2 describes, or names another issuer. */
  | 'issuer_metadata_malformed'
  /** The issuer's signed metadata is not signed by a key that is trusted for it. */
  | 'issuer_metadata_untrusted'
  /** The credential offer or its link is not what OpenID4VCI 1.0 §4.1 describes. */
  | 'offer_malformed'
  /** A key proof (OpenID4VCI 1.0 Appendix F) does not hold. */
  | 'key_proof_invalid'
  /** A key attestation (OpenID4VCI 1.0 Appendix D) does not hold or is not trusted. */
  | 'key_attestation_invalid'
  /** A wallet's client attestation or its proof of possession does not hold or is not trusted. */
  | 'client_attestation_invalid'
  /** The client attestation's challenge is missing or old; take a fresh one. */
  | 'client_attestation_challenge'

/** Why a protocol message was refused. The code names the rule that failed. */
export type ProtocolErrorCode =
  | IssuanceErrorCode
  /** The query is not what OpenID4VP 1.0 §6 describes. */
  | 'query_malformed'
  /** The query switches holder binding off; netcert neither asks for that nor answers it. */
  | 'holder_binding_required'
  /** The query needs two or more presentations at once. */
  | 'query_needs_several_presentations'
  /** The query rests on something a netcert certificate cannot prove, or names no claim of ours. */
  | 'query_unsupported'
  /** A message is no JSON object with one meaning, or not as its standard describes it. */
  | 'message_malformed'
  /** A message is larger than its bound. */
  | 'message_too_large'
  /** A message's encryption uses a key, algorithm or compression that was not offered. */
  | 'encryption_parameters'
  /** An encrypted message does not open. */
  | 'encrypted_message_malformed'

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
