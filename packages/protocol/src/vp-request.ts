import { z } from 'zod'
import { displayText, webUrl } from './wire-text.js'

/** Bounds of a presentation request, before anything in it is understood. */
export const requestLimits = {
  maxUrlCharacters: 64 * 1024,
  /** A request object, fetched or by value. */
  maxObjectBytes: 64 * 1024,
  maxTransactionData: 16,
  maxVerifierInfo: 16,
  maxAlternatives: 8,
  maxKeys: 16,
} as const

// OpenID4VP §5.2: ASCII that needs no escape in a URL.
const urlSafe = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[A-Za-z0-9._~-]+$/, 'must be URL-safe ASCII')

const text = z.string().min(1).max(2048)
const addressWithoutFragment = webUrl.refine((value) => !value.includes('#'), 'has a fragment')

const clientMetadataSchema = z.object({
  jwks: z.object({ keys: z.array(z.unknown()).max(requestLimits.maxKeys) }).optional(),
  encrypted_response_enc_values_supported: z.array(text).min(1).max(16).optional(),
  vp_formats_supported: z
    .record(z.string().max(64), z.record(z.string().max(64), z.unknown()))
    .optional(),
  // A claim of the verifier's about itself: not worth a refusal when it cannot be shown.
  client_name: z.string().max(256).optional().catch(undefined),
})

const verifierInfoSchema = z.object({
  format: text,
  data: z.union([z.string().max(requestLimits.maxObjectBytes), z.record(z.string(), z.unknown())]),
  credential_ids: z.array(text).min(1).max(16).optional(),
})

// What else the person may do (R21). Not worth a refusal when it cannot be shown.
const alternativeSchema = z.object({ 'zh-CN': displayText, en: displayText })

/**
 * How an answer goes back. `fragment` and `query` are for wallets that are web pages; the two of our
 * own are for a gate, where it is shown as a QR code (docs/formats/nc1.md).
 */
export const responseModes = [
  'direct_post',
  'direct_post.jwt',
  'dc_api',
  'dc_api.jwt',
  'netcert_qr',
  'netcert_qr.jwt',
] as const

/**
 * The wire form of a presentation request: claims of a request object, or URL parameters. Unknown
 * members are dropped (§5). `dcql_query` is checked by `parseQuery`.
 *
 * @see OpenID4VP 1.0 §5.1, §5.2, §8.4, Appendix A.2
 */
export const requestObjectSchema = z.object({
  response_type: z.literal('vp_token'),
  response_mode: z.enum(responseModes),
  nonce: urlSafe,
  client_id: z.string().min(1).max(2048).optional(),
  state: urlSafe.optional(),
  response_uri: addressWithoutFragment.optional(),
  redirect_uri: z.string().max(2048).optional(),
  dcql_query: z.unknown().optional(),
  scope: z.string().max(512).optional(),
  client_metadata: clientMetadataSchema.optional(),
  transaction_data: z
    .array(
      z
        .string()
        .min(1)
        .max(16 * 1024),
    )
    .min(1)
    .max(requestLimits.maxTransactionData)
    .optional(),
  verifier_info: z.array(verifierInfoSchema).min(1).max(requestLimits.maxVerifierInfo).optional(),
  /** Our own: other ways to reach the same end, equal in service, in both languages. */
  netcert_alternatives: z
    .array(alternativeSchema)
    .min(1)
    .max(requestLimits.maxAlternatives)
    .optional()
    .catch(undefined),
  /** Our own, of a printed challenge: the wallet makes the nonce (docs/formats/nc1.md). */
  netcert_nonce: z.literal('self-made').optional(),
  expected_origins: z.array(text).min(1).max(32).optional(),
  wallet_nonce: z.string().min(1).max(512).optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  iss: z.string().optional(),
  iat: z.number().optional(),
  nbf: z.number().optional(),
  exp: z.number().optional(),
})

/** A presentation request with its wire names. */
export type RequestObject = z.infer<typeof requestObjectSchema>
export type ClientMetadata = z.infer<typeof clientMetadataSchema>
export type VerifierInfo = z.infer<typeof verifierInfoSchema>
export type ResponseMode = (typeof responseModes)[number]

/** `typ` of a signed request (RFC 9101 §10.8). */
export const REQUEST_OBJECT_TYP = 'oauth-authz-req+jwt'
/** Media type of a request object fetched from its `request_uri`. */
export const REQUEST_OBJECT_MEDIA_TYPE = 'application/oauth-authz-req+jwt'
/** `aud` of a request to a wallet that nobody looked up (§5.8). */
export const STATIC_WALLET_AUDIENCE = 'https://self-issued.me/v2'
