import type { JsonObject } from '@netcert/credential'
import { z } from 'zod'
import { ProtocolError } from './errors.js'
import { bindsClaims, consentClaims, createRequestLink, parseRequestLink } from './link-consent.js'

/** What a recovery contact says yes to: being one, or that an application is by whom it says. */
export const RECOVERY_TYPES = {
  contact: 'urn:netcert:recovery-contact:1',
  confirmation: 'urn:netcert:recovery-confirmation:1',
} as const
export type RecoveryKind = keyof typeof RECOVERY_TYPES

/** What an issuer asks a recovery contact; it names nobody. */
export type RecoveryRequest = {
  readonly kind: RecoveryKind
  /** Address of the issuer: what the presentation is made for. */
  readonly issuer: string
  readonly nonce: string
  /** Reference of the request to be a contact, or of the application that is confirmed. */
  readonly subject: string
}

const SCHEME = 'netcert-recovery:'

const requestSchema = z.strictObject({
  kind: z.enum(['contact', 'confirmation']),
  issuer: z.string().min(1).max(2_000),
  nonce: z.string().min(16).max(256),
  subject: z.string().regex(/^[a-z]_[0-9a-z]{1,64}$/),
})

/** The request as a link that is handed to the contact: copied, or shown as a QR code. */
export function createRecoveryLink({ kind, issuer, nonce, subject }: RecoveryRequest): string {
  return createRequestLink(SCHEME, { kind, issuer, nonce, subject })
}

/**
 * Reads such a link.
 *
 * @throws ProtocolError `recovery_malformed`
 */
export function parseRecoveryLink(link: string): RecoveryRequest {
  return parseRequestLink(link, { scheme: SCHEME, schema: requestSchema, malformed })
}

/** `netcert_purpose` of the KB-JWT: a presentation to a contact's issuer can be nothing else. */
export function recoveryPurpose(kind: RecoveryKind): string {
  return `recovery-${kind}`
}

/**
 * The claims of the contact's KB-JWT besides the standard's own: what it is for, and the hash of the
 * transaction that names the request or the application.
 *
 * @see OpenID4VP 1.0 Appendix B.3.3.1
 */
export function recoveryClaims({
  kind,
  subject,
}: Pick<RecoveryRequest, 'kind' | 'subject'>): JsonObject {
  return consentClaims(recoveryPurpose(kind), { type: RECOVERY_TYPES[kind], subject })
}

/** Whether a KB-JWT says yes to exactly this. */
export function saysYesTo(
  binding: JsonObject,
  request: Pick<RecoveryRequest, 'kind' | 'subject'>,
): boolean {
  return bindsClaims(binding, recoveryClaims(request))
}

function malformed(cause?: unknown): ProtocolError {
  const text = 'This is no request to a recovery contact. Ask for it again, and copy all of it.'
  return new ProtocolError('recovery_malformed', text, { cause })
}
