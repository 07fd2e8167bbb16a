import type { CredentialErrorName } from '@netcert/protocol'

/** What can go wrong at the issuer; each code names the rule or step that failed. */
export type IssuerErrorCode =
  // the data folder
  | 'already_initialised'
  | 'not_initialised'
  | 'config_malformed'
  | 'base_url'
  | 'environment_mismatch'
  | 'unsafe_mode'
  | 'key_missing'
  | 'certificate_missing'
  | 'certificate_wrong'
  // the file of citizens
  | 'csv_empty'
  | 'csv_encoding'
  | 'csv_column_unknown'
  | 'csv_column_missing'
  | 'csv_column_repeated'
  | 'import_busy'
  // enrolment and minting
  | 'citizen_unknown'
  | 'citizen_suspended'
  | 'type_unknown'
  | 'copies_not_offered'
  | 'holder_key_count'
  | 'holder_key_malformed'
  | 'holder_key_repeated'
  | 'age_not_allowed'
  | 'guardian_needed'
  | 'guardian_not_linked'
  | 'guardian_is_minor'
  // platform numbers, presence, re-identification
  | 'platform_number_key_missing'
  | 'platform_number_key_malformed'
  | 'platform_number_key_wrong'
  | 'platform_number_not_offered'
  | 'platform_number_malformed'
  | 'presence_demo_refused'
  | 'officer_unknown'
  | 'officer_exists'
  | 'officer_revoked'
  | 'officer_repeated'
  | 'officer_name'
  | 'officer_key_malformed'
  | 'approval_invalid'
  | 'case_malformed'
  // signing
  | 'batch_signed'
  | 'batch_expired'
  | 'batch_not_valid'
  | 'plan_malformed'
  | 'signing_halted'
  | 'signing_key_none'
  // rotation of keys
  | 'next_key_exists'
  | 'next_key_missing'
  | 'next_key_early'
  | 'signing_key_unknown'
  | 'signing_key_revoked'
  | 'ca_key_needed'
  | 'ca_key_wrong'
  // signers
  | 'signer_key_missing'
  | 'signer_key_malformed'
  | 'signer_key_exists'
  | 'signer_unreachable'
  | 'signer_busy'
  | 'signer_failed'
  | 'signer_refused'
  | 'signer_running'
  // status
  | 'batch_unknown'
  | 'batch_without_status'
  | 'status_unknown'
  | 'status_reason_unknown'
  | 'status_final'
  | 'nothing_to_change'
  // publishing
  | 'root_key_needed'
  | 'root_key_wrong'
  | 'root_key_malformed'
  | 'publish_busy'
  // offers and issuance on the wire
  | CredentialErrorName
  | 'pre_authorized_code_invalid'
  | 'pre_authorized_code_expired'
  | 'pre_authorized_code_used'
  | 'tx_code_wrong'
  | 'tx_code_missing'
  | 'tx_code_unexpected'
  | 'tx_code_choice'
  | 'offer_busy'
  | 'nonces_full'
  | 'key_attesters_malformed'
  // the registrar
  | 'registration_invalid'
  | 'platform_exists'
  | 'platform_unknown'
  | 'platform_removed'
  | 'platform_name_taken'
  | 'platform_key_taken'
  | 'purpose_unknown'
  | 'accreditation_days'
  | 'accreditation_reason_unknown'
  | 'report_malformed'
  | 'report_unproven'
  // the authorization server
  | 'access_token_missing'
  | 'access_token_invalid'
  | 'dpop_proof_invalid'
  | 'dpop_nonce_needed'
  | 'wallet_providers_malformed'
  | 'address_in_use'

/**
 * A refusal by the issuer. The message says what failed and what to do; it never holds a value
 * of a person, a key or a number.
 */
export class IssuerError extends Error {
  readonly code: IssuerErrorCode

  constructor(code: IssuerErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'IssuerError'
    this.code = code
  }
}
