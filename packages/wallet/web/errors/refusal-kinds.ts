import type { FetchErrorCode, ProtocolErrorCode } from '@netcert/protocol'
import type { WalletErrorCode } from '@netcert/wallet/rules'
import type { errorTexts } from '../texts/errors.js'

/** What a citizen is told: several codes are one and the same to them. */
export type RefusalKind = keyof (typeof errorTexts)['zh-CN']['kinds']

/** Decisions about single claims have sentences of their own, in the protocol. */
type Judged =
  | Extract<
      WalletErrorCode,
      | `claim_${string}`
      | `accreditation_${string}`
      | `${string}_unregistered`
      | 'holder_binding_off'
    >
  | 'values_probing'
  | 'too_many_claims'
/** Codes that no message to a wallet can end in. */
type Elsewhere = Extract<
  ProtocolErrorCode,
  `pack_${string}` | 'deletion_malformed' | 'answer_malformed'
>

/** Every code that a wallet's page can meet; the compiler asks for all of them. */
export const refusalKinds: Readonly<
  Record<
    Exclude<WalletErrorCode, Judged> | Exclude<ProtocolErrorCode, Elsewhere> | FetchErrorCode,
    RefusalKind
  >
> = {
  fetch_failed: 'network',
  fetch_timeout: 'slow',
  fetch_blocked: 'address',
  fetch_too_large: 'theirFault',
  fetch_redirected: 'theirFault',
  fetch_encoding: 'theirFault',
  offer_malformed: 'offer',
  offer_declined: 'declined',
  offer_unsupported: 'offerUnknown',
  tx_code_missing: 'code',
  grant_refused: 'codeRefused',
  issuer_refused: 'issuerRefused',
  issuer_answer: 'issuerFault',
  issuer_identifier: 'issuerFault',
  issuer_metadata_malformed: 'issuerFault',
  issuer_metadata_untrusted: 'issuerFault',
  issuer_unclear: 'issuerFault',
  authorization_server: 'issuerFault',
  endpoint_foreign: 'issuerFault',
  token_unbound: 'issuerFault',
  sign_in_mismatch: 'signIn',
  key_proof_unsupported: 'offerUnknown',
  key_proof_invalid: 'issuerFault',
  key_attestation_invalid: 'issuerFault',
  client_attestation_invalid: 'issuerFault',
  client_attestation_challenge: 'issuerFault',
  key_foreign: 'received',
  copy_duplicate: 'received',
  batch_mixed: 'received',
  batch_empty: 'received',
  certificate_unasked: 'received',
  platform_copy_refused: 'received',
  platform_number_changed: 'received',
  trust_missing: 'trust',
  trust_older: 'trustOlder',
  root_differs: 'root',
  query_unanswered: 'nothing',
  copies_used_up: 'usedUp',
  certificate_unknown: 'gone',
  request_unavailable: 'requestOld',
  request_expired: 'requestOld',
  request_invalid: 'request',
  request_object: 'request',
  request_signature: 'asker',
  request_audience: 'asker',
  client_id_mismatch: 'asker',
  client_id_prefix: 'asker',
  client_unknown: 'asker',
  client_unproven: 'asker',
  certificate_chain: 'asker',
  response_uri: 'asker',
  redirect_uri_with_direct_post: 'request',
  wallet_nonce_mismatch: 'asker',
  vp_formats: 'request',
  request_uri_method: 'request',
  scope_unsupported: 'request',
  transaction_data: 'request',
  expected_origins: 'asker',
  query_malformed: 'request',
  holder_binding_required: 'request',
  query_needs_several_presentations: 'request',
  query_unsupported: 'request',
  message_malformed: 'theirFault',
  message_too_large: 'theirFault',
  encryption_parameters: 'request',
  encrypted_message_malformed: 'theirFault',
  consent_refused: 'refused',
  answer_undelivered: 'undelivered',
  answer_refused: 'notTaken',
  accreditation_malformed: 'accreditation',
  accreditation_untrusted: 'accreditation',
  accreditation_signature: 'accreditation',
  accreditation_expired: 'accreditation',
  accreditation_revoked: 'accreditation',
  accreditation_status: 'accreditation',
  platform_copy_missing: 'platformCopy',
  platform_copy_pending: 'platformWaits',
  platform_unknown: 'gone',
  presence_missing: 'presence',
  ward_needed: 'ward',
  ward_unknown: 'gone',
  ward_ended: 'wardEnded',
  ward_label: 'wardLabel',
  minor_protected: 'minor',
  receipt_invalid: 'theirFault',
  deletion_undelivered: 'undelivered',
  deletion_unproven: 'notProven',
  deletion_answer_invalid: 'notProven',
  report_missing: 'gone',
  report_undelivered: 'undelivered',
  report_invalid: 'notTaken',
  ledger_broken: 'ledger',
  ledger_unreadable: 'ledger',
  cancellation_impossible: 'cancelWith',
  cancellation_undelivered: 'undelivered',
  cancellation_refused: 'notTaken',
  cancellation_unproven: 'notProven',
  cancellation_malformed: 'theirFault',
  erasure_receipt_invalid: 'notProven',
  vouching_impossible: 'cancelWith',
  guardian_consent_malformed: 'link',
  recovery_malformed: 'link',
  gate_code: 'gateCode',
  gate_code_nonce: 'gateCode',
  gate_code_audience: 'gateCode',
  gate_code_encrypted: 'gateCode',
  sheet_venue: 'request',
  passphrase_weak: 'passphrase',
  move_unreadable: 'moveFile',
  move_locked: 'moveLocked',
  wallet_missing: 'gone',
  config_invalid: 'page',
}
