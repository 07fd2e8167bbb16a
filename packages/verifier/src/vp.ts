/** The engine that asks wallets over OpenID4VP 1.0: as pure as the rest, and heavier to load. */
export type { DcApiAsked, DcApiRequestOptions } from './vp-dc-api.js'
export type { DeletionDesk, DeletionDeskOptions, Forget } from './deletion-desk.js'
export { createDeletionDesk } from './deletion-desk.js'
export type { PresentationResult } from './vp-outcome.js'
export type { RequestIdentity } from './vp-request-message.js'
export type { ClientKind, SessionProgress, VpSessionStore } from './vp-session.js'
export type {
  VpRequest,
  VpRequestOptions,
  VpVerifier,
  VpVerifierOptions,
} from './vp-verifier.js'
export type { AskedTransaction, AuthorisedTransaction, TransactionTypes } from './vp-transaction.js'
export { createVpVerifier } from './vp-verifier.js'
