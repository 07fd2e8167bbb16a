import { type JsonObject, memberOf } from '@netcert/credential'
import { z } from 'zod'
import { ProtocolError } from './errors.js'
import { readPresentedForm } from './presented-form.js'
import { messageLimits, parseMessage } from './wire-text.js'

/** `netcert_purpose` of the KB-JWT of a cancellation: the presentation can be nothing else. */
export const CANCELLATION_PURPOSE = 'cancellation'

/** Where an issuer takes cancellations, from the `status_uri_prefix` of its trust list entry. */
export function cancellationAddress(statusUriPrefix: string): string {
  return `${issuerAddress(statusUriPrefix)}/cancel`
}

/** Where an issuer hands out nonces, from the `status_uri_prefix` of its trust list entry. */
export function nonceAddress(statusUriPrefix: string): string {
  return `${issuerAddress(statusUriPrefix)}/nonce`
}

/** An issuer's own address, from the `status_uri_prefix` of its trust list entry. */
export function issuerAddress(statusUriPrefix: string): string {
  return statusUriPrefix.replace(/\/status\/$/, '')
}

/** The claims of the KB-JWT of a cancellation besides the standard's own. */
export function cancellationClaims(): JsonObject {
  return { netcert_purpose: CANCELLATION_PURPOSE }
}

/**
 * A cancellation as the body of a form. The presentation is of the citizen's own certificate, shows
 * `network_number` and nothing else, and answers a nonce of the issuer.
 */
export function encodeCancellationForm(presentation: string): string {
  return new URLSearchParams({ presentation }).toString()
}

/** A presentation to an issuer whose form is right; nothing of it is verified. */
export type PresentedToIssuer = {
  readonly presentation: string
  /** Of the KB-JWT: the issuer's own, to be judged by it. */
  readonly nonce: string
}

/**
 * Reads a cancellation. A presentation that was made for something else is none.
 *
 * @throws ProtocolError `cancellation_malformed`
 */
export function readCancellation(members: Readonly<Record<string, unknown>>): PresentedToIssuer {
  const form = readPresentedForm(members, { purpose: CANCELLATION_PURPOSE, malformed })
  const nonce = memberOf(form.binding, 'nonce')
  if (typeof nonce !== 'string') throw malformed('its presentation answers no nonce')
  return { presentation: form.presentation, nonce }
}

/** The form of a cancellation, as the issuer's OpenAPI document has it. */
export const cancellationFormSchema = z.object({ presentation: z.string() })

/** The answer to a cancellation. */
export const cancellationReplySchema = z.object({ netcert_erasure: z.string() })

/** The body of an issuer's answer to a cancellation. */
export function createCancellationReply(receipt: string): JsonObject {
  return { netcert_erasure: receipt }
}

/**
 * The erasure receipt in an issuer's answer.
 *
 * @throws ProtocolError `erasure_receipt_invalid`, `message_malformed`, `message_too_large`
 */
export function parseCancellationReply(text: string): string {
  const reply = parseMessage(text, { maxBytes: messageLimits.maxRequestBytes })
  const receipt = memberOf(reply, 'netcert_erasure')
  if (typeof receipt === 'string') return receipt
  throw new ProtocolError('erasure_receipt_invalid', 'The answer holds no erasure receipt.')
}

function malformed(problem: string, cause?: unknown): ProtocolError {
  const text = `The cancellation cannot be read: ${problem}. Make it anew.`
  return new ProtocolError('cancellation_malformed', text, { cause })
}
