import { epochSeconds, WARD_CERTIFICATE } from '@netcert/credential'
import type { BatchStore } from './batch-store.js'
import { ageOn, civilDateAt } from './civil-date.js'
import type { Enrolment } from './enrolment.js'
import { OWN_CERTIFICATE_AGE } from './guardianship.js'
import { STATUSES } from './status-change.js'

export type WardParts = {
  readonly batches: BatchStore
  readonly enrolment: Enrolment
  readonly clock: () => Date
}

/**
 * Revokes the ward certificates of children who are 14 by now; part of every publication. Their
 * `exp` does not depend on the birthday, which it would reveal.
 *
 * @returns How many were ended.
 */
export async function endWardCertificates({
  batches,
  enrolment,
  clock,
}: WardParts): Promise<number> {
  const now = clock()
  const today = civilDateAt(now)
  const at = epochSeconds(now)
  let ended = 0
  for (const { id, person } of await batches.current(WARD_CERTIFICATE, at)) {
    const child = await enrolment.open(person)
    if (child === undefined) continue
    if (ageOn(child.person.birthdate, today) < OWN_CERTIFICATE_AGE) continue
    const change = { status: STATUSES.revoked, reason: 'came_of_age', at }
    if (await batches.setStatus(id, change)) ended++
  }
  return ended
}
