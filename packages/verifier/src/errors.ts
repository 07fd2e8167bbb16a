import type { ClaimFinding } from '@netcert/protocol/minimum-necessity'
import type { AccountErrorCode } from './account-refusals.js'
import type { LaneErrorCode } from './gate/gate-refusals.js'
import type { PackRefusalCode } from './offline-pack/pack-refusals.js'

/** Why the verifier itself, not a certificate or a query, said no. */
export type VerifierErrorCode =
  | AccountErrorCode
  | LaneErrorCode
  | PackRefusalCode
  | 'session_unknown'
  | 'session_expired'
  | 'session_used'
  | 'sessions_full'
  | 'presentation_replayed'
  | 'replays_full'
  | 'query_too_large'
  | 'request_malformed'
  | 'request_too_large'
  | 'overloaded'
  | 'too_many_requests'
  /** The result was asked for before the wallet answered. */
  | 'session_waiting'
  /** The result was asked for without the code that the wallet brought back, or with another. */
  | 'response_code_wrong'
  /** The result was handed out before, and is gone. */
  | 'result_delivered'
  /** The wallet says no: nothing that fits, or its holder did not want to. */
  | 'wallet_declined'
  /** The wallet could not answer the request. */
  | 'wallet_failed'
  /** The answer carries the state of another request. */
  | 'state_mismatch'
  /** The answer came in clear although encryption was asked for, or the other way round. */
  | 'response_mode_wrong'
  /** A transaction was not authorised as it was asked for. */
  | 'transaction_unauthorised'
  /** One answer presents the same certificate twice. */
  | 'presentation_repeated'
  /** The issuer's certificate is of none of the authorities that were asked for, or it has none. */
  | 'authority_mismatch'
  /** This verifier has no certificate, or none for its own host, to name itself by. */
  | 'client_unavailable'
  /** Transaction data is not asked for here. */
  | 'transaction_data_refused'
  /** The request asks for more than any accreditation of the platform covers; it is not sent. */
  | 'over_asking'
  /** A number or identity claim is asked without an accreditation; it is not sent. */
  | 'unaccredited'
  /** An accreditation is of another platform, or for another request key. */
  | 'accreditation_differs'
  /** The answer is of somebody else than the account that was asked for, or in another role. */
  | 'different_holder'
  /** The last presence check is older than was asked, or its time is not disclosed. */
  | 'presence_too_old'
  /** An account is keyed by a platform number, and the result has none. */
  | 'account_unnumbered'
  /** The accreditation does not allow claims to be stored. */
  | 'retention_unaccredited'
  /** There is no act of a minor by this name. */
  | 'act_unknown'
  /** The act waits no longer, or the consent to it has run out. */
  | 'act_ended'
  /** The minor, or after them their guardian, has not answered yet. */
  | 'act_waiting'
  /** The first answer of an act is not of somebody of 14 to 17 years. */
  | 'minor_expected'
  /** The guardianship is about another minor, or the consent about another act. */
  | 'guardian_of_other'
  /** A freshness policy is neither a preset nor a document of its schema. */
  | 'freshness_malformed'
  /** No query of this name is set up. */
  | 'query_unknown'
  /** The result answers another question than the one it is used for. */
  | 'purpose_differs'
  /** No session of this verifier is named by the cookie. */
  | 'transaction_missing'
  | 'verifier_missing'
  /** The own authority cannot certify the request key again. */
  | 'authority_unusable'
  | 'already_initialised'
  | 'base_url'
  | 'lists_source'
  | 'lists_unreadable'
  | 'trust_state_unreadable'
  | 'config_invalid'

/**
 * The verifier refused or cannot work.
 *
 * The message says what failed and how to cure it; it never holds a claim value, token or key.
 */
export class VerifierError extends Error {
  override readonly name = 'VerifierError'
  readonly code: VerifierErrorCode
  /** Of `over_asking` and `unaccredited`: each claim that is not asked, why, and what would serve. */
  readonly findings: readonly ClaimFinding[]

  constructor(
    code: VerifierErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly findings?: readonly ClaimFinding[] } = {},
  ) {
    super(message, options)
    this.code = code
    this.findings = options.findings ?? []
  }
}
