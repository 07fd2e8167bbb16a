export type { AccountKey } from './account-key.js'
export { accountKeyOf, isSameAccount } from './account-key.js'
export type { AccountErrorCode } from './account-refusals.js'
export type {
  Account,
  AccountEvent,
  AccountFlag,
  Accounts,
  AccountSession,
  Appeal,
} from './accounts.js'
export type { AccreditedPlatform } from './accredited-platform.js'
export type { DeletionDesk, Forget } from './deletion-desk.js'
export type { VerifierErrorCode } from './errors.js'
export { VerifierError } from './errors.js'
export {
  chooseFreshness,
  type FreshnessChoice,
  type FreshnessPreset,
  freshnessPresets,
} from './freshness-choice.js'
export type { GuardianConsent, GuardianConsentOptions } from './guardian-consent.js'
export { guardianConsent } from './guardian-consent.js'
export { httpStatusOf } from './http-status.js'
export { KEY_BINDING_MAX_AGE_SECONDS } from './judge.js'
export type { Exchange, Reply } from './exchange.js'
export { type MemoryMinorActsOptions, memoryMinorActs } from './memory-minor-acts.js'
export type { MinorAct, MinorActStore } from './minor-act.js'
export type { ActProgress, MinorActResult, MinorActs } from './minor-acts.js'
export { MINOR_ACT_PURPOSE } from './minor-act-asking.js'
export { createMinorActs } from './minor-acts.js'
export type { MemorySessionsOptions } from './memory-sessions.js'
export { memorySessions } from './memory-sessions.js'
export type { Platform, PlatformOptions } from './platform.js'
export { RESPONSE_CODE_HEADER } from './platform-redeem.js'
export { verifier } from './platform.js'
export { freshnessOf, type Problem, problemOf, type ToldFreshness } from './problem.js'
export type { ReAuthentication } from './re-authentication.js'
export { RE_AUTHENTICATION } from './re-authentication.js'
export type { RefusalCode, RefusalKind } from './refusals.js'
export { refusalKindOf } from './refusals.js'
export type { MemoryReplaysOptions, ReplayCache, SeenPresentation } from './replay.js'
export { memoryReplays, REPLAY_CAPACITY } from './replay.js'
export type {
  Assurance,
  OtherMeansOptions,
  ResultFreshness,
  Role,
  VerificationResult,
} from './result.js'
export { verifiedByOtherMeans } from './result.js'
export type { SignIn, SignInOptions } from './sign-in.js'
export { signIn } from './sign-in.js'
export type { ForgetUser, SignInDeletion } from './sign-in-deletion.js'
export type { Language, Sentence } from './sentences.js'
export { sentenceFor } from './sentences.js'
export type { Session, SessionStore, TakenSession } from './session.js'
export { SESSION_CAPACITY, SESSION_SECONDS } from './session.js'
export type { Verifier, VerifierOptions, VerifyOnceOptions } from './verifier.js'
export { createVerifier, verifyOnce } from './verifier.js'
export type { DcApiAsked, DcApiRequestOptions } from './vp-dc-api.js'
export { type MemoryVpSessionsOptions, memoryVpSessions } from './vp-memory-sessions.js'
export type { PresentationResult, Retention } from './vp-outcome.js'
export type { RequestIdentity } from './vp-request-message.js'
export type {
  AnswerMode,
  ClientKind,
  SessionProgress,
  VpSession,
  VpSessionStore,
} from './vp-session.js'
export type { AskedUnder, VpTermOptions, VpTerms } from './vp-terms.js'
export type { AskedTransaction, AuthorisedTransaction, TransactionTypes } from './vp-transaction.js'
export type { VpRequest, VpRequestOptions, VpVerifier, VpVerifierOptions } from './vp-verifier.js'
