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
export { assertLength, credentialLimits, type TokenLimits } from './limits.js'
export { createSigner, generateSigner, importSigner, type Signer } from './signer.js'

// Trust: type metadata, status lists, trust lists, verification.
