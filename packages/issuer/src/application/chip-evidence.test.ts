import { describe, expect, it } from 'vitest'
import { chipNow, createCountry, sampleDocument } from '../../../../test/chip-ground.js'
import type { SourceCitizen } from '../authentic-source.js'
import { createZone } from '../chip/sample-zone.js'
import type { DocumentType } from '../document-number.js'
import { createChipApplicationEvidence } from './chip-evidence.js'
import type { EvidenceSubject } from './evidence.js'

/** Somebody of the authentic source, found by the number of the sample document. */
function subjectOf(documentType: DocumentType, nationality: string): EvidenceSubject {
  const { documentNumber, birthdate, sex } = sampleDocument
  const citizen = { documentType, documentNumber, birthdate, sex, nationality }
  return {
    citizen: { ...citizen, furtherDocuments: [] } as unknown as SourceCitizen,
    now: chipNow,
  } as EvidenceSubject
}

describe('a genuine document with the number of somebody on record', () => {
  it.each([
    ['their passport', 'CN', 'CHN', 'P', 'passport', 'CHN', true],
    ['the passport of a foreigner', 'DE', 'D', 'P', 'passport', 'DEU', true],
    ['a passport of another state, which claims them', 'FR', 'FRA', 'P', 'passport', 'CHN', false],
    ['a passport of here for a foreigner', 'CN', 'CHN', 'P', 'passport', 'DEU', false],
    ['a card of here', 'CN', 'CHN', 'I', 'resident_id', 'CHN', true],
    ['a card of another state', 'FR', 'FRA', 'I', 'resident_id', 'CHN', false],
    ['a permit of here', 'CN', 'CHN', 'C', 'foreign_permanent_resident', 'DEU', true],
    ['a passport where a card is on record', 'CN', 'CHN', 'P', 'resident_id', 'CHN', false],
    ['a card where a passport is on record', 'CN', 'CHN', 'I', 'passport', 'CHN', false],
    ['a specimen, where specimens are trusted', 'UT', 'UTO', 'P', 'passport', 'CHN', true],
  ] as const)(
    '%s: counts as theirs or not',
    async (...[, country, state, code, type, nation, isTheirs]) => {
      const format = code === 'P' ? ('TD3' as const) : ('TD1' as const)
      const document = { ...sampleDocument, format, documentCode: code, nationality: 'CHN' }
      const zone = createZone(document, state, chipNow)
      const { csca, chip } = await createCountry({ country, zone })
      const evidence = createChipApplicationEvidence(async () => [csca])
      const outcome = isTheirs ? 'passive_authentication' : 'chip_other_document'
      expect(await evidence.check(subjectOf(type, nation), chip)).toEqual({
        passed: isTheirs,
        outcome,
      })
    },
  )
})
