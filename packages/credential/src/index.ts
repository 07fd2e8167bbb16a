// The format: text forms, keys, signatures, SD-JWT, issuing.
export {
  type HashAlgorithm,
  hashAlgorithms,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './algorithms.js'
export {
  decodeBase64Url,
  decodeTextBase64Url,
  encodeBase64Url,
  encodeTextBase64Url,
} from './base64url.js'
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
export { CredentialError, type CredentialErrorCode, credentialErrorCodes } from './errors.js'
export {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  memberOf,
  parseJson,
  parseJsonObject,
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
export { joinSdJwt, type SdJwtParts, splitSdJwt } from './sd-jwt.js'
export { viewAsIssued } from './sd-jwt-issued.js'
export {
  type IssuedElement,
  type ProcessedSdJwt,
  processSdJwt,
  type SelectiveStructure,
} from './sd-jwt-process.js'
export {
  assertTimes,
  proveSdJwt,
  type ReadSdJwt,
  readSdJwt,
  type SdJwtPolicy,
  type VerifiedSdJwt,
  verifySdJwt,
} from './sd-jwt-verify.js'
export { createSigner, generateSigner, importSigner, type Signer } from './signer.js'

// Trust: type metadata, status lists, trust lists, verification.
