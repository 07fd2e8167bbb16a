// The format: text forms, keys, signatures, SD-JWT, issuing.
export {
  type HashAlgorithm,
  hashAlgorithms,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './algorithms.js'
export { decodeBase58, encodeBase58 } from './base58.js'
export {
  decodeBase64Url,
  decodeTextBase64Url,
  encodeBase64Url,
  encodeTextBase64Url,
} from './base64url.js'
export { assertClaimValues } from './claim-packing.js'
export {
  createDidKey,
  dereferenceDidKey,
  didKeyResolver,
  type ResolvedDidKey,
  resolveDidKey,
} from './did-key.js'
export {
  type Disclosure,
  digestDisclosure,
  encodeDisclosure,
  parseDisclosure,
} from './disclosure.js'
export { derFromRawSignature, rawFromDerSignature } from './ecdsa-signature.js'
export { epochSeconds } from './epoch-seconds.js'
export { CredentialError, type CredentialErrorCode, credentialErrorCodes } from './errors.js'
export type { CredentialIndex, HeldClaim, HeldCredential, HeldSdJwt } from './holder.js'
export {
  type CreateBatchOptions,
  type CreateCredentialOptions,
  createBatch,
  createCredential,
  type StatusReference,
} from './issue.js'
export {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  memberOf,
  parseJson,
  parseJsonObject,
  sameJson,
} from './json.js'
export {
  algorithmOfJwk,
  jwkThumbprint,
  type PrivateJwk,
  type PublicJwk,
  parsePublicJwk,
  sameKey,
} from './jwk.js'
export {
  type CreateJwsOptions,
  createJws,
  type JwsOptions,
  parseJws,
  splitJws,
  type UnverifiedJws,
  type UnverifiedJwt,
  verifyJws,
} from './jws.js'
export {
  assertSdHash,
  type CreateKeyBindingOptions,
  createKeyBinding,
  type KeyBindingDemands,
  type KeyBindingPolicy,
  readConfirmationKey,
  readKeyBinding,
} from './key-binding.js'
export { assertLength, credentialLimits, type TokenLimits } from './limits.js'
export { isShowableLength, MAX_SHOWN_GRAPHEMES, shortenShown } from './shown-text.js'
export { joinSdJwt, type SdJwtParts, splitSdJwt } from './sd-jwt.js'
export {
  type IssuedElement,
  type ProcessedSdJwt,
  processSdJwt,
  type SelectiveStructure,
} from './sd-jwt-process.js'
export {
  proveSdJwt,
  type ReadSdJwt,
  readSdJwt,
  type SdJwtPolicy,
  type VerifiedSdJwt,
  verifySdJwt,
} from './sd-jwt-verify.js'
export {
  type CertifiedSigner,
  certifySigner,
  issuerNameOf,
  keyHeaderOf,
  type NamedSigner,
  nameSigner,
} from './certified-signer.js'
export { leafKeyId } from './leaf-certificate.js'
export { createSigner, generateSigner, importSigner, type Signer } from './signer.js'
export { assertTimes, assertValidity, type TimePolicy, type ValidityPolicy } from './validity.js'

// Trust: type metadata, status lists, trust lists, verification.
export {
  type CertificateType,
  type ClaimClass,
  type ClaimRule,
  certificateType,
  certificateTypes,
  claimClass,
  GATE_PASS,
  GUARDIANSHIP,
  NETWORK_CERTIFICATE,
  WARD_CERTIFICATE,
} from './certificate-types.js'
export { type ClaimDemand, satisfyDemands } from './claim-demands.js'
export { type ClaimPath, isClaimPath, samePath, selectClaims } from './claim-path.js'
export { assertFetchable, assertPublicAddress } from './fetch-guard.js'
export {
  type DecideFreshnessOptions,
  decideFreshness,
  type Freshness,
  type FreshnessPolicy,
  type FreshnessReason,
  freshnessPolicies,
  parseFreshnessPolicy,
  type StatusEvidence,
  type Verdict,
} from './freshness.js'
export { createIntegrity, verifyIntegrity } from './integrity.js'
export { type IssuedClaim, type IssuedView, plainView } from './issued-view.js'
export { crockfordCheckDigits } from './crockford-number.js'
export { createNetworkNumber, formatNetworkNumber, parseNetworkNumber } from './network-number.js'
export {
  type BlindedNumber,
  type Blinding,
  formatPlatformNumber,
  type Platform,
  parsePlatformNumber,
  readBlindedNumber,
} from './platform.js'
export {
  type IssuerKey,
  importDidKeyIssuers,
  type SdJwtVcPolicy,
  verifySdJwtVc,
} from './sd-jwt-vc.js'
export { followRoot, pinnedRoots, pinRoot, type RootPin } from './root-pin.js'
export { parseStatusAggregation } from './status-aggregation.js'
export { type CachedStatusToken, type CacheDecision, decideCache } from './status-cache.js'
export { checkStatus, type StatusPolicy, type StatusSource } from './status-check.js'
export { assertAcceptedStatus, parseStatusClaim } from './status-claim.js'
export {
  applyStatusDelta,
  type CreateStatusDeltaOptions,
  createStatusDelta,
  parseStatusDelta,
  STATUS_DELTA_TYP,
  type StatusDelta,
  statusListDigest,
  verifyStatusDelta,
} from './status-delta.js'
export { assertHistorical } from './status-history.js'
export {
  createEmptyStatusList,
  decodeStatusList,
  encodeStatuses,
  encodeStatusList,
  readStatus,
  STATUS_INVALID,
  STATUS_SUSPENDED,
  STATUS_VALID,
  type StatusBits,
  type StatusList,
  statusCount,
  writeStatus,
} from './status-list.js'
export {
  assertCurrent,
  assertSubject,
  type CreateStatusListOptions,
  createStatusList,
  parseStatusListToken,
  STATUS_LIST_TYP,
  type StatusListToken,
  type StatusSigner,
  type StatusTokenLimits,
  type StatusTokenWindow,
  statusTokenLimits,
  verifyStatusListToken,
} from './status-list-token.js'
export {
  type CreateTrustOptions,
  createTrust,
  type HeldStatusList,
  type IssuerTrust,
  type Trust,
  type TrustedKeyHandle,
  withTrustList,
} from './trust.js'
export { mergeTrust } from './trust-merge.js'
export {
  createTrustList,
  TRUST_LIST_TYP,
  type TrustList,
  type VerifyTrustListOptions,
  verifyTrustList,
} from './trust-list.js'
export {
  type KeyUse,
  type TrustedIssuer,
  type TrustedKey,
  type TrustedRegistrar,
  type TrustListContent,
} from './trust-list-content.js'
export { withStatusDeltas } from './trust-status-deltas.js'
export { type StatusListRefusal, withStatusLists } from './trust-status-lists.js'
export { parseTypeMetadata, type TypeMetadata } from './type-metadata.js'
export { mergeTypeMetadata, resolveTypeMetadata } from './type-metadata-merge.js'
export { assertTypeRules, type MetadataRole } from './type-metadata-rules.js'
export {
  type Demands,
  type ReceivedCredential,
  type VerifiedPresentation,
  verifyPresentation,
  verifyReceivedCredential,
} from './verify.js'
