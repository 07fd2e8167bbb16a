import { type JsonObject, type JsonValue, memberOf } from '@netcert/credential'
import { z } from 'zod'
import { RECEIPT_MEMBER } from './disclosure-receipt.js'
import { ProtocolError } from './errors.js'
import { encryptMessage, type EncryptionJwk } from './message-encryption.js'
import { messageLimits, parseMessage } from './wire-text.js'

/** Presentations by the `id` of the credential query they answer (OpenID4VP 1.0 §8.1). */
export type VpToken = Readonly<Record<string, readonly string[]>>

/** What a wallet may say instead of presenting (OpenID4VP 1.0 §8.5). */
export const walletErrors = [
  'invalid_request',
  'invalid_scope',
  'invalid_client',
  'access_denied',
  'vp_formats_not_supported',
  'invalid_request_uri_method',
  'invalid_transaction_data',
  'wallet_unavailable',
] as const
export type WalletErrorName = (typeof walletErrors)[number]

/** Bounds of an answer. */
export const answerLimits = { maxBytes: 200 * 1024, maxPresentations: 64 } as const

/** Where and how an answer goes back: taken from a request that was checked. */
export type AnswerEncryption = {
  readonly recipient: EncryptionJwk
  readonly enc: string
}

type AnswerOptions = {
  readonly state: string | null
  readonly encryption: AnswerEncryption | null
}

/** The parameters of an answer, or the one parameter that holds them encrypted. */
export type AnswerMembers = Readonly<Record<string, JsonValue>>

/**
 * The members of an answer with presentations. The Digital Credentials API takes them as they are;
 * `direct_post` posts them as a form.
 *
 * @throws ProtocolError `encryption_parameters`
 * @see OpenID4VP 1.0 §8.1, §8.3, Appendix A.4
 */
export function createAnswer(
  options: AnswerOptions & { readonly vpToken: VpToken },
): Promise<AnswerMembers> {
  return membersOf({ vp_token: options.vpToken }, options)
}

/** The members that say no; encrypted as an answer would be, so that nobody on the way learns. */
export function createErrorAnswer(
  options: AnswerOptions & { readonly error: WalletErrorName },
): Promise<AnswerMembers> {
  return membersOf({ error: options.error }, options)
}

/** An answer as the body of a form: whatever is no text stands in it as JSON. */
export function encodeAnswerForm(members: AnswerMembers): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(members)) {
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return form.toString()
}

async function membersOf(
  members: AnswerMembers,
  { state, encryption }: AnswerOptions,
): Promise<AnswerMembers> {
  const payload = { ...members, ...(state === null ? {} : { state }) }
  if (encryption === null) return payload
  return { response: await encryptMessage({ payload, ...encryption }) }
}

/** A wallet's answer, read and bounded; nothing in it is verified. */
export type WalletAnswer =
  | { readonly kind: 'presentations'; readonly vpToken: VpToken; readonly state: string | null }
  | {
      readonly kind: 'error'
      /** Unknown names come as `other`. */
      readonly error: WalletErrorName | 'other'
      readonly state: string | null
    }

/** Presentations by query id (§8.1). */
export const vpTokenSchema = z
  .record(
    z
      .string()
      .max(512)
      .regex(/^[A-Za-z0-9_-]+$/),
    z
      .array(
        z
          .string()
          .min(1)
          .max(64 * 1024),
      )
      .min(1)
      .max(answerLimits.maxPresentations),
  )
  .refine((token) => Object.keys(token).length > 0)

/**
 * Reads the parameters of an answer: of a form, or of what an encrypted response held. A form's
 * `vp_token` is JSON text, an encrypted response's is JSON already. Unknown members are dropped.
 *
 * @throws ProtocolError `answer_malformed`, `message_malformed`, `message_too_large`
 * @see OpenID4VP 1.0 §8.1, §8.5
 */
export function parseAnswer(members: Readonly<Record<string, unknown>>): WalletAnswer {
  const state = textOf(members, 'state')
  const error = textOf(members, 'error')
  const given = Object.hasOwn(members, 'vp_token') ? members['vp_token'] : undefined
  if ((error === null) === (given === undefined)) {
    throw malformed('it has neither or both of vp_token and error')
  }
  if (error !== null) {
    return { kind: 'error', error: walletErrors.find((name) => name === error) ?? 'other', state }
  }
  const parsed = vpTokenSchema.safeParse(typeof given === 'string' ? parseVpToken(given) : given)
  if (!parsed.success) throw malformed('its vp_token is no object of lists of presentations')
  return { kind: 'presentations', vpToken: parsed.data, state }
}

/** The JWE of a `direct_post.jwt` form, or null for a plain form. @throws ProtocolError `answer_malformed` */
export function encryptedAnswerOf(members: Readonly<Record<string, unknown>>): string | null {
  return textOf(members, 'response')
}

/** What a verifier says to an answer. */
export type AnswerReply = {
  /** Where the wallet should go next: an absolute address of any scheme, or none. */
  readonly redirectUri: string | null
  /** The disclosure receipt, unread; a verifier that nobody accredited gives none. */
  readonly receipt: string | null
}

/**
 * Reads what a verifier says to an accepted or refused answer.
 *
 * @throws ProtocolError `message_malformed`, `message_too_large`
 */
export function parseAnswerReply(text: string): AnswerReply {
  const reply: JsonObject = parseMessage(text, { maxBytes: messageLimits.maxRequestBytes })
  const named = memberOf(reply, 'redirect_uri')
  const receipt = memberOf(reply, RECEIPT_MEMBER)
  // The presentation has arrived: an address or a receipt that is none must not make that look like a failure.
  const isAddress =
    typeof named === 'string' && named.length <= messageLimits.maxUrlLength && URL.canParse(named)
  return {
    redirectUri: isAddress ? named : null,
    receipt: typeof receipt === 'string' ? receipt : null,
  }
}

function parseVpToken(text: string): JsonObject {
  const { maxKeys } = messageLimits
  return parseMessage(text, { maxBytes: answerLimits.maxBytes, maxKeys })
}

function textOf(members: Readonly<Record<string, unknown>>, name: string): string | null {
  if (!Object.hasOwn(members, name)) return null
  const value = members[name]
  if (typeof value === 'string' && value.length <= answerLimits.maxBytes) return value
  throw malformed(`${name} is no text, or stands twice`)
}

function malformed(problem: string): ProtocolError {
  return new ProtocolError(
    'answer_malformed',
    `The answer cannot be read: ${problem}. Answer as OpenID4VP 1.0 section 8 says.`,
  )
}
