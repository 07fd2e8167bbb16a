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
  /** A cancellation is not one: no presentation, or one that was not made for that. */
  | 'cancellation_malformed'
  /** A text is no request to a guardian. */
  | 'guardian_consent_malformed'
  /** A text is no request to a recovery contact. */
  | 'recovery_malformed'

/** Why a wallet refuses a presentation request; a verifier meets none of these. */
export type RequestErrorCode =
  /** A presentation request is not what OpenID4VP 1.0 §5 describes, or asks for what is not done. */
  | 'request_invalid'
  /** A request object is no JWT of type oauth-authz-req+jwt. */
  | 'request_object'
  /** A request object is not signed by the key its client identifier stands for. */
  | 'request_signature'
  | 'request_expired'
  /** A request object is meant for somebody else. */
  | 'request_audience'
  /** The client identifiers beside and inside a request object differ. */
  | 'client_id_mismatch'
  /** The client identifier has no prefix that is supported here. */
  | 'client_id_prefix'
  /** The client identifier has no prefix, and nobody registered here under that name. */
  | 'client_unknown'
  /** The client identifier is not proven by what came with the request. */
  | 'client_unproven'
  /** An X.509 chain does not hold, or leads to no authority that is trusted. */
  | 'certificate_chain'
  /** The answer would go to an address that the client identifier does not cover. */
  | 'response_uri'
  /** A request with direct_post names a redirect_uri (OpenID4VP 1.0 §8.2). */
  | 'redirect_uri_with_direct_post'
  /** A request object does not repeat the wallet's nonce. */
  | 'wallet_nonce_mismatch'
  /** The verifier does not take the format or the algorithms of our certificates. */
  | 'vp_formats'
  | 'request_uri_method'
  /** A query by scope; none is defined here. */
  | 'scope_unsupported'
  /** Transaction data of a type that is not known here, or for a query not in the request. */
  | 'transaction_data'
  /** A request over the Digital Credentials API was made for another origin. */
  | 'expected_origins'

/** Why an accreditation, or a message that rests on one, was refused; no presentation meets these. */
export type AccreditationErrorCode =
  /** An accreditation is not of the form that docs/formats/accreditation.md describes. */
  | 'accreditation_malformed'
  /** It comes from nobody who was a registrar on the trust list when it was signed, and still is. */
  | 'accreditation_untrusted'
  /** It is not signed by the registrar it names. */
  | 'accreditation_signature'
  /** It is over, or from the future; it lives thirty days at most. */
  | 'accreditation_expired'
  | 'accreditation_revoked'
  /** A registrar's status list cannot be used: another signer, past its end, or older than one at hand. */
  | 'accreditation_status'
  /** A disclosure receipt does not hold, or says something else than what was presented. */
  | 'receipt_invalid'
  /** A platform's answer to a deletion request does not hold, or is about another request. */
  | 'deletion_answer_invalid'
  /** An erasure receipt does not hold, or is about another number. */
  | 'erasure_receipt_invalid'
  /** A report about a request is not of its form, or its request was signed by another key. */
  | 'report_invalid'

/** Why an offline pack was refused (docs/formats/offline-pack.md); no message meets these. */
export type PackErrorCode =
  /** It is cut off, longer than it says, or its manifest is not of its form. */
  | 'pack_malformed'
  /** It, its manifest or an entry is beyond its bound. */
  | 'pack_too_large'
  /** It is signed by nobody whom the trust list names for packs. */
  | 'pack_untrusted'
  /** It is signed by a pack key that was taken back. */
  | 'pack_revoked_key'
  /** It is signed by a pack key outside its window. */
  | 'pack_key_window'
  | 'pack_signature'
  /** An entry is not the one that the manifest names. */
  | 'pack_hash'
  /** It is from more than a day ahead of the clock. */
  | 'pack_from_future'
  /** It is not newer than the one at hand. */
  | 'pack_older'
  /** It holds the changes to a pack that is not at hand. */
  | 'pack_base'
  /** It is of another issuer than the one at hand. */
  | 'pack_other_issuer'

/** Why the code of a gate (docs/formats/nc1.md) was refused. */
export type GateErrorCode =
  /** A text is no NCC1 or NC1 code, or not as docs/formats/nc1.md describes it. */
  | 'gate_code'
  /** It answers none of the challenges that this gate accepts now: it is late, or of another gate. */
  | 'gate_code_nonce'
  /** It brings its own nonce and was made for another gate. */
  | 'gate_code_audience'
  /** It is encrypted to no key of this gate. */
  | 'gate_code_encrypted'

/** Why a protocol message was refused. The code names the rule that failed. */
export type ProtocolErrorCode =
  | IssuanceErrorCode
  | RequestErrorCode
  | AccreditationErrorCode
  | GateErrorCode
  | PackErrorCode
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
  /** An answer to a presentation request is not what OpenID4VP 1.0 §8 describes. */
  | 'answer_malformed'
  /** A deletion request is not one: no presentation, or one that was not made for that. */
  | 'deletion_malformed'

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
