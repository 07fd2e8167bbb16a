import { type ExitCode, exitCodes } from './failure.js'

/**
 * Codes of the roles that say the command was used wrongly: a name that does not exist, a folder
 * that is not set up, an input of another form. What is in none of the tables is a refusal.
 */
const wrongUse = [
  // issuer
  'already_initialised',
  'not_initialised',
  'base_url',
  'citizen_unknown',
  'type_unknown',
  'copies_not_offered',
  'guardian_needed',
  'batch_unknown',
  'status_unknown',
  'status_reason_unknown',
  'root_key_needed',
  'root_key_malformed',
  'signing_key_unknown',
  'ca_key_needed',
  'ca_key_wrong',
  'csv_empty',
  'csv_encoding',
  'csv_column_unknown',
  'csv_column_missing',
  'csv_column_repeated',
  'tx_code_choice',
  'registration_invalid',
  'platform_unknown',
  'purpose_unknown',
  'accreditation_days',
  'accreditation_reason_unknown',
  'platform_number_not_offered',
  'platform_number_malformed',
  'platform_number_invalid',
  'presence_demo_refused',
  'officer_unknown',
  'officer_exists',
  'officer_name',
  'officer_key_malformed',
  'case_malformed',
  'operator_needed',
  'operator_unknown',
  'operator_name',
  'operator_exists',
  'operator_role_unknown',
  'operator_key_malformed',
  'second_operator_needed',
  'audit_unreadable',
  // wallet
  'wallet_missing',
  'certificate_unknown',
  'root_differs',
  'trust_missing',
  // protocol and verifier
  'verifier_missing',
  'authority_unusable',
  'lists_source',
  'client_unavailable',
  'query_malformed',
  'query_too_large',
  'query_unsupported',
  'query_needs_several_presentations',
  'holder_binding_required',
  'over_asking',
  'unaccredited',
  'accreditation_differs',
  'lists_unreadable',
] as const

/** Codes that say the machine or the installation is at fault: nothing was judged. */
const faults = [
  'config_malformed',
  'environment_mismatch',
  'unsafe_mode',
  'unsafe_environment',
  'key_missing',
  'platform_number_key_missing',
  'platform_number_key_malformed',
  'platform_number_key_wrong',
  'signer_key_missing',
  'signer_key_malformed',
  'signer_unreachable',
  'signer_busy',
  'signer_failed',
  'signing_halted',
  'signing_key_none',
  'certificate_missing',
  'certificate_wrong',
  'wallet_providers_malformed',
  'key_attesters_malformed',
  'address_in_use',
  'fetch_failed',
  'fetch_timeout',
  'import_busy',
  'publish_busy',
  'audit_unwritable',
  'audit_differs',
  'schema_newer',
  'unique_violation',
  'constraint_violation',
  'checkpoint_busy',
  'transaction_aborted',
  'transaction_expired',
  'config_invalid',
  'trust_state_unreadable',
  'internal',
] as const

const byCode = new Map<string, ExitCode>([
  ...wrongUse.map((code) => [code, exitCodes.wrongUse] as const),
  ...faults.map((code) => [code, exitCodes.fault] as const),
])

/** The exit code of a role's error code: refused (1) unless the tables say otherwise. */
export function exitOfCode(code: string): ExitCode {
  if (/^(database|master_key|sealed|key)_/.test(code)) return exitCodes.fault
  return byCode.get(code) ?? exitCodes.refused
}
