import type { CredentialErrorCode } from '@netcert/credential'
import type {
  AccreditationErrorCode,
  GateErrorCode,
  IssuanceErrorCode,
  PackErrorCode,
  ProtocolErrorCode,
  RequestErrorCode,
} from '@netcert/protocol'
import { accountRefusalKinds, type AccountRefusalKind } from './account-refusals.js'
import type { VerifierErrorCode } from './errors.js'
import { laneRefusalKinds } from './gate/gate-refusals.js'
import { packRefusalKinds, type PackRefusalKind } from './offline-pack/pack-refusals.js'
import { statusRefusalKinds } from './status-refusals.js'

/** Every code a caller of the verifier can meet. */
export type RefusalCode =
  | CredentialErrorCode
  | Exclude<
      ProtocolErrorCode,
      AccreditationErrorCode | GateErrorCode | IssuanceErrorCode | PackErrorCode | RequestErrorCode
    >
  | VerifierErrorCode

/**
 * What a person in front of the refusal can do about it. Many codes have one cure: there is one
 * sentence (sentences.ts) and one HTTP status (http-status.ts) for each kind, not for each code.
 */
export type RefusalKind =
  | AccountRefusalKind
  | PackRefusalKind
  | 'unreadable'
  | 'altered'
  | 'issuer_untrusted'
  | 'certificate_unusable'
  | 'certificate_expired'
  | 'certificate_revoked'
  | 'certificate_suspended'
  | 'status_unknown'
  | 'holder_unproven'
  | 'other_audience'
  | 'other_request'
  | 'presented_too_late'
  | 'replayed'
  | 'asked_otherwise'
  | 'query_refused'
  | 'asked_too_much'
  | 'number_unproven'
  | 'other_person'
  | 'other_minor'
  | 'presence_outdated'
  | 'session_gone'
  | 'session_used'
  | 'busy'
  | 'lists_outdated'
  | 'clock_wrong'
  | 'request_unreadable'
  | 'request_too_large'
  | 'too_many_requests'
  | 'waiting'
  | 'not_yours'
  | 'declined'
  | 'fault'

