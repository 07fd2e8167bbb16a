import { epochSeconds } from '@netcert/credential'
import type { Transaction } from 'kysely'
import type { Actor } from '../audit/access.js'
import type { AuditTrail } from '../audit/audit-trail.js'
import { citizenUnknown } from '../enrolment.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import type { PersonStore } from '../person-store.js'
import { type StatusReason, STATUSES, suspensionEnd } from '../status-change.js'
import { statusEvent } from './certificate-desk.js'
import { deviceOfGrant, deviceSuspended } from './device-store.js'
import { setPersonStatus, type StandingPause, standingPause } from './status-change-store.js'

/** A citizen's word, by a grant of their own, that everything they hold is to pause. */
export type OwnPause = {
  /** Reference in the authentic source. */
  readonly citizen: string
  /** Hash of the grant: names it without giving it away. */
  readonly grantId: string
  /** When the pause ends by itself; without it an operator takes it back. */
  readonly until?: Date
}

/** Pausing by citizens themselves. */
export type OwnPauses = {
  /**
   * Suspends every certificate about a citizen and all they hold as a guardian, durable and on record
   * when it resolves; what it suspends already stays so at least as long. Nobody takes that back by a
   * grant. Asking again for what stands changes nothing and is not recorded again.
   *
   * @returns The pause as it stands now: it lasts longer than was asked for where another one does.
   * @throws IssuerError `suspension_end`, `citizen_unknown` before anything was issued,
   *   `device_suspended`, `access_token_invalid` when the grant ended meanwhile.
   */
  pauseOwn(pause: OwnPause): Promise<StandingPause>
}

export type OwnPausesParts = {
  readonly persons: Pick<PersonStore, 'getByCitizen'>
  /** @throws IssuerError `access_token_invalid` when the grant is there no more. */
  readonly assertGrant: (trx: Transaction<IssuerSchema>, grantId: string) => Promise<void>
  readonly audit: AuditTrail
  readonly clock: () => Date
}

const CITIZEN: Actor = { kind: 'citizen' }

/** Pauses by citizens themselves. */
export function createOwnPauses(parts: OwnPausesParts): OwnPauses {
  return { pauseOwn: (pause) => pauseOwn(parts, pause) }
}

async function pauseOwn(
  { persons, assertGrant, audit, clock }: OwnPausesParts,
  { citizen, grantId, until }: OwnPause,
): Promise<StandingPause> {
  const now = clock()
  const reason: StatusReason = 'citizen_asked'
  const end = suspensionEnd(until, now)
  const change = { status: STATUSES.suspended, reason, at: epochSeconds(now), until: end }
  const person = await persons.getByCitizen(citizen)
  if (person === undefined) throw citizenUnknown()
  const pause = await audit.record(async (trx) => {
    const before = await standingPause(trx, person.id)
    const counts = await setPersonStatus(trx, person.id, change)
    await assertGrant(trx, grantId)
    const device = await deviceOfGrant(trx, grantId)
    // What was reported lost has no say, not even for the better.
    if (device !== undefined && device.suspended_at !== null) throw deviceSuspended()
    const result = await standingPause(trx, person.id)
    // The person was cancelled between the look outside and this one.
    if (result === undefined) throw citizenUnknown()
    if (counts.changed === 0 && isSame(before, result)) return { result, event: null }
    const event = statusEvent(person.id, change, { ...counts, devicesEnded: 0 })
    const details = { ...event.details, device: device?.id ?? null }
    return { result, event: { ...event, details } }
  }, CITIZEN)
  // What stands may have been committed a moment ago, by a request whose answer was lost: it has left the
  // database, too, before anybody hears of it.
  await audit.settle()
  return pause
}

function isSame(one: StandingPause | undefined, other: StandingPause): boolean {
  return one?.since === other.since && one.until === other.until
}
