import type { JsonObject } from '@netcert/credential'
import { z } from 'zod'
import { ProtocolError } from './errors.js'
import { bindsClaims, consentClaims, createRequestLink, parseRequestLink } from './link-consent.js'

/** A guardian's word that a minor is enrolled by an application, and for these purposes. */
export const GUARDIAN_CONSENT = 'urn:netcert:guardian-consent:1'
/** `netcert_purpose` of the KB-JWT: such a presentation can be nothing else. */
export const GUARDIAN_CONSENT_PURPOSE = 'guardian-consent'

/** What an issuer asks the guardian of whoever an application is about; it names nobody. */
export type GuardianConsentRequest = {
  /** Address of the issuer: what the presentation is made for. */
  readonly issuer: string
  readonly nonce: string
  /** Reference of the application. */
  readonly application: string
  /** Digest of the purposes that are consented to. */
  readonly purposes: string
}

/** What such a link begins with. */
export const GUARDIAN_LINK_SCHEME = 'netcert-guardian:'

const requestSchema = z.strictObject({
  issuer: z.string().min(1).max(2_000),
  nonce: z.string().min(16).max(256),
  application: z.string().regex(/^f_[0-9a-z]{1,64}$/),
  purposes: z.string().regex(/^[\w-]{43}$/),
})

/** The request as a link that is handed to the guardian: copied, or shown as a QR code. */
export function createGuardianLink(request: GuardianConsentRequest): string {
  const { issuer, nonce, application, purposes } = request
  return createRequestLink(GUARDIAN_LINK_SCHEME, { issuer, nonce, application, purposes })
}

/**
 * Reads such a link.
 *
 * @throws ProtocolError `guardian_consent_malformed`
 */
export function parseGuardianLink(link: string): GuardianConsentRequest {
  const rules = { scheme: GUARDIAN_LINK_SCHEME, schema: requestSchema, malformed }
  return parseRequestLink(link, rules)
}

/**
 * The claims of the guardian's KB-JWT besides the standard's own: what it is for, and the hash of the
 * transaction that names application and purposes.
 *
 * @see OpenID4VP 1.0 Appendix B.3.3.1
 */
export function guardianConsentClaims({
  application,
  purposes,
}: Pick<GuardianConsentRequest, 'application' | 'purposes'>): JsonObject {
  return consentClaims(GUARDIAN_CONSENT_PURPOSE, { type: GUARDIAN_CONSENT, application, purposes })
}

/** Whether a KB-JWT consents to exactly this application, and to exactly these purposes. */
export function consentsTo(
  binding: JsonObject,
  request: Pick<GuardianConsentRequest, 'application' | 'purposes'>,
): boolean {
  return bindsClaims(binding, guardianConsentClaims(request))
}

function malformed(cause?: unknown): ProtocolError {
  const text = 'This is no request to a guardian. Ask for it again, and copy all of it.'
  return new ProtocolError('guardian_consent_malformed', text, { cause })
}
