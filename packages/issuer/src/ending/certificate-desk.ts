import type { Vault } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import type { Transaction } from 'kysely'
import { grantHolder } from '../as-record-content.js'
import type { Access } from '../audit/access.js'
import type { AuditEvent } from '../audit/audit-entry.js'
import type { AuditTrail } from '../audit/audit-trail.js'
import type { BatchStore, StatusChange, StatusCounts } from '../batch-store.js'
import { citizenUnknown } from '../enrolment.js'
import { IssuerError } from '../issuer-error.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import type { PersonStore } from '../person-store.js'
import { type DeviceStore, endDevices, setDeviceStatus } from './device-store.js'
import { setBatchStatus, setPersonStatus } from './status-change-store.js'
import {
  assertReason,
  endsDevices,
  type StatusName,
  STATUSES,
  suspensionEnd,
  suspensionEndWrong,
} from '../status-change.js'
import { endPause, SUSPENSION_ENDED, type SuspensionStore } from './suspension-store.js'

type Inside = Transaction<IssuerSchema>

export type SetStatusOptions = {
  /** One batch, all that was fetched with one device, or every unexpired batch of a citizen. */
  readonly target:
    | { readonly batch: string }
    | { readonly citizen: string }
    | { readonly device: string }
  readonly status: StatusName
  /** One of `STATUS_REASONS` for that status. */
  readonly reason: string
  /** When a suspension ends by itself; without it somebody has to take it back. */
  readonly until?: Date
}

/** Batches by what became of them; it is public with the next publication. */
export type StatusReport = {
  readonly status: StatusName
  readonly changed: number
  /** Had that status already. */
  readonly unchanged: number
  /** Revoked before: that is final. */
  readonly final: number
  /** Without a status list: these copies end by their short lifetime. */
  readonly withoutStatus: number
  /** Devices that fetch nothing any more. */
  readonly devicesEnded: number
}

/** Suspending, reinstating and revoking certificates. */
export type CertificateDesk = {
  /**
   * Sets the status of certificates; durable and on record when it resolves, public with the next
   * publication. A suspended citizen or device gets no new certificates until that is over; a revoked
   * device, or all devices of a citizen revoked for a reason that concerns them, fetch nothing more.
   *
   * @throws IssuerError `batch_unknown`, `batch_without_status`, `status_final`, `citizen_unknown`,
   *   `citizen_suspended`, `device_unknown`, `device_ended`, `device_suspended`, `status_unknown`,
   *   `status_reason_unknown`, `suspension_end`, `operator_…`.
   */
  setStatus(options: SetStatusOptions): Promise<StatusReport>
  /** Ends the pauses whose time is over; tells how many. A job: it asks for no role. */
  endDue(): Promise<number>
}

export type CertificateDeskParts = {
  readonly batches: BatchStore
  readonly persons: PersonStore
  readonly devices: DeviceStore
  readonly suspensions: SuspensionStore
  readonly vault: Vault
  readonly audit: AuditTrail
  readonly access: Access
  readonly clock: () => Date
}

/** What the operator does to certificates, and what ends by itself. */
export function createCertificateDesk(parts: CertificateDeskParts): CertificateDesk {
  return {
    async setStatus(options) {
      parts.access.require('revoke')
      return setStatus(parts, options)
    },
    endDue: () => endDue(parts),
  }
}

async function setStatus(
  parts: CertificateDeskParts,
  options: SetStatusOptions,
): Promise<StatusReport> {
  const change = readChange(parts.clock(), options)
  const { target, status } = options
  if ('citizen' in target) return citizenStatus(parts, target.citizen, status, change)
  const subject = 'batch' in target ? target.batch : target.device
  const apply = 'batch' in target ? setBatch : setDeviceStatus
  const done = await parts.audit.record(async (trx) => {
    const counts = await apply(trx, subject, change)
    if (counts === undefined) return { result: undefined, event: null }
    const devicesEnded = 'device' in target && status === 'revoked' ? 1 : 0
    const result = { status, ...counts, devicesEnded }
    return { result, event: statusEvent(subject, change, result) }
  })
  return done ?? refusal(parts, options)
}

function readChange(now: Date, { status, reason, until }: SetStatusOptions): StatusChange {
  assertReason(status, reason)
  const change = { status: STATUSES[status], reason, at: epochSeconds(now) }
  if (until !== undefined && status !== 'suspended') throw suspensionEndWrong()
  return { ...change, until: suspensionEnd(until, now) }
}

