import type { DecisionCode } from '@netcert/protocol'

/** Why the wallet refused. The message of each error names the cure. */
export type WalletErrorCode =
  /** An accredited platform asks for what it may not have. */
  | DecisionCode
  /** A certificate is bound to a key that is not this wallet's. */
  | 'key_foreign'
  /** A key is not there any more: whatever it was for is used up or over. */
  | 'key_unknown'
  /** A copy is in the wallet already, or stands twice in what was received. */
  | 'copy_duplicate'
  /** What was received together is not of one type and issuer. */
  | 'batch_mixed'
  | 'batch_empty'
  /** There is no trust list to check a received certificate against. */
  | 'trust_missing'
  /** The trust list is older than one that was seen before. */
  | 'trust_older'
  /** The root the wallet was made with is another one. */
  | 'root_differs'
  /** Nothing in the wallet answers the query. */
  | 'query_unanswered'
  /** A certificate would answer, but none of its copies is left. */
  | 'copies_used_up'
  | 'certificate_unknown'
  /** A verifier's request cannot be fetched. */
  | 'request_unavailable'
  /** The citizen refused; the verifier was told no more than if nothing had answered. */
  | 'consent_refused'
  /** Nobody was connected to: the answer never left. */
  | 'answer_unsent'
  /** No reply came to the answer: it may have reached the verifier, or not. */
  | 'answer_undelivered'
  /** The verifier did not take the answer. */
  | 'answer_refused'
  /** The citizen said no to an offer. */
  | 'offer_declined'
  /** The offer has nothing that this wallet can fetch. */
  | 'offer_unsupported'
  /** The offer needs a transaction code. */
  | 'tx_code_missing'
  /** The issuer answers otherwise than the standard describes. */
  | 'issuer_answer'
  /** The issuer refused a request; the message names the standard's error. */
  | 'issuer_refused'
  /** The authorization server refused: a wrong, used or expired code, or a grant that has ended. */
  | 'grant_refused'
  /** The authorization server is not the issuer's, or its metadata is about another one. */
  | 'authorization_server'
  /** Metadata leads to endpoints at another server. */
  | 'endpoint_foreign'
  /** A token that is not bound to the wallet's key would go to another server. */
  | 'token_unbound'
  /** The answer to a sign-in has a wrong state or issuer, or comes too late. */
  | 'sign_in_mismatch'
  /** The issuer asks for proofs of keys that this wallet cannot make. */
  | 'key_proof_unsupported'
  /** A certificate is of another type than the one that was asked for, or there are too many. */
  | 'certificate_unasked'
  /** A copy for a platform is not what was asked for: its blinding, its number, or how many. */
  | 'platform_copy_refused'
  /** The issuer would give another number at a platform than before. */
  | 'platform_number_changed'
  /** No grant brings copies with a platform number. */
  | 'platform_copy_missing'
  /** A platform's copy is being fetched by somebody else, or was put off by the issuer. */
  | 'platform_copy_pending'
  /** It has to be said which child an answer is for. */
  | 'ward_needed'
  /** The wallet holds nothing for a child of that label. */
  | 'ward_unknown'
  /** The issuer gives no certificates of this child any more. */
  | 'ward_ended'
  /** Who a minor is in plain words is shown only where a law demands it. */
  | 'minor_protected'
  /** A label that another child has, or that cannot be shown. */
  | 'ward_label'
  /** The wallet holds nothing for such a platform. */
  | 'platform_unknown'
  /** The issuer knows of no fresh presence check. */
  | 'presence_missing'
  /** The platform does not say where a demand to delete goes, or its answer does not hold. */
  | 'deletion_undelivered'
  | 'deletion_unproven'
  /** There is no such request to report, or the registrar did not take the report. */
  | 'report_missing'
  | 'report_undelivered'
  /** The ledger was changed, or a part of it is gone. */
  | 'ledger_broken'
  | 'ledger_unreadable'
  /** The end of a pause lies in the past. */
  | 'pause_end'
  /** No grant of this wallet is about the citizen themselves. */
  | 'pause_impossible'
  /** Nothing new is issued while the certificates are paused. */
  | 'certificates_paused'
  /** There is nothing here to cancel with, or it is not clear at which issuer. */
  | 'cancellation_impossible'
  /** No certificate of the citizen's own can confirm what an issuer asks. */
  | 'vouching_impossible'
  | 'issuer_unclear'
  /** A cancellation did not arrive, was refused, or its receipt does not hold. */
  | 'cancellation_undelivered'
  | 'cancellation_refused'
  | 'cancellation_unproven'
  /** No sheet of passes is printed for such a venue, or it is not clear what its gate asks. */
  | 'sheet_venue'
  /** A passphrase that is soon guessed. */
  | 'passphrase_weak'
  /** What came from another device is no file of a wallet, or does not open. */
  | 'move_unreadable'
  | 'move_locked'
  | 'wallet_missing'
  | 'config_invalid'

/**
 * The wallet refused or cannot work.
 *
 * The message says what failed and how to cure it; it never holds a claim value, token or key.
 */
export class WalletError extends Error {
  override readonly name = 'WalletError'
  readonly code: WalletErrorCode

  constructor(code: WalletErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options)
    this.code = code
  }
}
