import type { Vault } from '@netcert/agent'
import type { CitizenRow } from './citizen-row.js'
import type { RowRefusal } from './row-refusal.js'
import { openRecord, sealRecord } from './sealed-record.js'
import type { StoredCitizen } from './source-store.js'

/** A document of a person. */
export type CitizenDocument = Pick<CitizenRow, 'documentType' | 'documentNumber'>

/** What became of a row that was to be recorded. */
export type RecordOutcome = 'accepted' | 'unchanged' | { readonly refused: RowRefusal }

/** Seals what a row states of a person, for their row. */
export function sealCitizen(
  vault: Vault,
  row: CitizenRow,
  reference: string,
): Pick<StoredCitizen, 'reference' | 'wrapped_key' | 'sealed'> {
  const { guardianNumbers: _byReference, ...facts } = row
  const { wrappedKey, sealed } = sealRecord(vault, facts, rowContext(reference))
  return { reference, wrapped_key: wrappedKey, sealed }
}

/** What is on record of a person. */
export function openCitizen(
  vault: Vault,
  stored: StoredCitizen,
): Omit<CitizenRow, 'guardianNumbers'> {
  const record = { wrappedKey: stored.wrapped_key, sealed: stored.sealed }
  // Authenticated by the seal: only this file has written it.
  return openRecord(vault, record, rowContext(stored.reference)) as Omit<
    CitizenRow,
    'guardianNumbers'
  >
}

function rowContext(reference: string): string {
  return `source/citizens/${reference}`
}