/** Everything of a citizen, as the operator, their revocation code or a correction wants it. */
async function citizenStatus(
  parts: Pick<CertificateDeskParts, 'persons' | 'vault' | 'audit'>,
  citizen: string,
  status: StatusName,
  change: StatusChange,
): Promise<StatusReport> {
  const person = await parts.persons.getByCitizen(citizen)
  if (person === undefined) throw citizenUnknown()
  return parts.audit.record(async (trx) => {
    const result = await setCitizenStatus(parts.vault, trx, { citizen, person: person.id }, change)
    return { result: { status, ...result }, event: statusEvent(person.id, change, result) }
  })
}

/** Part of a transaction: all certificates of a citizen and, where the reason says so, their devices. */
export async function setCitizenStatus(
  vault: Vault,
  trx: Inside,
  { citizen, person }: { readonly citizen: string; readonly person: string },
  change: StatusChange,
): Promise<StatusCounts & { readonly devicesEnded: number }> {
  const counts = await setPersonStatus(trx, person, change)
  const ends = change.status === STATUSES.revoked && endsDevices(change.reason)
  const ending = { change, holder: grantHolder(vault, citizen) }
  return { ...counts, devicesEnded: ends ? await endDevices(trx, citizen, ending) : 0 }
}

/** What goes on record of a change; a restored database is brought up to date by it. */
export function statusEvent(
  subject: string,
  { status, reason, until }: StatusChange,
  counts: StatusCounts & { readonly devicesEnded: number },
): AuditEvent {
  const name = Object.entries(STATUSES).find(([, value]) => value === status)?.[0] ?? ''
  const { changed, unchanged, final, withoutStatus, devicesEnded } = counts
  const numbers = { changed, unchanged, final, without_status: withoutStatus }
  const end = until === undefined || until === null ? {} : { until }
  const details = { status: name, reason, ...end, ...numbers, devices_ended: devicesEnded }
  return { event: 'status_set', subject, details }
}

async function setBatch(
  trx: Inside,
  id: string,
  change: StatusChange,
): Promise<StatusCounts | undefined> {
  const done = await setBatchStatus(trx, id, change)
  return done ? { changed: 1, unchanged: 0, final: 0, withoutStatus: 0 } : undefined
}

/** Why nothing changed: not a refusal where everything is as it was asked for. */
async function refusal(
  parts: CertificateDeskParts,
  { target, status }: SetStatusOptions,
): Promise<StatusReport> {
  if ('device' in target) throw await deviceRefusal(parts.devices, target.device)
  const batch = 'batch' in target ? await parts.batches.get(target.batch) : undefined
  if (batch === undefined) {
    throw new IssuerError('batch_unknown', 'No batch has this reference; minting names it.')
  }
  if (batch.list === null) {
    throw new IssuerError(
      'batch_without_status',
      'The copies of this batch carry no status; they end by their lifetime.',
    )
  }
  if (batch.status === STATUSES[status]) {
    return { status, changed: 0, unchanged: 1, final: 0, withoutStatus: 0, devicesEnded: 0 }
  }
  if (batch.status === STATUSES.revoked) {
    throw new IssuerError('status_final', 'The batch is revoked, and revoked stays revoked.')
  }
  const person = batch.person === null ? undefined : await parts.persons.get(batch.person)
  const whole = person?.suspended_at === null ? 'device_suspended' : 'citizen_suspended'
  throw new IssuerError(whole, 'What the batch belongs to is suspended: reinstate the whole of it.')
}

async function deviceRefusal(devices: DeviceStore, id: string): Promise<IssuerError> {
  if ((await devices.get(id)) === undefined) {
    const text = 'No device has this reference; netcert person devices shows those of a citizen.'
    return new IssuerError('device_unknown', text)
  }
  return new IssuerError('device_ended', 'The device has been revoked, and that is final.')
}

async function endDue({ suspensions, audit, clock }: CertificateDeskParts): Promise<number> {
  const at = epochSeconds(clock())
  const change = { status: STATUSES.valid, reason: SUSPENSION_ENDED, at }
  let ended = 0
  // People first: what belongs to them becomes valid only once they are.
  for (const subject of await suspensions.due(at)) {
    const done = await audit.record(async (trx) => {
      const result = await endPause(trx, subject, change)
      const details = { status: 'valid', reason: change.reason }
      return { result, event: result ? { event: 'status_set' as const, subject, details } : null }
    })
    if (done) ended += 1
  }
  return ended
}
