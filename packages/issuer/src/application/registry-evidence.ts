import type { AuthenticSource, SourceCitizen } from '../authentic-source.js'
import { isStatedName } from '../person-identification.js'
import type { ApplicationContent } from './application-content.js'
import type { EvidenceChecker, EvidenceOutcome } from './evidence.js'

/**
 * Compares what was stated with the authentic source: any document of the person by its number, its
 * type, the birth date, and the name: exactly as on record, or the same in normal form (width, case,
 * spaces, the dot between the parts of a name in all its forms, family name first or last).
 */
export function createRegistryEvidence(
  source: Pick<AuthenticSource, 'find'>,
): EvidenceChecker<'registry'> {
  return {
    async check({ content }): Promise<EvidenceOutcome> {
      const citizen = await source.find(content.documentNumber)
      if (citizen === undefined) return { passed: false, outcome: 'registry_unknown' }
      return compared(content, citizen)
    },
  }
}

function compared(content: ApplicationContent, citizen: SourceCitizen): EvidenceOutcome {
  const document = [citizen, ...citizen.furtherDocuments].find(
    ({ documentNumber }) => documentNumber === content.documentNumber,
  )
  if (document?.documentType !== content.documentType) {
    return { passed: false, outcome: 'registry_document_type' }
  }
  const exact = content.familyName === citizen.familyName && content.givenName === citizen.givenName
  const name = content.familyName + content.givenName
  if (!exact && !isStatedName({ documentNumber: content.documentNumber, name }, citizen)) {
    return { passed: false, outcome: 'registry_name' }
  }
  if (content.birthdate !== citizen.birthdate) {
    return { passed: false, outcome: 'registry_birthdate' }
  }
  const outcome = exact ? 'exact' : 'normalised'
  return { passed: true, outcome, citizen: citizen.reference }
}
