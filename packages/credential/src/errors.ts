import type { Freshness } from './freshness.js'

/**
 * Every reason for which this package refuses something. The code names the step that failed, so
 * that nobody has to read a message to find out.
 */
export const credentialErrorCodes = [
  // Text forms: JSON, base64url, compact serializations, limits
  'bad_base64url',
  'bad_json',
  'bad_utf8',
  'duplicate_json_key',
  'malformed_jws',
  'malformed_serialization',
  'payload_not_object',
  'too_deep',
  'too_large',
  'too_many_disclosures',
  // Keys and did:key
  'invalid_did',
  'invalid_did_url',
  'invalid_jwk',
  'invalid_multicodec',
  'invalid_public_key',
  'invalid_public_key_length',
  'unsupported_key_type',
  'unsupported_multibase',
  // JWS header and signature
  'alg_key_mismatch',
  'alg_not_allowed',
  'bad_signature',
  'crit_unsupported',
  'header_invalid',
  'issuer_untrusted',
  'key_not_of_issuer',
  'key_outside_window',
  'key_revoked',
  'key_resolution_failed',
  'key_use_not_allowed',
  'typ_mismatch',
  'x5c_invalid',
  // SD-JWT processing, RFC 9901 §7.1
  'claim_name_collision',
  'digest_duplicate',
  'disclosure_duplicate',
  'disclosure_malformed',
  'disclosure_reserved_name',
  'disclosure_unreferenced',
  'disclosure_wrong_arity',
  'reserved_name_misuse',
  'sd_alg_unsupported',
  // Claims of the processed payload
  'aud_mismatch',
  'claim_path_error',
  'required_claim_missing',
  'time_expired',
  'time_malformed',
  'time_not_yet_valid',
  'unknown_claim',
  // Key binding, RFC 9901 §7.3
  'cnf_invalid_key',
  'cnf_missing',
  'cnf_unsupported',
  'kb_alg',
  'kb_aud',
  'kb_claim_missing',
  'kb_iat',
  'kb_malformed',
  'kb_missing',
  'kb_nonce',
  'kb_sd_hash',
  'kb_signature',
  'kb_time_expired',
  'kb_typ',
  'kb_unexpected',
  // SD-JWT VC and type metadata
  'aka_vcts_invalid',
  'claim_class_unknown',
  'integrity_malformed',
  'integrity_mismatch',
  'integrity_unsupported',
  'mandatory_claim_missing',
  'sd_forbidden_claim',
  'sd_rule_violated',
  'type_metadata_cycle',
  'type_metadata_extension_violation',
  'type_metadata_malformed',
  'type_metadata_too_deep',
  'type_metadata_unavailable',
  'type_metadata_vct_mismatch',
  'type_not_allowed',
  'vct_invalid',
  'vct_mismatch',
  // Status lists and their retrieval
  'aggregation_malformed',
  'fetch_blocked',
  'status_application_specific',
  'status_claim_malformed',
  'status_delta_base',
  'status_delta_malformed',
  'status_delta_result',
  'status_history_mismatch',
  'status_index_out_of_range',
  'status_invalid',
  'status_issuer_untrusted',
  'status_list_expired',
  'status_list_malformed',
  'status_list_older',
  'status_list_stale',
  'status_list_too_large',
  'status_required',
  'status_sub_mismatch',
  'status_suspended',
  'status_token_claim_missing',
  'status_ttl_malformed',
  'status_unavailable',
  'status_unsupported',
  'status_value_out_of_range',
  // Trust list
  'trust_list_expired',
  'trust_list_malformed',
  'trust_list_older',
  'trust_list_untrusted',
  // Platform numbers
  'platform_number_invalid',
  'platform_number_mismatch',
  'platform_number_r_missing',
  'platform_number_unopened',
  // What a verifier demands
  'clock_behind',
  'credential_malformed',
  'query_unsatisfied',
  // What an issuer is asked to mint
  'claim_invalid',
  'copies_not_unlinkable',
  'network_number_malformed',
  'type_unknown',
] as const

export type CredentialErrorCode = (typeof credentialErrorCodes)[number]

/**
 * The one error of this package. `message` says what failed and what cures it; it never holds a
 * claim value, a token or a key.
 */
export class CredentialError extends Error {
  readonly code: CredentialErrorCode
  /** How far the word about the certificate could be trusted, where that is why it is refused. */
  readonly freshness: Freshness | null

  constructor(
    code: CredentialErrorCode,
    message: string,
    options?: { readonly cause?: unknown; readonly freshness?: Freshness },
  ) {
    super(message, options)
    this.name = 'CredentialError'
    this.code = code
    this.freshness = options?.freshness ?? null
  }
}
