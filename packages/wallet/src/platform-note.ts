import { epochSeconds } from '@netcert/credential'
import type { VerifiedAccreditation } from './accredited-verifier.js'
import type { PlatformNote } from './ledger-entry.js'

/** An accredited platform as the ledger notes it; null for a verifier that nobody accredited. */
export function noteOf(accredited: VerifiedAccreditation | null, now: Date): PlatformNote | null {
  if (accredited === null) return null
  const { platformId, name, purpose, purposeId, legalBasis, id, retentionSeconds } =
    accredited.accreditation
  return {
    id: platformId,
    name,
    purpose,
    purpose_id: purposeId,
    legal_basis: legalBasis,
    accreditation: id,
    until: epochSeconds(now) + retentionSeconds,
  }
}
