import type { PresentationRequest } from '@netcert/protocol'
import { WalletError } from './errors.js'
import type { SubjectContext } from './vp-answer-context.js'
import { findCandidates } from './vp-candidates.js'
import type { Judgement } from './vp-judgement.js'
import { isAboutMinor } from './vp-subject.js'

/**
 * Whether who somebody is in plain words stays here because they are under 18: their own consent, or a
 * guardian's tap, is not enough for that; a law that demands it is.
 */
export async function isMinorShielded(
  context: SubjectContext,
  { audience }: PresentationRequest,
  { accredited, query }: Judgement,
): Promise<boolean> {
  if (accredited === null || query === null) return false
  const { platformId, legalBasis } = accredited.accreditation
  if (legalBasis.startsWith('law:')) return false
  const ward = context.ward?.id ?? null
  const question = { query, audience, platformId, ward, shieldsMinors: true }
  const candidates = await findCandidates(context, question, context.clock())
  return candidates.length > 0 && candidates.every(({ held }) => isAboutMinor(held))
}

/** Nothing was left to answer. */
export function minorProtected(): WalletError {
  return new WalletError(
    'minor_protected',
    'the platform asks who a minor is in plain words, and no law lets it; nothing was shown.',
  )
}
