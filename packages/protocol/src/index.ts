export type { HeldClaim } from './claim-view.js'
export type { Admits, ChosenClaims, HeldCopy, QueryDemands } from './dcql.js'
export {
  answerCredential,
  chooseClaims,
  demandsFor,
  demandsOf,
  isSdJwtQuery,
  singleAnswers,
} from './dcql.js'
export type { CredentialQuery, Query } from './dcql-query.js'
export { parseQuery, querySchema } from './dcql-query.js'
export type { GateErrorCode, IssuanceErrorCode, PackErrorCode } from './errors.js'
export type { ProtocolErrorCode } from './errors.js'
export { ProtocolError } from './errors.js'
export type {
  FetchedAnswer,
  FetchErrorCode,
  GuardedFetch,
  GuardedFetchOptions,
} from './guarded-fetch.js'
export {
  appendedWellKnownUrl,
  assertIssuerIdentifier,
  type IssuerIdentifierPolicy,
  wellKnownUrl,
} from './issuer-identifier.js'
export {
  type CreateKeyAttestationOptions,
  createKeyAttestation,
  KEY_ATTESTATION_TYP,
  type VerifiedKeyAttestation,
  type VerifyKeyAttestationOptions,
  verifyKeyAttestation,
} from './key-attestation.js'
export {
  type CreateKeyProofOptions,
  createKeyProof,
  KEY_PROOF_TYP,
  type VerifiedKeyProof,
  type VerifyKeyProofOptions,
  verifyKeyProof,
} from './key-proof.js'
export {
  CONTENT_ENCRYPTIONS,
  type ContentEncryption,
  chooseContentEncryption,
  chooseEncryptionKey,
  createEncryptionKey,
  type DecryptedMessage,
  type DecryptMessageOptions,
  decryptMessage,
  ENCRYPTION_ALGORITHM,
  type EncryptionJwk,
  type EncryptionPrivateJwk,
  type EncryptMessageOptions,
  encryptionJwkSchema,
  encryptMessage,
  isEncryptedMessage,
  publicEncryptionJwk,
} from './message-encryption.js'
export { CLOCK_SKEW_SECONDS, type KeyOf } from './signed-message.js'
export { createSignedMetadata, SIGNED_METADATA_TYP } from './signed-metadata.js'
export { verifySignedMetadata } from './signed-metadata.js'
export type { CreateSignedMetadataOptions, VerifySignedMetadataOptions } from './signed-metadata.js'
export {
  CREDENTIAL_ERRORS,
  type CredentialErrorMessage,
  type CredentialErrorName,
  type CredentialRequest,
  type CredentialResponse,
  credentialErrorSchema,
  credentialRequestSchema,
  type DeferredResponse,
  deferredRequestSchema,
  deferredResponseSchema,
  errorDescriptionText,
  type IssuedResponse,
  issuedResponseSchema,
  type NotificationEvent,
  type NotificationRequest,
  nonceResponseSchema,
  notificationRequestSchema,
  type Proofs,
  proofsSchema,
  type ResponseEncryption,
  responseEncryptionSchema,
  wardPauseRequestSchema,
} from './vci-credential.js'
export { type PauseResponse, pauseRequestSchema, pauseResponseSchema } from './vci-credential.js'
export {
  type CredentialConfiguration,
  type IssuerMetadata,
  issuerMetadataSchema,
  offersClaim,
  parseIssuerMetadata,
  requestEncryptionKeys,
} from './vci-metadata.js'
export { createOfferLink, credentialOfferSchema, OFFER_SCHEMES } from './vci-offer.js'
export { PRE_AUTHORIZED_GRANT, parseCredentialOffer, parseOfferLink } from './vci-offer.js'
export { transactionCodeSchema } from './vci-offer.js'
export type { CredentialOffer, OfferLink, OfferScheme, TransactionCode } from './vci-offer.js'
export { CLIENT_ATTESTATION_CHALLENGE_HEADER } from './wallet-attestation.js'
export { CLIENT_ATTESTATION_HEADER, CLIENT_ATTESTATION_POP_HEADER } from './wallet-attestation.js'
export { CLIENT_ATTESTATION_POP_TYP, CLIENT_ATTESTATION_TYP } from './wallet-attestation.js'
export { createClientAttestation, createClientAttestationPop } from './wallet-attestation.js'
export { verifyClientAttestation } from './wallet-attestation.js'
export type { CreateClientAttestationOptions } from './wallet-attestation.js'
export type { CreateClientAttestationPopOptions } from './wallet-attestation.js'
export type { VerifiedClientAttestation } from './wallet-attestation.js'
export type { VerifyClientAttestationOptions } from './wallet-attestation.js'
export {
  type MessageBounds,
  messageLimits,
  parseMessage,
  readBySchema,
  tokenText,
  webUrl,
} from './wire-text.js'
export { coversPath } from './accredited-claims.js'
export type { AccreditationErrorCode, RequestErrorCode } from './errors.js'
// Presentation: OpenID4VP 1.0.
export {
  type ClientIdentifier,
  type ClientIdPrefix,
  type ClientTrust,
  clientIdPrefixes,
  createClientIdentifier,
  type ProvenClient,
  parseClientIdentifier,
} from './client-identifier.js'
export {
  type CredentialAnswers,
  type CredentialMatch,
  chooseCredentials,
  isQueryAnswered,
  matchCredentials,
  type QueryChoice,
} from './dcql-sets.js'
export {
  createMultisignedDcApiRequest,
  createSignedDcApiRequest,
  createUnsignedDcApiRequest,
  type DcApiRequest,
  type DcApiSignature,
  dcApiProtocols,
  originAudience,
  proveDcApiRequest,
} from './dc-api.js'
export {
  checkRequest,
  encryptionOf,
  type PresentationRequest,
  walletErrorOf,
} from './presentation-request.js'
export { type AnswerTarget, type ProvenRequest, proveRequest } from './proven-request.js'
export {
  type ClientProof,
  createRequestObject,
  createUnsignedRequestObject,
  type ReadRequestObject,
  readRequestObject,
} from './request-object.js'
export { isWellFormed, MINOR_ACT, minorActSchema } from './own-transactions.js'
export { ownTransaction, ownTransactions } from './own-transactions.js'
export type { MinorActMembers, OwnTransaction } from './own-transactions.js'
export {
  createTransactionData,
  hashTransactionData,
  parseTransactionData,
  type TransactionData,
  transactionMemberNames,
  transactionMembers,
} from './transaction-data.js'
export { createVerifierAttestation } from './verifier-attestation.js'
export {
  type ClientMetadata,
  REQUEST_OBJECT_MEDIA_TYPE,
  type RequestObject,
  type ResponseMode,
  requestLimits,
  requestObjectSchema,
  STATIC_WALLET_AUDIENCE,
  type VerifierInfo,
} from './vp-request.js'
export { createRequestUrl, parseRequestLink, type RequestLink } from './vp-request-url.js'
export { answerLimits, createAnswer, createErrorAnswer, encodeAnswerForm } from './vp-response.js'
export {
  type AnswerReply,
  encryptedAnswerOf,
  parseAnswer,
  parseAnswerReply,
} from './vp-response.js'
export type { AnswerEncryption, AnswerMembers, VpToken, WalletAnswer } from './vp-response.js'
export { type WalletErrorName, walletErrors } from './vp-response.js'
export {
  type CertificateAuthority,
  createCertificateAuthority,
  encodePemCertificate,
  issueLeafCertificate,
  parsePemCertificates,
} from './x509-certificate.js'
export { authorityKeyIdsOf, readLeaf, verifyCertificateChain, x509HashOf } from './x509-chain.js'
export type { VerifiedChain, X509Anchors } from './x509-chain.js'
// Accreditation of platforms and what rests on it.
export { ACCREDITATION_TYP, REGISTRATION_CERT_FORMAT } from './accreditation-content.js'
export type { Accreditation, AccreditationContent } from './accreditation-content.js'
export type { AccreditedCredential, LegalBasis, RegisterMembers } from './accreditation-content.js'
export { createAccreditation, parseAccreditation, verifyAccreditation } from './accreditation.js'
export { accreditationOf, type VerifyAccreditationOptions } from './accreditation.js'
export { type AccreditationMembers, accreditationSchema } from './accreditation-schema.js'
export { encodeAccreditation, MAX_ACCREDITATION_SECONDS } from './accreditation-schema.js'
export { readAccreditationStatusList, withAccreditationStatus } from './accreditation-status.js'
export type { AccreditationStatusLists, HeldAccreditationStatus } from './accreditation-status.js'
export { isDisplayText, type LocalisedText, type NameWarning, nameWarning } from './display-text.js'
export { decideRequest, decisionText, isDecisionCode } from './minimum-necessity.js'
export { refusedDecision } from './minimum-necessity.js'
export type { ClaimFinding, ConsentClaim, Decision, DecisionCode } from './minimum-necessity.js'
export type { DecideRequestOptions, ShownClaim } from './minimum-necessity.js'
export {
  createDisclosureReceipt,
  RECEIPT_TYP,
  verifyDisclosureReceipt,
} from './disclosure-receipt.js'
export type { CreateDisclosureReceiptOptions, DisclosureReceipt } from './disclosure-receipt.js'
export { RECEIPT_MEMBER } from './disclosure-receipt.js'
export { type PresentedClaims, presentedClaims, shownClaims } from './presented-claims.js'
export { createDeletionAnswer, createDeletionReply, deletionClaims } from './deletion.js'
export { DELETION_ANSWER_TYP, DELETION_PURPOSE, encodeDeletionForm } from './deletion.js'
export { parseDeletionReply, readDeletionRequest, verifyDeletionAnswer } from './deletion.js'
export type { DeletionAnswer, DeletionOutcome, DeletionRequest } from './deletion.js'
export { cancellationAddress, cancellationClaims, CANCELLATION_PURPOSE } from './cancellation.js'
export { createCancellationReply, encodeCancellationForm, issuerAddress } from './cancellation.js'
export { nonceAddress } from './cancellation.js'
export { parseCancellationReply, readCancellation } from './cancellation.js'
export type { PresentedToIssuer } from './cancellation.js'
export { createRecoveryLink, parseRecoveryLink, recoveryClaims, saysYesTo } from './recovery.js'
export { RECOVERY_TYPES, recoveryPurpose } from './recovery.js'
export type { RecoveryKind, RecoveryRequest } from './recovery.js'
export { consentsTo, createGuardianLink, parseGuardianLink } from './guardian-consent.js'
export { GUARDIAN_CONSENT, GUARDIAN_CONSENT_PURPOSE } from './guardian-consent.js'
export { GUARDIAN_LINK_SCHEME, guardianConsentClaims } from './guardian-consent.js'
export type { GuardianConsentRequest } from './guardian-consent.js'
export { createErasureReceipt, erasedNumberHash, verifyErasureReceipt } from './erasure-receipt.js'
export { ERASED_CLASSES, ERASURE_TYP, KEPT_REASONS } from './erasure-receipt.js'
export type { ErasedClass, ErasureContent, ErasureReceipt } from './erasure-receipt.js'
export type { KeptClass, KeptReason, KeptRemains } from './erasure-receipt.js'
export { ERASED_TEXTS, KEPT_TEXTS } from './erasure-texts.js'
export { createRequestReport, parseRequestReport, proveReportedRequest } from './request-report.js'
export type { ProvenReport, ReportedFinding, RequestReport } from './request-report.js'
