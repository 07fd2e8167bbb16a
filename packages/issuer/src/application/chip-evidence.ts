import type { SourceCitizen } from '../authentic-source.js'
import type { ChipFacts } from '../chip/chip-evidence.js'
import { countryOfState } from '../chip/issuing-states.js'
import type { DocumentType } from '../document-number.js'
import { IssuerError } from '../issuer-error.js'
import type { EvidenceChecker, EvidenceOutcome } from './evidence.js'
import { citizenOf } from './phone-evidence.js'

/**
 * The chip of a document of the person: genuine by the country signing certificates this issuer
 * trusts, and about the person the authentic source found. Its bytes are gone with the answer.
 *
 * The machine readable zone writes names in Latin letters and years with two digits: compared are
 * number, birth date and sex. Numbers repeat between states, and each state could sign anybody's: it
 * has to be a document of that kind, of the state that issues it.
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
  const document = [citizen, ...citizen.furtherDocuments].find(
    ({ documentNumber }) => documentNumber === facts.documentNumber,
  )
  if (document === undefined || !isOfItsKind(facts, document.documentType, citizen)) {
    return { passed: false, outcome: 'chip_other_document' }
  }
  const sameBirth = facts.birthdate.slice(2) === citizen.birthdate.slice(2)
  const sameSex = facts.sex === 'unspecified' || facts.sex === citizen.sex
  if (!sameBirth || !sameSex) return { passed: false, outcome: 'chip_other_person' }
  return { passed: true, outcome: 'passive_authentication' }
}

/** The state of specimens: whoever trusts its authority trusts specimens. */
const SPECIMENS = 'UTO'
const HERE = 'CN'
/** One nationality, and several codes for it. */
const OF_HERE: ReadonlySet<string> = new Set([HERE, 'HK', 'MO', 'TW'])

/** A passport is of the state whose national somebody is; every other document is of here. */
function isOfItsKind(
  { documentType: code, issuingState }: Pick<ChipFacts, 'documentType' | 'issuingState'>,
  type: DocumentType,
  { nationality }: Pick<SourceCitizen, 'nationality'>,
): boolean {
  const isPassport = type === 'passport'
  if (code.startsWith('P') !== isPassport) return false
  const issuer = countryOf(issuingState)
  if (issuingState === SPECIMENS) return true
  return issuer !== undefined && issuer === (isPassport ? countryOf(nationality) : HERE)
}

function countryOf(state: string): string | undefined {
  const country = countryOfState(state)
  return country !== undefined && OF_HERE.has(country) ? HERE : country
}

function unconfigured(): IssuerError {
  const text =
    'No country signing certificate is trusted here; put them into the folder csca of the data folder.'
  return new IssuerError('evidence_chip_unconfigured', text)
}
