import { epochSeconds } from '@netcert/credential'
import type { Access } from './audit/access.js'
import type { AuditTrail } from './audit/audit-trail.js'
import { type Enrolment, operatorAsks } from './enrolment.js'
import type { PresenceStore } from './presence-store.js'

/** A presence check that took place: who was there, and whether their face was compared. */
export type PresenceCheck = {
  /** Reference of a citizen of the authentic source; enrolled if they were not. */
  readonly citizen: string
  /** Whether somebody, or something, compared the person's face with the document. */
  readonly face: boolean
}

export type RecordedPresence = {
  /** To the minute: what a copy will say. */
  readonly checkedAt: Date
  /** A platform copy minted before then carries it. */
  readonly until: Date
}

/** Takes note of presence checks. It is told who was there, and never what for. */
export type PresenceRecorder = (check: PresenceCheck) => Promise<RecordedPresence>

/** A platform copy minted that long after a check carries it. */
export const PRESENCE_SECONDS = 900
const MINUTE_SECONDS = 60

export type PresenceParts = {
  readonly presence: PresenceStore
  readonly enrolment: Enrolment
  readonly audit: AuditTrail
  readonly access: Access
  readonly clock: () => Date
}

/**
 * Records a presence check of this minute. Only who and when is kept, for 15 minutes or until a copy
 * carries it.
 *
 * @throws IssuerError `citizen_unknown`; `operator_…`.
 */
export async function recordPresence(
  { presence, enrolment, audit, access, clock }: PresenceParts,
  { citizen, face }: PresenceCheck,
): Promise<RecordedPresence> {
  access.require('enrol')
  const { id: person } = await enrolment.enrol(citizen, operatorAsks)
  const now = epochSeconds(clock())
  const checkedAt = now - (now % MINUTE_SECONDS)
  await presence.put({ person, checked_at: checkedAt, face: face ? 1 : 0 }, (trx) =>
    audit.append(trx, { event: 'presence_recorded', subject: person, details: { face } }),
  )
  await audit.settle()
  return {
    checkedAt: new Date(checkedAt * 1000),
    until: new Date((checkedAt + PRESENCE_SECONDS) * 1000),
  }
}
