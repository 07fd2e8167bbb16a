import { civilDateAt } from './civil-date.js'
import type { CopyPolicy } from './copy-policy.js'
import type { Enrolment } from './enrolment.js'
import { checkAge, checkGuardian } from './guardianship.js'

/**
 * Asks the authentic source everything that can refuse a certificate to a citizen, before anybody is
 * enrolled for nothing.
 *
 * @throws IssuerError `citizen_unknown`, `age_not_allowed`, `guardian_…`
 */
export async function checkStanding(
  { enrolment, clock }: { readonly enrolment: Enrolment; readonly clock: () => Date },
  { citizen, guardian }: { readonly citizen: string; readonly guardian?: string },
  policy: CopyPolicy,
): Promise<void> {
  const today = civilDateAt(clock())
  const standing = await enrolment.standing(citizen)
  checkAge(policy, standing.birthdate, today)
  if (policy.holder === 'person') return
  const named =
    guardian === undefined
      ? undefined
      : { reference: guardian, birthdate: (await enrolment.standing(guardian)).birthdate }
  checkGuardian({ guardians: standing.guardians, guardian: named }, today)
}
