import type { Vault } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import type { Access } from '../audit/access.js'
import type { AuditTrail } from '../audit/audit-trail.js'
import type { CitizenRegister, SourceCitizen } from '../authentic-source.js'
import { civilDateAt } from '../civil-date.js'
import { citizenUnknown } from '../enrolment.js'
import { isMinor } from '../guardianship.js'
import type { Finding } from '../finding.js'
import { IssuerError } from '../issuer-error.js'
import { openPersonRecord, sealPerson } from '../person-record.js'
import type { PersonStore } from '../person-store.js'
import { STATUSES } from '../status-change.js'
import {
  custodyFinding,
  custodyInvalid,
  type CustodyOrder,
  readCustodyOrder,
} from './custody-order.js'
import type { HandoverStore } from './handover-store.js'
import type { MinorStore } from './minors-store.js'
import { recordRevoked } from './revoked-copies.js'
import type { WardGrantStore } from './ward-grant-store.js'

/** What a change of custody came to. */
export type CustodyReport = {
  /** Guardians from now on. */
  readonly guardians: number
  /** Of those before, the ones who are guardians no more. */
  readonly former: number
  /** Batches of former guardians that are revoked with the next status lists. */
  readonly revoked: number
  /** Batches of theirs without a status: they end by their lifetime, within 72 hours. */
  readonly withoutStatus: number
  /** What wallets of former guardians fetched by, and fetch by no more. */
  readonly grantsEnded: number
}

export type CustodyParts = {
  readonly store: MinorStore
  readonly handovers: HandoverStore
  readonly grants: Pick<WardGrantStore, 'end'>
  readonly register: Pick<CitizenRegister, 'read' | 'find' | 'changeGuardians'>
  readonly persons: PersonStore
  readonly vault: Vault
  readonly audit: AuditTrail
  readonly access: Access
  readonly clock: () => Date
}

const CHANGE_TRIES = 8

/**
 * Changes who is guardian of a minor. First in the authentic source, from where nobody is enrolled
 * with the former ones any more; then, in one transaction, in the minor's record, with every copy
 * and grant of former guardians ended. Interrupted between the two, it is finished by repeating it.
 *
 * @param input - The parsed order; see `custody-order.ts`.
 * @throws IssuerError `custody_invalid` with findings, `citizen_unknown`, `custody_not_minor`,
 *   `operator_…`.
 */
export async function changeCustody(
  parts: CustodyParts,
  { citizen, input }: { readonly citizen: string; readonly input: unknown },
): Promise<CustodyReport> {
  const { access, register, clock } = parts
  access.require('enrol')
  const order = readCustodyOrder(input)
  const minor = await register.read(citizen)
  if (minor === undefined) throw citizenUnknown()
  if (!isMinor(minor.birthdate, civilDateAt(clock()))) throw notMinor()
  const guardians = await resolveGuardians(parts, minor, order)
  await register.changeGuardians({ ward: citizen, guardians, numbers: order.guardianNumbers })
  for (let tries = 0; tries < CHANGE_TRIES; tries++) {
    const report = await changeEnrolled(parts, minor, guardians)
    if (report !== undefined) return report
  }
  throw new Error('the record of a minor changed again and again')
}

async function resolveGuardians(
  { register, clock }: CustodyParts,
  minor: SourceCitizen,
  { guardianNumbers }: CustodyOrder,
): Promise<readonly string[]> {
  const today = civilDateAt(clock())
  const findings: Finding[] = []
  const references: string[] = []
  for (const [place, number] of guardianNumbers.entries()) {
    const guardian = await register.find(number)
    if (guardian === undefined) findings.push(custodyFinding('custody_unknown', place))
    else if (guardian.reference === minor.reference) {
      findings.push(custodyFinding('custody_self', place))
    } else if (isMinor(guardian.birthdate, today)) {
      findings.push(custodyFinding('custody_minor', place))
    } else if (references.includes(guardian.reference)) {
      // By two documents of one person.
      findings.push(custodyFinding('custody_repeated', place))
    } else references.push(guardian.reference)
  }
  if (findings.length > 0) throw custodyInvalid(findings)
  return references
}

/** `undefined` when the record is another one by now. */
async function changeEnrolled(
  parts: CustodyParts,
  minor: SourceCitizen,
  guardians: readonly string[],
): Promise<CustodyReport | undefined> {
  const { store, handovers, grants, persons, vault, audit, clock } = parts
  const citizen = minor.reference
  const at = epochSeconds(clock())
  const change = { status: STATUSES.revoked, reason: 'custody_changed', at }
  const stored = await persons.getByCitizen(citizen)
  const record = stored === undefined ? undefined : openPersonRecord(vault, stored)
  const before = record?.person.guardians ?? minor.guardians
  const former = before.filter((one) => !guardians.includes(one)).length
  return audit.record(async (trx) => {
    let ended = { revoked: [] as readonly string[], withoutStatus: 0 }
    if (stored !== undefined && record !== undefined) {
      const person = { ...record.person, guardians }
      const sealed = sealPerson(vault, stored.id, { ...record, person })
      if (!(await store.replaceRecord(trx, stored, sealed))) {
        return { result: undefined, event: null }
      }
      ended = await store.endCopies(trx, { person: stored.id, except: guardians }, change)
      await handovers.setGuardians(trx, stored.id, guardians, at)
    }
    const grantsEnded = await grants.end(trx, { ward: citizen, except: guardians })
    await store.endWaiting(trx, { citizen, except: guardians })
    await recordRevoked(audit, trx, ended.revoked, change.reason)
    const { withoutStatus } = ended
    const revoked = ended.revoked.length
    const result = { guardians: guardians.length, former, revoked, withoutStatus, grantsEnded }
    const details = { guardians: guardians.length, former, revoked, grants: grantsEnded }
    const subject = stored === undefined ? {} : { subject: stored.id }
    return { result, event: { event: 'custody_changed' as const, ...subject, details } }
  })
}

function notMinor(): IssuerError {
  return new IssuerError(
    'custody_not_minor',
    'The person is 18 or older and has no guardians any more; there is nothing to change.',
  )
}
