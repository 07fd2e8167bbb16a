import type { Vault } from '@netcert/agent'
import type { AuthenticSource } from '../authentic-source.js'
import { civilDateAt } from '../civil-date.js'
import type { CopyPolicy } from '../copy-policy.js'
import { citizenUnknown, type Enrolment } from '../enrolment.js'
import { checkAge, checkGuardian } from '../guardianship.js'
import { openPersonRecord } from '../person-record.js'
import type { PersonStore, Stands } from '../person-store.js'

/** Somebody who holds, or is to hold, certificates about an enrolled minor. */
export type EnrolledLink = {
  /** The minor as enrolled, `p_…`. */
  readonly person: string
  /** References in the authentic source. */
  readonly citizen: string
  readonly guardian: string | null
}

/** Whether a guardian is one, at the moment a plan is committed. */
export type GuardianLinks = {
  /**
   * Judges the link as it is now, and has `commit` look again, inside its transaction, whether the
   * minor's record is still the one it was judged by; where it is not, all begins anew.
   *
   * @throws IssuerError `citizen_unknown`, `age_not_allowed`, `guardian_…`; what `commit` throws.
   */
  hold<T>(
    link: EnrolledLink,
    policy: CopyPolicy,
    commit: (stands: Stands) => Promise<T>,
  ): Promise<T>
}

/** The minor's record is another one by now: look again. */
class LinkChanged extends Error {}

export type GuardianLinkParts = {
  readonly persons: PersonStore
  readonly source: Pick<AuthenticSource, 'read'>
  readonly enrolment: Pick<Enrolment, 'standing'>
  readonly vault: Vault
  readonly clock: () => Date
}

/** A record changes with custody, corrections and birthdays, about never twice at a time. */
const HOLD_TRIES = 8

/**
 * Reads links from the record a minor is enrolled with, and from the authentic source as well: a
 * change of custody is written there first, so that nobody is enrolled with former guardians after it.
 */
export function createGuardianLinks(parts: GuardianLinkParts): GuardianLinks {
  return {
    async hold(link, policy, commit) {
      for (let tries = 0; tries < HOLD_TRIES; tries++) {
        const stands = await judge(parts, link, policy)
        try {
          return await commit(stands)
        } catch (error) {
          if (!(error instanceof LinkChanged)) throw error
        }
      }
      throw new Error('the record of a minor changed again and again')
    },
  }
}

async function judge(
  { persons, source, enrolment, vault, clock }: GuardianLinkParts,
  { person, citizen, guardian: reference }: EnrolledLink,
  policy: CopyPolicy,
): Promise<Stands> {
  const stored = await persons.get(person)
  if (stored === undefined) throw citizenUnknown()
  const { person: minor } = openPersonRecord(vault, stored)
  const today = civilDateAt(clock())
  checkAge(policy, minor.birthdate, today)
  const guardian =
    reference === null
      ? undefined
      : { reference, birthdate: (await enrolment.standing(reference)).birthdate }
  checkGuardian({ guardians: minor.guardians, guardian }, today)
  const stated = await source.read(citizen)
  if (stated !== undefined) checkGuardian({ guardians: stated.guardians, guardian }, today)
  return async (trx) => {
    if (!(await persons.isAsRead(trx, stored))) throw new LinkChanged('the record changed')
  }
}
