import { refusalKindOf, type RefusalKind } from './refusals.js'
import type { VerificationResult } from './result.js'
import type { PresentationResult } from './vp-outcome.js'

/** Nothing was presented, or it was used up: the certificate is voluntary, so other means count. */
const withoutCertificate: ReadonlySet<RefusalKind> = new Set([
  'session_gone',
  'session_used',
  'waiting',
  'declined',
])

/**
 * Whether a refusal says no more than that no certificate was presented here. A certificate that was
 * refused, of somebody else or revoked, stays refused.
 */
export function hasNoCertificate(refusal: unknown): boolean {
  const code = refusal instanceof Error && 'code' in refusal ? String(refusal.code) : ''
  return withoutCertificate.has(refusalKindOf(code))
}

/**
 * A result by other means as the platform's code gets it from a request: the shape that a certificate
 * leads to.
 */
export function byOtherMeans(result: VerificationResult, question: string): PresentationResult {
  // What the platform found out itself it keeps under its own rules, not under an accreditation.
  return { ...result, credentials: {}, purpose: question, transactions: [], retention: null }
}
