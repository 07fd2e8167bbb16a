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
export type { ProtocolErrorCode } from './errors.js'
export { ProtocolError } from './errors.js'
export type { IssuanceErrorCode } from './errors.js'
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
export {
  type CreateSignedMetadataOptions,
  createSignedMetadata,
  SIGNED_METADATA_TYP,
  type VerifySignedMetadataOptions,
  verifySignedMetadata,
} from './signed-metadata.js'
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
} from './vci-credential.js'
export {
  type CredentialConfiguration,
  type IssuerMetadata,
  issuerMetadataSchema,
  parseIssuerMetadata,
  requestEncryptionKeys,
} from './vci-metadata.js'
export {
  type CredentialOffer,
  createOfferLink,
  credentialOfferSchema,
  OFFER_SCHEMES,
  type OfferLink,
  type OfferScheme,
  PRE_AUTHORIZED_GRANT,
  parseCredentialOffer,
  parseOfferLink,
  type TransactionCode,
  transactionCodeSchema,
} from './vci-offer.js'
export {
  CLIENT_ATTESTATION_CHALLENGE_HEADER,
  CLIENT_ATTESTATION_HEADER,
  CLIENT_ATTESTATION_POP_HEADER,
  CLIENT_ATTESTATION_POP_TYP,
  CLIENT_ATTESTATION_TYP,
  type CreateClientAttestationOptions,
  type CreateClientAttestationPopOptions,
  createClientAttestation,
  createClientAttestationPop,
  type VerifiedClientAttestation,
  type VerifyClientAttestationOptions,
  verifyClientAttestation,
} from './wallet-attestation.js'
export {
  type MessageBounds,
  messageLimits,
  parseMessage,
  readBySchema,
  tokenText,
  webUrl,
} from './wire-text.js'
export type { RequestErrorCode } from './errors.js'
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
export {
  type AnswerEncryption,
  type AnswerMembers,
  answerLimits,
  createAnswer,
  createErrorAnswer,
  encodeAnswerForm,
  encryptedAnswerOf,
  parseAnswer,
  parseAnswerReply,
  type VpToken,
  type WalletAnswer,
  type WalletErrorName,
  walletErrors,
} from './vp-response.js'
export {
  type CertificateAuthority,
  createCertificateAuthority,
  encodePemCertificate,
  issueLeafCertificate,
  parsePemCertificates,
} from './x509-certificate.js'
export {
  authorityKeyIdsOf,
  readLeaf,
  type VerifiedChain,
  verifyCertificateChain,
  type X509Anchors,
  x509HashOf,
} from './x509-chain.js'
