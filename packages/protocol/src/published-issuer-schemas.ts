import { z } from 'zod'
import {
  blindedPointText,
  CREDENTIAL_ERRORS,
  deferredRequestSchema,
  deferredResponseSchema,
  errorDescriptionText,
  issuedResponseSchema,
  nonceResponseSchema,
  notificationRequestSchema,
  pauseRequestSchema,
  pauseResponseSchema,
  proofsSchema,
  responseEncryptionSchema,
  wardPauseRequestSchema,
} from './vci-credential.js'
import { issuerMetadataSchema } from './vci-metadata.js'
import { credentialOfferSchema, PRE_AUTHORIZED_GRANT } from './vci-offer.js'
import { tokenText, webUrl } from './wire-text.js'

const credentialErrorNames = Object.keys(CREDENTIAL_ERRORS) as [
  keyof typeof CREDENTIAL_ERRORS,
  ...(keyof typeof CREDENTIAL_ERRORS)[],
]

/** Messages of the issuer by the name they have in its OpenAPI document. */
export const issuerApiSchemas = {
  IssuerMetadata: issuerMetadataSchema,
  CredentialOffer: credentialOfferSchema,
  NonceResponse: nonceResponseSchema,
  CredentialRequest: z.object({
    credential_identifier: tokenText.optional(),
    credential_configuration_id: tokenText.optional(),
    proofs: proofsSchema,
    credential_response_encryption: responseEncryptionSchema.optional(),
    platform_number_blinded: blindedPointText.optional(),
  }),
  IssuedResponse: issuedResponseSchema,
  DeferredResponse: deferredResponseSchema,
  DeferredRequest: deferredRequestSchema,
  NotificationRequest: notificationRequestSchema,
  PauseRequest: pauseRequestSchema,
  PauseResponse: pauseResponseSchema,
  WardPauseRequest: wardPauseRequestSchema,
  CredentialError: z.object({
    error: z.enum([...credentialErrorNames, 'invalid_token', 'invalid_dpop_proof', 'server_error']),
    error_description: errorDescriptionText.optional(),
  }),
  PushedRequest: z.object({
    client_id: z.string(),
    response_type: z.literal('code'),
    redirect_uri: z.string(),
    scope: z.string().optional(),
    authorization_details: z.string().optional(),
    state: z.string().max(1024).optional(),
    code_challenge: z.string(),
    code_challenge_method: z.literal('S256'),
    issuer_state: z.string().optional(),
    dpop_jkt: z.string().optional(),
    resource: webUrl.optional(),
  }),
  PushedResponse: z.object({ request_uri: z.string(), expires_in: z.int() }),
  TokenRequest: z.object({
    grant_type: z.enum([PRE_AUTHORIZED_GRANT, 'authorization_code', 'refresh_token']),
    client_id: z.string().optional(),
    'pre-authorized_code': z.string().optional(),
    tx_code: z.string().optional(),
    code: z.string().optional(),
    code_verifier: z.string().optional(),
    redirect_uri: z.string().optional(),
    refresh_token: z.string().optional(),
    authorization_details: z.string().optional(),
    resource: webUrl.optional(),
  }),
  TokenResponse: z.object({
    access_token: z.string(),
    token_type: z.enum(['DPoP', 'Bearer']),
    expires_in: z.int(),
    refresh_token: z.string().optional(),
    scope: z.string().optional(),
    authorization_details: z
      .array(z.looseObject({ type: z.literal('openid_credential') }))
      .optional(),
  }),
  OAuthError: z.object({ error: z.string(), error_description: z.string().optional() }),
  AuthorizationServerMetadata: z.looseObject({
    issuer: webUrl,
    authorization_endpoint: webUrl,
    token_endpoint: webUrl,
    pushed_authorization_request_endpoint: webUrl,
    require_pushed_authorization_requests: z.literal(true),
    'pre-authorized_grant_anonymous_access_supported': z.literal(true),
  }),
}