/** The kind of each code; the compiler keeps it complete. */
export const refusalKinds: Readonly<Record<RefusalCode, RefusalKind>> = {
  bad_base64url: 'unreadable',
  bad_json: 'unreadable',
  bad_utf8: 'unreadable',
  duplicate_json_key: 'unreadable',
  malformed_jws: 'unreadable',
  malformed_serialization: 'unreadable',
  payload_not_object: 'unreadable',
  too_deep: 'unreadable',
  too_large: 'unreadable',
  too_many_disclosures: 'unreadable',
  credential_malformed: 'unreadable',
  kb_malformed: 'unreadable',

  bad_signature: 'altered',
  claim_name_collision: 'altered',
  digest_duplicate: 'altered',
  disclosure_duplicate: 'altered',
  disclosure_malformed: 'altered',
  disclosure_reserved_name: 'altered',
  disclosure_unreferenced: 'altered',
  disclosure_wrong_arity: 'altered',
  reserved_name_misuse: 'altered',
  sd_forbidden_claim: 'altered',
  kb_sd_hash: 'altered',

  issuer_untrusted: 'issuer_untrusted',
  key_not_of_issuer: 'issuer_untrusted',
  key_outside_window: 'issuer_untrusted',
  key_resolution_failed: 'issuer_untrusted',
  key_revoked: 'issuer_untrusted',
  key_use_not_allowed: 'issuer_untrusted',
  invalid_did: 'issuer_untrusted',
  invalid_did_url: 'issuer_untrusted',
  invalid_jwk: 'issuer_untrusted',
  invalid_multicodec: 'issuer_untrusted',
  invalid_public_key: 'issuer_untrusted',
  invalid_public_key_length: 'issuer_untrusted',
  unsupported_key_type: 'issuer_untrusted',
  unsupported_multibase: 'issuer_untrusted',
  x5c_invalid: 'issuer_untrusted',

  alg_key_mismatch: 'certificate_unusable',
  alg_not_allowed: 'certificate_unusable',
  crit_unsupported: 'certificate_unusable',
  header_invalid: 'certificate_unusable',
  typ_mismatch: 'certificate_unusable',
  sd_alg_unsupported: 'certificate_unusable',
  aud_mismatch: 'certificate_unusable',
  claim_path_error: 'certificate_unusable',
  required_claim_missing: 'certificate_unusable',
  time_malformed: 'certificate_unusable',
  time_not_yet_valid: 'certificate_unusable',
  unknown_claim: 'certificate_unusable',
  aka_vcts_invalid: 'certificate_unusable',
  integrity_malformed: 'certificate_unusable',
  integrity_mismatch: 'certificate_unusable',
  integrity_unsupported: 'certificate_unusable',
  mandatory_claim_missing: 'certificate_unusable',
  sd_rule_violated: 'certificate_unusable',
  vct_invalid: 'certificate_unusable',
  vct_mismatch: 'certificate_unusable',
  type_unknown: 'certificate_unusable',
  type_metadata_cycle: 'certificate_unusable',
  type_metadata_extension_violation: 'certificate_unusable',
  type_metadata_malformed: 'certificate_unusable',
  type_metadata_too_deep: 'certificate_unusable',
  type_metadata_unavailable: 'certificate_unusable',
  type_metadata_vct_mismatch: 'certificate_unusable',
  network_number_malformed: 'certificate_unusable',
  platform_number_invalid: 'certificate_unusable',
  platform_number_mismatch: 'number_unproven',

  time_expired: 'certificate_expired',
  status_invalid: 'certificate_revoked',
  status_suspended: 'certificate_suspended',

  ...statusRefusalKinds,

  cnf_invalid_key: 'holder_unproven',
  cnf_missing: 'holder_unproven',
  cnf_unsupported: 'holder_unproven',
  kb_alg: 'holder_unproven',
  kb_claim_missing: 'holder_unproven',
  kb_missing: 'holder_unproven',
  kb_signature: 'holder_unproven',
  kb_typ: 'holder_unproven',
  kb_unexpected: 'holder_unproven',
  platform_number_r_missing: 'number_unproven',

  kb_aud: 'other_audience',
  kb_nonce: 'other_request',
  kb_iat: 'presented_too_late',
  kb_time_expired: 'presented_too_late',
  presentation_replayed: 'replayed',

  query_unsatisfied: 'asked_otherwise',
  type_not_allowed: 'asked_otherwise',
  status_required: 'asked_otherwise',
  authority_mismatch: 'asked_otherwise',

  message_malformed: 'request_unreadable',
  message_too_large: 'request_too_large',
  encryption_parameters: 'request_unreadable',
  encrypted_message_malformed: 'request_unreadable',
  answer_malformed: 'request_unreadable',
  deletion_malformed: 'request_unreadable',
  query_malformed: 'query_refused',
  holder_binding_required: 'query_refused',
  query_needs_several_presentations: 'query_refused',
  query_unsupported: 'query_refused',
  query_too_large: 'query_refused',
  over_asking: 'asked_too_much',
  unaccredited: 'asked_too_much',

  session_unknown: 'session_gone',
  session_expired: 'session_gone',
  session_used: 'session_used',
  sessions_full: 'busy',
  replays_full: 'busy',
  overloaded: 'busy',

  trust_list_expired: 'lists_outdated',
  trust_list_malformed: 'lists_outdated',
  trust_list_older: 'lists_outdated',
  trust_list_untrusted: 'lists_outdated',
  lists_unreadable: 'lists_outdated',
  clock_behind: 'clock_wrong',

  request_malformed: 'request_unreadable',
  request_too_large: 'request_too_large',
  state_mismatch: 'request_unreadable',
  response_mode_wrong: 'request_unreadable',
  presentation_repeated: 'replayed',
  transaction_data_refused: 'query_refused',
  transaction_unauthorised: 'asked_otherwise',
  query_unknown: 'query_refused',
  session_waiting: 'waiting',
  response_code_wrong: 'not_yours',
  transaction_missing: 'session_gone',
  purpose_differs: 'asked_otherwise',
  different_holder: 'other_person',
  presence_too_old: 'presence_outdated',
  act_unknown: 'session_gone',
  act_ended: 'session_gone',
  act_waiting: 'waiting',
  minor_expected: 'asked_otherwise',
  guardian_of_other: 'other_minor',
  result_delivered: 'session_used',
  wallet_declined: 'declined',
  wallet_failed: 'declined',
  too_many_requests: 'too_many_requests',
  ...accountRefusalKinds,
  ...packRefusalKinds,
  ...laneRefusalKinds,

  // Not to be met in verifying: an issuer's own codes, fetching, and faults of this installation.
  platform_number_unopened: 'fault',
  fetch_blocked: 'fault',
  claim_class_unknown: 'fault',
  claim_invalid: 'fault',
  copies_not_unlinkable: 'fault',
  trust_state_unreadable: 'fault',
  client_unavailable: 'fault',
  accreditation_differs: 'fault',
  account_unnumbered: 'fault',
  retention_unaccredited: 'fault',
  verifier_missing: 'fault',
  authority_unusable: 'fault',
  already_initialised: 'fault',
  base_url: 'fault',
  lists_source: 'fault',
  config_invalid: 'fault',
  freshness_malformed: 'fault',
}

/** The kind of an error's code; `fault` for whatever carries no code of ours. */
export function refusalKindOf(code: string): RefusalKind {
  return Object.hasOwn(refusalKinds, code) ? refusalKinds[code as RefusalCode] : 'fault'
}
