export { DID_KEY_PROVIDER, DidKeyProvider } from './did-key-provider.js'
export {
  type CreateNetcertAgentOptions,
  createNetcertAgent,
  type NetcertAgent,
} from './netcert-agent.js'
export {
  type ISdJwtVc,
  type SdJwtVcMintArgs,
  SdJwtVcPlugin,
  type SdJwtVcPresentArgs,
  type SdJwtVcVerifyArgs,
  type SdJwtVcVerifyResult,
} from './sd-jwt-vc-plugin.js'
export { sdJwtVcSchema } from './sd-jwt-vc-schema.js'
export { type CreateVcJwtOptions, createVcJwt } from './vc-jwt.js'
export { VeramoDidStore } from './veramo-did-store.js'
export { NETCERT_KMS } from './veramo-key-form.js'
export { VeramoKeyStore } from './veramo-key-store.js'
export { NetcertKeyManagementSystem } from './veramo-kms.js'
export { SealedPrivateKeyStore } from './veramo-private-key-store.js'
