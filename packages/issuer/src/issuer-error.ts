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
  // minors
  | 'offer_mixed'
  | 'custody_invalid'
  | 'guardian_certificate'
  | 'custody_not_minor'
  | 'handover_unknown'
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
  | 'revoked_since'
  | 'root_not_revocable'
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
  // ending and changing
  | 'device_unknown'
  | 'device_ended'
  | 'device_suspended'
  | 'suspension_end'
  | 'revocation_code_malformed'
  | 'revocation_code_wrong'
  | 'revocation_code_busy'
  | 'not_enrolled'
  | 'contact_is_applicant'
  | 'contact_request_unknown'
  | 'contact_request_over'
  | 'contact_not_named'
  | 'contact_not_adult'
  | 'contact_certificate'
  | 'contact_too_many'
  | 'correction_invalid'
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
  // backup and restore
  | 'backup_recipient'
  | 'backup_place'
  | 'restore_unfinished'
  | 'backup_identity'
  | 'backup_unreadable'
  | 'backup_malformed'
  | 'backup_not_read_back'
  | 'restore_not_empty'
  | 'restore_other_issuer'
  | 'restore_schema_newer'
  // the authorization server
  | 'access_token_missing'
  | 'access_token_invalid'
  | 'dpop_proof_invalid'
  | 'dpop_nonce_needed'
  | 'wallet_providers_malformed'
  | 'address_in_use'
  // presentations to the issuer
  | 'presentation_refused'
  | 'presentation_unknown_person'
  | 'presentation_not_valid'
  // cancelling
  | 'cancellation_nonce'
  | 'cancellation_not_own'
  // audit log, operators
  | 'audit_unwritable'
  | 'audit_differs'
  | 'audit_broken'
  | 'audit_unreadable'
  | 'operator_needed'
  | 'operator_role_missing'
  | 'second_operator_needed'
  | 'operator_unknown'
  | 'operator_revoked'
  | 'operator_repeated'
  | 'operator_key_malformed'
  | 'operator_name'
  | 'operator_exists'
  | 'operator_role_unknown'
  | 'operator_first_keys'
  | 'operator_last_keys'
  // applications and their evidence
  | 'application_invalid'
  | 'application_unknown'
  | 'application_state'
  | 'application_changed'
  | 'application_reason_unknown'
  | 'evidence_repeated'
  | 'evidence_not_offered'
  | 'evidence_registry_first'
  | 'evidence_code_wrong'
  | 'evidence_codes_spent'
  | 'evidence_statement_invalid'
  | 'evidence_statement_used'
  | 'evidence_chip_unconfigured'
  | 'liveness_providers_malformed'
  | 'documents_malformed'
  // document chips
  | 'chip_too_large'
  | 'chip_malformed'
  | 'chip_sha1'
  | 'chip_algorithm'
  | 'chip_key'
  | 'chip_content_type'
  | 'chip_signers'
  | 'chip_message_digest'
  | 'chip_signature'
  | 'chip_signer_profile'
  | 'chip_signer_period'
  | 'chip_issuer_unknown'
  | 'chip_issuer_profile'
  | 'chip_issuer_period'
  | 'chip_certificate_signature'
  | 'chip_country'
  | 'chip_security_object'
  | 'chip_group_missing'
  | 'chip_group_unlisted'
  | 'chip_group_hash'
  | 'chip_group_malformed'
  | 'chip_zone'
  | 'chip_document_type'
  | 'chip_document_expired'
  | 'csca_malformed'
  | 'sample_document_malformed'

/**
 * A refusal by the issuer. The message says what failed and what to do; it never holds a value
 * of a person, a key or a number.
 */
export class IssuerError extends Error {
  readonly code: IssuerErrorCode
  /** Where several members of a document are wrong: each, in the languages of citizens. */
  readonly findings: readonly Finding[]

  constructor(code: IssuerErrorCode, message: string, options: IssuerErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = 'IssuerError'
    this.code = code
    this.findings = options.findings ?? []
  }
}

export type IssuerErrorOptions = {
  readonly cause?: unknown
  readonly findings?: readonly Finding[]
}

/** What is wrong with one member of a document: which, why, and what to do; never its value. */
export type Finding = {
  /** Path of the member, `document.number`; empty for the whole. */
  readonly field: string
  readonly code: string
  readonly reason: Readonly<Record<'zh-CN' | 'en', string>>
  readonly cure: Readonly<Record<'zh-CN' | 'en', string>>
}
