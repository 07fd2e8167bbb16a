import type { SourceCitizen } from '../authentic-source.js'
import { type CivilDate, civilDateAt } from '../civil-date.js'
import { isMinor } from '../guardianship.js'
import { IssuerError } from '../issuer-error.js'
import { type ApplicationParts, citizenOfRow } from './application-parts.js'
import type { StoredApplication } from './application-store.js'

/** Whether the guardian who consented still is one, or the person needs none any more. */
export function consentStands(
  { guardian }: Pick<StoredApplication, 'guardian'>,
  citizen: SourceCitizen | null,
  today: CivilDate,
): boolean {
  if (guardian === null || citizen === null || !isMinor(citizen.birthdate, today)) return true
  return citizen.guardians.includes(guardian)
}

/** @throws IssuerError `guardian_not_linked`. */
export async function assertConsentStands(
  parts: Pick<ApplicationParts, 'source' | 'clock'>,
  row: StoredApplication,
): Promise<void> {
  const citizen = await citizenOfRow(parts, row)
  if (consentStands(row, citizen, civilDateAt(parts.clock()))) return
  const text =
    'The guardian who consented is guardian no longer; withdraw the application, and take a new one.'
  throw new IssuerError('guardian_not_linked', text)
}
