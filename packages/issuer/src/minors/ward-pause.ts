import { epochSeconds } from '@netcert/credential'
import type { Access, Actor } from '../audit/access.js'
import type { AuditTrail } from '../audit/audit-trail.js'
import type { StatusCounts } from '../batch-store.js'
import { civilDateAt } from '../civil-date.js'
import { statusEvent } from '../ending/certificate-desk.js'
import { setPersonStatus } from '../ending/status-change-store.js'
import { citizenUnknown, type Enrolment } from '../enrolment.js'
import { checkGuardian, isMinor } from '../guardianship.js'
import { IssuerError } from '../issuer-error.js'
import type { PersonStore } from '../person-store.js'
import { STATUSES, suspensionEnd } from '../status-change.js'

/** A guardian's word that everything about a ward is to pause. References in the authentic source. */
export type WardPause = {
  readonly ward: string
  readonly guardian: string
  /** When the pause ends by itself; without it an operator takes it back. */
  readonly until?: Date
}

export type WardPauseParts = {
  readonly enrolment: Pick<Enrolment, 'standing'>
  readonly persons: Pick<PersonStore, 'getByCitizen'>
  readonly audit: AuditTrail
  readonly access: Access
  readonly clock: () => Date
}

/** Who asks: an operator at the counter, or the guardian by a token of their own. */
export type PausedBy = 'operator' | 'guardian'

/**
 * Suspends every certificate about a minor, whoever holds it, on the word of any one guardian. Taking
 * it back is an operator's: a guardian's quarrel with another one is not settled by who acts last.
 *
 * @throws IssuerError `citizen_unknown`, `guardian_not_linked`, `guardian_is_minor`,
 *   `custody_not_minor`, `suspension_end`, `operator_…`.
 */
export async function pauseWard(
  { enrolment, persons, audit, access, clock }: WardPauseParts,
  { ward, guardian, until }: WardPause,
  by: PausedBy,
): Promise<StatusCounts> {
  if (by === 'operator') access.require('revoke')
  const now = clock()
  const today = civilDateAt(now)
  const minor = await enrolment.standing(ward)
  if (!isMinor(minor.birthdate, today)) throw notMinor()
  const { birthdate } = await enrolment.standing(guardian)
  const named = { reference: guardian, birthdate }
  checkGuardian({ guardians: minor.guardians, guardian: named }, today)
  const end = suspensionEnd(until, now)
  const person = await persons.getByCitizen(ward)
  if (person === undefined) throw citizenUnknown()
  const actor = await guardianActor(persons, guardian)
  const change = {
    status: STATUSES.suspended,
    reason: 'guardian_asked',
    at: epochSeconds(now),
    until: end,
  }
  return audit.record(
    async (trx) => {
      const result = await setPersonStatus(trx, person.id, change)
      const event = statusEvent(person.id, change, { ...result, devicesEnded: 0 })
      const details = { ...event.details, guardian: actor.id }
      return { result, event: { ...event, details } }
    },
    by === 'guardian' ? actor : undefined,
  )
}

/** A guardian in the audit log: the random reference they are enrolled by, if they are. */
async function guardianActor(
  persons: WardPauseParts['persons'],
  guardian: string,
): Promise<Extract<Actor, { kind: 'guardian' }>> {
  return { kind: 'guardian', id: (await persons.getByCitizen(guardian))?.id ?? null }
}

function notMinor(): IssuerError {
  const text = 'The person is 18 or older; they pause their certificates themself.'
  return new IssuerError('custody_not_minor', text)
}
