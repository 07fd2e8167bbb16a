import { z } from 'zod'
import { encryptionJwkSchema } from './message-encryption.js'
import { messageLimits, tokenText } from './wire-text.js'

/**
 * The errors of the credential, deferred credential and notification endpoints, with their HTTP
 * status. An error is always plain JSON, also where the request was encrypted.
 *
 * @see OpenID4VCI 1.0 §8.3.1.2, §9.3, §11.3
 */
export const CREDENTIAL_ERRORS = {
  invalid_credential_request: 400,
  unknown_credential_configuration: 400,
  unknown_credential_identifier: 400,
  invalid_proof: 400,
  invalid_nonce: 400,
  invalid_encryption_parameters: 400,
  credential_request_denied: 400,
  invalid_transaction_id: 400,
  invalid_notification_id: 400,
  invalid_notification_request: 400,
} as const
export type CredentialErrorName = keyof typeof CREDENTIAL_ERRORS

/** Only these characters may stand in an `error_description` (RFC 6749 §5.2). */
export const errorDescriptionText = z.string().regex(/^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/)

/** An error on the wire. A name that nobody knows is read, too. */
export const credentialErrorSchema = z.object({
  error: z.string().min(1).max(100),
  error_description: z.string().max(2000).optional(),
})
export type CredentialErrorMessage = z.infer<typeof credentialErrorSchema>

const jwt = z
  .string()
  .max(messageLimits.maxJwtBytes)
  .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)

/** What a wallet asks an answer to be encrypted with (§8.2); stands only in encrypted requests. */
export const responseEncryptionSchema = z.object({
  jwk: encryptionJwkSchema,
  enc: z.string().max(32),
  zip: z.string().max(32).optional(),
})
export type ResponseEncryption = z.infer<typeof responseEncryptionSchema>

/** Proofs of one kind; which kinds may stand there is judged after the form (Appendix F). */
export const proofsSchema = z.object({
  jwt: z.array(jwt).min(1).optional(),
  attestation: z.array(jwt).length(1).optional(),
  di_vp: z.array(z.unknown()).min(1).optional(),
})
export type Proofs = z.infer<typeof proofsSchema>

/** A compressed point of P-256: a platform's identifier, blinded by the wallet. */
export const blindedPointText = z.string().regex(/^[\w-]{44}$/)

/** The outline of a credential request (§8.2): each part is judged with an error of its own. */
export const credentialRequestSchema = z.object({
  credential_identifier: tokenText.optional(),
  credential_configuration_id: tokenText.optional(),
  proofs: z.unknown().optional(),
  credential_response_encryption: z.unknown().optional(),
  platform_number_blinded: z.unknown().optional(),
})
export type CredentialRequest = z.infer<typeof credentialRequestSchema>

/** One issued credential as it travels. */
const issuedCredentialSchema = z.object({ credential: z.string().min(1) })

/** 200: the credentials are there (§8.3). */
export const issuedResponseSchema = z.object({
  credentials: z.array(issuedCredentialSchema).min(1).max(64),
  notification_id: z.string().min(1).max(2000).optional(),
})
/** 202: come back later (§8.3, §9.2). */
export const deferredResponseSchema = z.object({
  transaction_id: z.string().min(1).max(2000),
  interval: z.int().min(1),
})
export type IssuedResponse = z.infer<typeof issuedResponseSchema>
export type DeferredResponse = z.infer<typeof deferredResponseSchema>
export type CredentialResponse = IssuedResponse | DeferredResponse

/** §9.1. */
export const deferredRequestSchema = z.object({
  transaction_id: tokenText,
  credential_response_encryption: z.unknown().optional(),
})

/**
 * A guardian's word that everything about a ward is to pause; not of the standard. The token says
 * whose word it is.
 */
export const wardPauseRequestSchema = z.strictObject({
  /** The ward, as the token response names them. */
  credential_identifier: tokenText,
  /** Seconds since 1970; without it an operator takes the pause back. */
  until: z.int().positive().optional(),
})

/** A citizen's word that everything they hold is to pause; not of the standard. The token says whose. */
export const pauseRequestSchema = z.strictObject({
  /** Seconds since 1970; without it an operator takes the pause back. */
  until: z.int().positive().optional(),
})

/** The pause as it stands at the issuer; it can be longer than what was asked for. */
export const pauseResponseSchema = z.object({
  /** Seconds since 1970. */
  since: z.int().positive(),
  /** Seconds since 1970; `null` until an operator takes it back. */
  until: z.int().positive().nullable(),
})
export type PauseResponse = z.infer<typeof pauseResponseSchema>

/** §7.2. */
export const nonceResponseSchema = z.object({ c_nonce: z.string().min(1).max(2000) })

/** §11.1. */
export const notificationRequestSchema = z.object({
  notification_id: tokenText,
  event: z.enum(['credential_accepted', 'credential_failure', 'credential_deleted']),
  event_description: errorDescriptionText.max(2000).optional(),
})
export type NotificationRequest = z.infer<typeof notificationRequestSchema>
export type NotificationEvent = NotificationRequest['event']
