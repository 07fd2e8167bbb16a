import type { SourceCitizen } from '../authentic-source.js'
import type { ChipFacts } from '../chip/chip-evidence.js'
import { IssuerError } from '../issuer-error.js'
import type { EvidenceChecker, EvidenceOutcome } from './evidence.js'
import { citizenOf } from './phone-evidence.js'

/**
 * The chip of a document of the person: genuine by the country signing certificates this issuer
 * trusts, and about the person the authentic source found. Its bytes are gone with the answer.
 *
 * The machine readable zone writes names in Latin letters and years with two digits: compared are
 * number, birth date and sex.
 */
export function createChipApplicationEvidence(
  trusted: (now: Date) => Promise<readonly Uint8Array[]>,
): EvidenceChecker<'chip'> {
  return {
    async check(subject, { sod, dataGroups }) {
      const citizen = citizenOf(subject)
      const cscaCertificates = await trusted(subject.now)
      if (cscaCertificates.length === 0) throw unconfigured()
      const { createChipEvidence } = await import('../chip/chip-evidence.js')
      const chip = createChipEvidence({ cscaCertificates })
      return compared(chip.check({ sod, dataGroups, now: subject.now }), citizen)
    },
  }
}

function compared(facts: ChipFacts, citizen: SourceCitizen): EvidenceOutcome {
  const numbers = [citizen, ...citizen.furtherDocuments].map(({ documentNumber }) => documentNumber)
  if (!numbers.includes(facts.documentNumber)) {
    return { passed: false, outcome: 'chip_other_document' }
  }
  const sameBirth = facts.birthdate.slice(2) === citizen.birthdate.slice(2)
  const sameSex = facts.sex === 'unspecified' || facts.sex === citizen.sex
  if (!sameBirth || !sameSex) return { passed: false, outcome: 'chip_other_person' }
  return { passed: true, outcome: 'passive_authentication' }
}

function unconfigured(): IssuerError {
  const text =
    'No country signing certificate is trusted here; put them into the folder csca of the data folder.'
  return new IssuerError('evidence_chip_unconfigured', text)
}
