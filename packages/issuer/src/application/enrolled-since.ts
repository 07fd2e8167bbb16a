import { IssuerError } from '../issuer-error.js'
import { type ApplicationParts, citizenOfRow } from './application-parts.js'
import type { StoredApplication } from './application-store.js'
import { provesWhoIsEnrolled } from './assurance.js'

type Parts = Pick<ApplicationParts, 'store' | 'source' | 'enrolment'>

/**
 * Refuses an application that was approved while nobody was enrolled, for somebody who is by now: an
 * offer would be for a number that is theirs already, and less was asked than for that.
 *
 * @throws IssuerError `application_enrolled_since`.
 */
export async function assertNotEnrolledSince(parts: Parts, row: StoredApplication): Promise<void> {
  const citizen = await citizenOfRow(parts, row)
  if (citizen === null || !(await parts.enrolment.isEnrolled(citizen))) return
  await assertProvesWho(parts, row)
}

/** The same for somebody who was found to be enrolled. @throws as `assertNotEnrolledSince` */
export async function assertProvesWho(
  { store }: Pick<Parts, 'store'>,
  { id, enrolled_here: enrolledHere }: StoredApplication,
): Promise<void> {
  if (enrolledHere === 1 || provesWhoIsEnrolled(await store.evidenceOf(id))) return
  const text =
    'The person has been enrolled since this was approved, and nothing on record says that it is they who apply; withdraw it, and take a new application.'
  throw new IssuerError('application_enrolled_since', text)
}
