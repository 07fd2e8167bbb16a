import type { Vault } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import type { Access } from '../audit/access.js'
import type { AuditEvent } from '../audit/audit-entry.js'
import type { AuditTrail } from '../audit/audit-trail.js'
import type { StatusChange, StatusCounts } from '../batch-store.js'
import type { CitizenColumn } from '../citizen-row.js'
import { civilDateAt } from '../civil-date.js'
import { IDENTITY_KEY } from '../identity-keys.js'
import { IssuerError } from '../issuer-error.js'
import { keyedTag } from '../keyed-tag.js'
import type { EnrolledPerson } from '../person-claims.js'
import { openPersonRecord, sealPerson } from '../person-record.js'
import type { PersonStore, StoredPerson } from '../person-store.js'
import { STATUSES } from '../status-change.js'
import { statusEvent } from './certificate-desk.js'
import { readCorrection } from './correction-order.js'
import { replacePerson } from './correction-store.js'
import { correctSource, readSource, type SourceFacts } from './source-correction.js'
import type { SourceCorrectionStore } from './source-correction-store.js'
import { setPersonStatus } from './status-change-store.js'

/** What a correction came to. */
export type CorrectionReport = {
  /** Columns of the authentic source that changed. */
  readonly changed: readonly CitizenColumn[]
  /** Whether somebody enrolled has other facts from now on. */
  readonly person: boolean
  /** Batches revoked with the next publication; wallets fetch new ones by themselves. */
  readonly revoked: number
  /** Batches whose copies state the old facts until they end, within days. */
  readonly withoutStatus: number
}

/** Corrections of what the authentic source says of somebody. */
export type Corrections = {
  /**
   * Changes names, region, document or phones of a citizen; network number and numbers at platforms
   * stay. Whatever was interrupted is finished by the same correction again.
   *
   * @throws IssuerError `correction_invalid` with findings, `citizen_unknown`, `nothing_to_change`,
   *   `import_busy`, `operator_…`.
   */
  correctCitizen(citizen: string, correction: unknown): Promise<CorrectionReport>
}

export type CorrectionsParts = {
  readonly source: SourceCorrectionStore
  readonly persons: PersonStore
  readonly vault: Vault
  readonly audit: AuditTrail
  readonly access: Access
  readonly clock: () => Date
}

const NONE: StatusCounts = { changed: 0, unchanged: 0, final: 0, withoutStatus: 0 }

/** Corrects the authentic source first and the enrolled person after it. */
export function createCorrections(parts: CorrectionsParts): Corrections {
  return {
    async correctCitizen(citizen, input) {
      parts.access.require('enrol')
      const correction = { ...readCorrection(input), reference: citizen }
      const today = civilDateAt(parts.clock())
      const source = { store: parts.source, vault: parts.vault }
      const changed = await correctSource(source, correction, today)
      const counts = await followSource(parts, citizen, changed)
      if (counts === undefined && changed.length === 0) throw nothingToChange()
      if (counts === undefined) await noteSource(parts, changed)
      const { changed: revoked, withoutStatus } = counts ?? NONE
      return { changed, person: counts !== undefined, revoked, withoutStatus }
    },
  }
}

/**
 * Brings the enrolled person to what the source says, until it says so still afterwards: of several
 * corrections at once the last one counts in both. `undefined` where there was nothing to bring.
 */
async function followSource(
  parts: CorrectionsParts,
  citizen: string,
  changed: readonly CitizenColumn[],
): Promise<StatusCounts | undefined> {
  let counts: StatusCounts | undefined
  for (;;) {
    const source = { store: parts.source, vault: parts.vault }
    const { facts, version } = await readSource(source, citizen)
    const before = await parts.persons.getByCitizen(citizen)
    const after = before === undefined ? undefined : correctedRecord(parts.vault, before, facts)
    if (before !== undefined && after !== undefined) {
      const done = await correctPerson(parts, before, { after, changed })
      // Somebody else changed the record in between: once more, on what it is now.
      if (done === undefined) continue
      counts = done
    }
    if ((await readSource(source, citizen)).version === version) return counts
  }
}

type CorrectedRecord = NonNullable<ReturnType<typeof correctedRecord>>

function correctPerson(
  { audit, clock }: CorrectionsParts,
  before: StoredPerson,
  { after, changed }: { after: CorrectedRecord; changed: readonly CitizenColumn[] },
): Promise<StatusCounts | undefined> {
  const reason = 'facts_changed'
  const change: StatusChange = { status: STATUSES.revoked, reason, at: epochSeconds(clock()) }
  return audit.record(async (trx) => {
    if (!(await replacePerson(trx, before, after))) return { result: undefined, event: null }
    const result = await setPersonStatus(trx, before.id, change)
    await audit.append(trx, statusEvent(before.id, change, { ...result, devicesEnded: 0 }))
    return { result, event: corrected(changed, before.id) }
  })
}

function correctedRecord(vault: Vault, before: StoredPerson, facts: SourceFacts['facts']) {
  const record = openPersonRecord(vault, before)
  const person: EnrolledPerson = { ...record.person, ...enrolledFacts(facts) }
  if (JSON.stringify(person) === JSON.stringify(record.person)) return undefined
  return {
    record: sealPerson(vault, before.id, { ...record, person }),
    identityTag: keyedTag(vault.deriveKey(IDENTITY_KEY), facts.documentNumber),
  }
}

function enrolledFacts(facts: SourceFacts['facts']) {
  const { documentType, documentNumber, familyName, givenName, residenceRegion, phone } = facts
  return {
    ...{ documentType, documentNumber, familyName, givenName, residenceRegion },
    phoneVerified: phone !== '',
  }
}

async function noteSource(
  { audit }: CorrectionsParts,
  changed: readonly CitizenColumn[],
): Promise<void> {
  await audit.record(() => Promise.resolve({ result: undefined, event: corrected(changed) }))
}

/** Which columns changed; not from what, nor to what. */
function corrected(changed: readonly CitizenColumn[], subject?: string): AuditEvent {
  const details = { fields: changed.join(',') }
  return { event: 'facts_corrected', ...(subject === undefined ? {} : { subject }), details }
}

function nothingToChange(): IssuerError {
  const text = 'Everything is on record as the correction says; there is nothing to change.'
  return new IssuerError('nothing_to_change', text)
}
