import type { Vault } from '@netcert/agent'
import { type DocumentType, readDocumentNumber } from './document-number.js'
import { openRecord, sealRecord } from './sealed-record.js'
import { type CitizenDocument, openCitizen, type RecordOutcome } from './source-record.js'
import type { SourceStore, StoredNumber } from './source-store.js'

/** One line of a file of further documents, in normal form. */
export type DocumentRow = {
  /** A document the person is found by already. */
  readonly known: CitizenDocument
  readonly further: CitizenDocument
}

type Parts = {
  readonly store: SourceStore
  readonly vault: Vault
  readonly tagOf: (documentNumber: string) => string
}

/**
 * Records a further document of a person on record. The number must be nobody else's, and where it
 * holds a birth date it must be theirs.
 */
export async function recordDocument(
  { store, vault, tagOf }: Parts,
  { known, further }: DocumentRow,
): Promise<RecordOutcome> {
  const [person] = await store.getByTags([tagOf(known.documentNumber)])
  if (person === undefined) return { refused: 'person_unknown' }
  const facts = openCitizen(vault, person)
  const isFirst = facts.documentNumber === known.documentNumber
  const others = (await store.documentsOf(person.reference)).flatMap((row) =>
    openDocument(vault, row),
  )
  const named = isFirst
    ? facts
    : others.find(({ documentNumber }) => documentNumber === known.documentNumber)
  if (named?.documentType !== known.documentType) return { refused: 'person_unknown' }
  const reading = readDocumentNumber(further.documentType, further.documentNumber)
  if (reading.form === 'bad') return { refused: reading.reason }
  if (reading.form === 'resident' && reading.birthdate !== facts.birthdate) {
    return { refused: 'birthdate_mismatch' }
  }
  if (others.some((other) => sameDocument(other, further))) return 'unchanged'
  if (sameDocument(facts, further)) return 'unchanged'
  const tag = tagOf(further.documentNumber)
  const { wrappedKey, sealed } = sealRecord(vault, further, contextOf(tag))
  const row = { number_tag: tag, reference: person.reference, wrapped_key: wrappedKey, sealed }
  return (await store.putNumber(row)) ? 'accepted' : { refused: 'document_number_conflict' }
}

/** The document of a row; nothing for the first one of a person, whose facts are in their own row. */
export function openDocument(
  vault: Vault,
  { number_tag, wrapped_key, sealed }: StoredNumber,
): readonly CitizenDocument[] {
  if (wrapped_key === null || sealed === null) return []
  const record = { wrappedKey: wrapped_key, sealed }
  // Authenticated by the seal: only this file has written it.
  const document = openRecord(vault, record, contextOf(number_tag)) as {
    readonly documentType: DocumentType
    readonly documentNumber: string
  }
  return [document]
}

function sameDocument(one: CitizenDocument, other: CitizenDocument): boolean {
  return one.documentNumber === other.documentNumber && one.documentType === other.documentType
}

function contextOf(tag: string): string {
  return `source/citizen_numbers/${tag}`
}
