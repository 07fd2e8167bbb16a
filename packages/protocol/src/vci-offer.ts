import { z } from 'zod'
import { ProtocolError } from './errors.js'
import { messageLimits, parseMessage, readBySchema, webUrl } from './wire-text.js'

export const PRE_AUTHORIZED_GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

/** Schemes a wallet answers to (OpenID4VCI 1.0 §12.1, HAIP 1.0 §4.2). */
export const OFFER_SCHEMES = ['openid-credential-offer', 'haip-vci'] as const
export type OfferScheme = (typeof OFFER_SCHEMES)[number]

/** A code or state of another issuer: it may well be a signed token. */
const foreignText = z
  .string()
  .min(1)
  .max(4000)
  .regex(/^[\x21-\x7e]+$/)

/** How the transaction code looks; an empty object still means that there is one (§6.1). */
export const transactionCodeSchema = z.object({
  input_mode: z.enum(['numeric', 'text']).optional(),
  length: z.int().min(1).max(64).optional(),
  description: z.string().max(300).optional(),
})
export type TransactionCode = z.infer<typeof transactionCodeSchema>

/** A credential offer (OpenID4VCI 1.0 §4.1.1). Unknown members are dropped. */
export const credentialOfferSchema = z.object({
  credential_issuer: webUrl,
  credential_configuration_ids: z
    .array(z.string().min(1).max(messageLimits.maxTokenLength))
    .min(1)
    .max(32)
    .refine((ids) => new Set(ids).size === ids.length, 'must be unique'),
  grants: z
    .object({
      authorization_code: z
        .object({
          issuer_state: foreignText.optional(),
          authorization_server: webUrl.optional(),
        })
        .optional(),
      [PRE_AUTHORIZED_GRANT]: z
        .object({
          'pre-authorized_code': foreignText,
          tx_code: transactionCodeSchema.optional(),
          authorization_server: webUrl.optional(),
        })
        .optional(),
    })
    .optional(),
})
export type CredentialOffer = z.infer<typeof credentialOfferSchema>

/** What a link or QR code carries: the offer itself, or where it lies. */
export type OfferLink =
  | { readonly kind: 'value'; readonly offer: CredentialOffer }
  | { readonly kind: 'reference'; readonly uri: string }

/**
 * Reads a credential offer. Nothing in it can be believed: anybody can make one (§13.5).
 *
 * @throws ProtocolError `offer_malformed`
 */
export function parseCredentialOffer(value: unknown): CredentialOffer {
  return readBySchema(credentialOfferSchema, value, {
    code: 'offer_malformed',
    what: 'The credential offer',
  })
}

/**
 * Reads the link of an offer: `openid-credential-offer://`, `haip-vci://`, or an https address of
 * a wallet's own offer endpoint.
 *
 * @throws ProtocolError `offer_malformed`, `message_malformed`, `message_too_large`
 * @see OpenID4VCI 1.0 §4.1
 */
export function parseOfferLink(text: string): OfferLink {
  if (text.length > messageLimits.maxRequestBytes || !URL.canParse(text)) {
    throw malformed('it is no link')
  }
  const url = new URL(text)
  const known = [...OFFER_SCHEMES.map((scheme) => `${scheme}:`), 'https:', 'http:']
  if (!known.includes(url.protocol)) throw malformed('its scheme is not one of credential offers')
  const values = url.searchParams.getAll('credential_offer')
  const references = url.searchParams.getAll('credential_offer_uri')
  const [value] = values
  const [reference] = references
  if (values.length + references.length !== 1) {
    throw malformed('it needs exactly one of credential_offer and credential_offer_uri')
  }
  if (value !== undefined) {
    const parsed = parseMessage(value, { maxBytes: messageLimits.maxRequestBytes })
    return { kind: 'value', offer: parseCredentialOffer(parsed) }
  }
  const uri = webUrl.safeParse(reference)
  if (!uri.success) throw malformed('credential_offer_uri is no web address')
  return { kind: 'reference', uri: uri.data }
}

/**
 * Makes the link of an offer.
 *
 * @param start - A scheme of {@link OFFER_SCHEMES}, or a wallet's offer endpoint.
 */
export function createOfferLink(
  link: OfferLink,
  start: string = 'openid-credential-offer',
): string {
  const begin = (OFFER_SCHEMES as readonly string[]).includes(start) ? `${start}://` : start
  const [name, value] =
    link.kind === 'value'
      ? ['credential_offer', JSON.stringify(link.offer)]
      : ['credential_offer_uri', link.uri]
  return `${begin}${begin.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`
}

function malformed(problem: string): ProtocolError {
  return new ProtocolError(
    'offer_malformed',
    `The credential offer cannot be read: ${problem}. Ask the issuer for a new one.`,
  )
}
