import type { CitizenRow } from './citizen-row.js'
import { type CivilDate, ageOn } from './civil-date.js'
import type { CopyPolicy } from './copy-policy.js'
import { IssuerError } from './issuer-error.js'
import type { RowRefusal } from './row-refusal.js'

/** Under this age a guardian holds the certificate. */
export const OWN_CERTIFICATE_AGE = 14
/** Under this age a person has guardians. */
export const FULL_AGE = 18

export function isMinor(birthdate: CivilDate, today: CivilDate): boolean {
  return ageOn(birthdate, today) < FULL_AGE
}

/**
 * Whether a row names guardians when its person is a minor, and none otherwise. Registers lag: for a
 * year after the 18th birthday a row may still name them, and they no longer count.
 */
export function guardianRefusal(row: CitizenRow, today: CivilDate): RowRefusal | undefined {
  const named = row.guardianNumbers.length > 0
  if (!named && isMinor(row.birthdate, today)) return 'guardian_required'
  if (named && ageOn(row.birthdate, today) > FULL_AGE) return 'guardian_for_adult'
  return undefined
}

/**
 * Refuses a certificate for somebody of another age than it is made for.
 *
 * @throws IssuerError `age_not_allowed`.
 */
export function checkAge(policy: CopyPolicy, birthdate: CivilDate, today: CivilDate): void {
  if (isOfAge(policy, birthdate, today)) return
  throw new IssuerError('age_not_allowed', ageSentence(policy))
}

/** Whether somebody has the age that a certificate is made for. */
export function isOfAge(policy: CopyPolicy, birthdate: CivilDate, today: CivilDate): boolean {
  const age = ageOn(birthdate, today)
  return age >= policy.ages.from && age <= policy.ages.to
}

function ageSentence(policy: CopyPolicy): string {
  if (policy.holder === 'person') {
    return `Under ${policy.ages.from} a person holds no certificate of their own; mint a ward certificate to a guardian.`
  }
  return `This certificate is about people of ${policy.ages.from} to ${policy.ages.to} years only.`
}

/** The people a ward or guardianship certificate ties together. */
export type GuardianLink = {
  /** References of the guardians on record. */
  readonly guardians: readonly string[]
  /** Whom the certificate is for; nobody when the caller named no guardian. */
  readonly guardian: { readonly reference: string; readonly birthdate: CivilDate } | undefined
}

/**
 * Refuses a certificate for somebody who is not a guardian of full age on record.
 *
 * @throws IssuerError `guardian_needed`, `guardian_not_linked`, `guardian_is_minor`.
 */
export function checkGuardian(link: GuardianLink, today: CivilDate): void {
  const { guardian } = link
  if (guardian === undefined) {
    throw new IssuerError('guardian_needed', 'Say which guardian the certificate is for.')
  }
  if (!link.guardians.includes(guardian.reference)) {
    throw new IssuerError(
      'guardian_not_linked',
      'The authentic source does not name that person as guardian of this one.',
    )
  }
  if (isMinor(guardian.birthdate, today)) {
    throw new IssuerError(
      'guardian_is_minor',
      'A guardian under 18 holds no certificate for others.',
    )
  }
}
