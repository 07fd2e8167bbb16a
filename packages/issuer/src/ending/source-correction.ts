import type { Vault } from '@netcert/agent'
import { sourceKeys } from '../authentic-source.js'
import { type CitizenColumn, type CitizenRow, readCitizenRow } from '../citizen-row.js'
import type { CivilDate } from '../civil-date.js'
import { citizenUnknown } from '../enrolment.js'
import { IssuerError } from '../issuer-error.js'
import { keyedTag } from '../keyed-tag.js'
import { openCitizen, sealCitizen } from '../source-record.js'
import type { StoredCitizen } from '../source-store.js'
import { type Correction, rowRefused } from './correction-order.js'
import type { SourceCorrectionStore } from './source-correction-store.js'

/** What the authentic source says of somebody at a moment. */
export type SourceFacts = {
  readonly facts: Omit<CitizenRow, 'guardianNumbers'>
  /** Another one for every change of the row. */
  readonly version: string
}

type Parts = { readonly store: SourceCorrectionStore; readonly vault: Vault }

/** Corrections that run side by side overtake one another at most so often. */
const TRIES = 5

/**
 * Corrects the row of a citizen, by the rules that importing it has. Whoever looks for the number
 * before still finds the same person. Gives the columns that changed; none where all was so already.
 *
 * @throws IssuerError `citizen_unknown`, `correction_invalid` with findings, `import_busy`.
 */
export async function correctSource(
  parts: Parts,
  correction: Correction & { readonly reference: string },
  today: CivilDate,
): Promise<readonly CitizenColumn[]> {
  const { reference, ...changes } = correction
  for (let tries = 0; tries < TRIES; tries++) {
    const before = await parts.store.get(reference)
    if (before === undefined) throw citizenUnknown()
    const cells = await cellsOf(parts, before)
    const reading = readCitizenRow({ ...cells, ...changes }, today)
    if ('refused' in reading) throw rowRefused(reading.refused, changes)
    const { row } = reading
    const after = cellsOfRow(row)
    const columns = Object.keys(after) as CitizenColumn[]
    const changed = columns.filter((column) => after[column] !== cells[column])
    if (changed.length === 0) return changed
    const done = await parts.store.replace(before, storedOf(parts.vault, row, reference))
    if (done === 'taken') throw rowRefused('document_number_conflict', changes)
    if (done === 'done') return changed
  }
  throw new IssuerError('import_busy', 'The same person is being changed; correct them afterwards.')
}

/** What is on record of a citizen now. @throws IssuerError `citizen_unknown` */
export async function readSource({ store, vault }: Parts, reference: string): Promise<SourceFacts> {
  const stored = await store.get(reference)
  if (stored === undefined) throw citizenUnknown()
  return { facts: openCitizen(vault, stored), version: stored.sealed }
}

function storedOf(vault: Vault, row: CitizenRow, reference: string): StoredCitizen {
  const keys = sourceKeys(vault)
  return {
    ...sealCitizen(vault, row, reference),
    number_tag: keyedTag(keys.number, row.documentNumber),
    // As the row would be imported now: an import of it is then no conflict.
    fingerprint: keyedTag(keys.row, JSON.stringify(Object.entries(row))),
  }
}

async function cellsOf(
  { store, vault }: Parts,
  stored: StoredCitizen,
): Promise<Record<CitizenColumn, string>> {
  const guardians = await store.guardiansOf(stored.reference)
  const guardianNumbers = guardians.map((row) => openCitizen(vault, row).documentNumber)
  return cellsOfRow({ ...openCitizen(vault, stored), guardianNumbers })
}

function cellsOfRow(row: CitizenRow): Record<CitizenColumn, string> {
  return {
    document_type: row.documentType,
    document_number: row.documentNumber,
    family_name: row.familyName,
    given_name: row.givenName,
    sex: row.sex,
    birthdate: row.birthdate,
    nationality: row.nationality,
    residence_region: row.residenceRegion,
    phone: row.phone,
    emergency_contact_phone: row.emergencyContactPhone,
    guardian_document_numbers: row.guardianNumbers.join(';'),
  }
}
