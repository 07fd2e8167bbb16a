import { accountKeyOf, isSameAccount } from './account-key.js'
import { VerifierError } from './errors.js'
import type { ActAnswer, ActPart, ActRecord } from './minor-act.js'
import type { VerificationResult } from './result.js'

/**
 * The act with one more answer. The two are joined by nothing but the number of the minor at this
 * platform, its issuer, and the entry of `transaction_data` that both sign.
 *
 * @throws VerifierError `minor_expected`, `guardian_of_other`, `act_waiting`, `session_used`
 * @see docs/formats/minors.md
 */
export function withAnswer(act: ActRecord, part: ActPart, answer: ActAnswer): ActRecord {
  if (act[part] !== null) {
    throw new VerifierError('session_used', 'this part of the act was answered already; go on.')
  }
  return part === 'minor' ? withMinor(act, answer) : withGuardian(act, answer)
}

function withMinor(act: ActRecord, answer: ActAnswer): ActRecord {
  if (!isMinor(answer.result)) {
    throw new VerifierError(
      'minor_expected',
      'the certificate is not of somebody of 14 to 17 years; only their acts need a consent.',
    )
  }
  return { ...act, minor: answer }
}

function withGuardian(act: ActRecord, answer: ActAnswer): ActRecord {
  const { minor } = act
  if (minor === null) throw minorFirst()
  const { result, transaction } = answer
  if (
    result.role !== 'guardian' ||
    transaction !== minor.transaction ||
    !isSamePerson(minor.result, result)
  ) {
    throw new VerifierError(
      'guardian_of_other',
      'the guardianship is about another minor, or the consent about another act; the guardian of ' +
        'this minor opens the link of this act.',
    )
  }
  return { ...act, guardian: answer }
}

/** Nobody under 14 holds a certificate of their own, so "not 18" is "14 to 17". */
function isMinor({ role, facts, platformNumber }: VerificationResult): boolean {
  const ages = Object.hasOwn(facts, 'age_equal_or_over') ? facts['age_equal_or_over'] : undefined
  const isAges = typeof ages === 'object' && ages !== null && !Array.isArray(ages)
  const isAdult = isAges && Object.hasOwn(ages, '18') ? Reflect.get(ages, '18') : undefined
  return role === 'self' && platformNumber !== undefined && isAdult === false
}

/** Whether both certificates are about one person: the same number of the same issuer. */
function isSamePerson(minor: VerificationResult, guardian: VerificationResult): boolean {
  return isSameAccount(accountKeyOf(minor), accountKeyOf({ ...guardian, role: minor.role }))
}

/** Nothing is asked of a guardian before the minor has said what they want to do. */
export function minorFirst(): VerifierError {
  return new VerifierError('act_waiting', 'the minor has not answered yet; a guardian comes after.')
}
