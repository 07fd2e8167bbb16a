import { CredentialError, type JsonObject, parseJsonObject } from '@netcert/credential'
import { z } from 'zod'
import { isDisplayText } from './display-text.js'
import { ProtocolError, type ProtocolErrorCode } from './errors.js'

/** Bounds of a message; each holds before the message is understood. Sizes in bytes. */
export const messageLimits = {
  /** A request to an issuer. */
  maxRequestBytes: 64 * 1024,
  /** A metadata document or offer that a wallet fetches. */
  maxDocumentBytes: 200 * 1024,
  /** What an encrypted message may hold when it is opened and inflated. */
  maxPlaintextBytes: 200 * 1024,
  maxDepth: 32,
  /** Members of all objects of a request together. */
  maxKeys: 200,
  maxProofs: 20,
  /** A code, a token, a nonce. */
  maxTokenLength: 200,
  /** One proof, attestation or other JWT in a message. */
  maxJwtBytes: 16 * 1024,
  maxUrlLength: 8 * 1024,
} as const

export type MessageBounds = {
  readonly maxBytes: number
  readonly maxDepth?: number
  readonly maxKeys?: number
}

/**
 * Parses a JSON message: an object with one meaning, within bounds.
 *
 * @throws ProtocolError `message_too_large`, `message_malformed`
 */
export function parseMessage(text: string, bounds: MessageBounds): JsonObject {
  // A character has at least one byte; counting the bytes of what is longer is not worth it.
  if (text.length > bounds.maxBytes || new TextEncoder().encode(text).length > bounds.maxBytes) {
    throw new ProtocolError(
      'message_too_large',
      `A message has at most ${bounds.maxBytes} bytes; send less.`,
    )
  }
  try {
    const { maxDepth = messageLimits.maxDepth, maxKeys } = bounds
    return parseJsonObject(
      text,
      maxKeys === undefined ? { maxDepth } : { maxDepth, maxMembers: maxKeys },
    )
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    const problem = `A message is no plain JSON object (${cause.code}); correct it.`
    throw new ProtocolError('message_malformed', problem, { cause })
  }
}

/**
 * Reads a value by its schema; unknown members are dropped.
 *
 * @throws ProtocolError `code`, with the place of the first problem and never its value.
 */
export function readBySchema<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  refusal: { readonly code: ProtocolErrorCode; readonly what: string },
): z.infer<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  // Only names of the schema stand in the text: a key that a stranger chose could say anything.
  const path = (issue?.path ?? []).filter((step) => isPlainStep(step)).join('.')
  const where = path === '' ? '' : ` at ${path}`
  throw new ProtocolError(
    refusal.code,
    `${refusal.what} is not as the standard describes it${where} (${issue?.code ?? 'unknown'}); correct it.`,
  )
}

function isPlainStep(step: PropertyKey): boolean {
  return typeof step === 'number' || (typeof step === 'string' && /^[\w-]{1,64}$/.test(step))
}

/** A code, token, nonce or identifier: visible ASCII. */
export const tokenText = z
  .string()
  .min(1)
  .max(messageLimits.maxTokenLength)
  .regex(/^[\x21-\x7e]+$/)

/** A URL with scheme https, or http: which hosts may be asked without https is the fetcher's rule. */
export const webUrl = z
  .string()
  .max(messageLimits.maxUrlLength)
  .refine((text) => URL.canParse(text) && /^https?:\/\//i.test(text), 'must be a web address')

/** A text to show: bounded, escaped by whoever shows it. */
export const shownText = z.string().max(2000)

/** A name or purpose that stands on a screen as it is: what cannot be seen in it is refused. */
export const displayText = z
  .string()
  .max(3200)
  .refine(isDisplayText, 'must be 1 to 200 characters that can be seen')

/** A claim path on the wire: of one claim, or of several by `null`. */
export const claimPathSchema = z
  .array(z.union([z.string().max(512), z.int().min(0), z.null()]))
  .min(1)
  .max(32)

/** Seconds since 1970, up to the year 9999. */
export const instantSchema = z.number().min(0).max(253_402_300_799)
