import type { LoginCodes, LoginCodeSender } from '../as-login-code.js'
import type { SourceCitizen } from '../authentic-source.js'
import { IssuerError } from '../issuer-error.js'
import type { EvidenceChecker, EvidenceSubject } from './evidence.js'
import type { LoginLanguage } from '../as-login-texts.js'

/** Evidence by a one-time code to the number on record, and the sending of it. */
export type PhoneEvidence = EvidenceChecker<'phone'> & {
  /** @throws IssuerError `evidence_registry_first`, `evidence_codes_spent`. */
  send(subject: EvidenceSubject, options: SendCodeOptions): Promise<void>
}

export type SendCodeOptions = {
  readonly language: LoginLanguage
  /** Brings the code to the number on record. */
  readonly sender: LoginCodeSender
}

/** The codes and limits of signing in: few codes for a person in a day, few tries for each. */
export function createPhoneEvidence(
  codesBy: (sender: LoginCodeSender) => LoginCodes,
): PhoneEvidence {
  return {
    async send(subject, { language, sender }) {
      const { reference: citizen, phone } = citizenOf(subject)
      const interaction = interactionOf(subject)
      if (await codesBy(sender).send({ interaction, person: { citizen, phone }, language })) return
      throw spent()
    },
    async check(subject, { code }) {
      const { reference } = citizenOf(subject)
      const checked = await codesBy(sendsNothing).check({
        interaction: interactionOf(subject),
        code,
      })
      if ('wrong' in checked) throw checked.wrong === 'spent' ? spent() : wrong()
      // The code was sent for this application, to this person and nobody else.
      if (checked.citizen !== reference) throw wrong()
      return { passed: true, outcome: 'code' }
    },
  }
}

/** The person evidence is about. @throws IssuerError `evidence_registry_first` */
export function citizenOf({ citizen }: EvidenceSubject): SourceCitizen {
  if (citizen !== null) return citizen
  const text = 'The person is not known yet; compare with the authentic source first (--registry).'
  throw new IssuerError('evidence_registry_first', text)
}

/** Looking at a code sends none. */
const sendsNothing: LoginCodeSender = {
  send: () => Promise.reject(new TypeError('no code is sent here')),
}

function interactionOf({ application }: EvidenceSubject): string {
  return `application/${application}`
}

function wrong(): IssuerError {
  return new IssuerError('evidence_code_wrong', 'The code is wrong or over; look at it again.')
}

function spent(): IssuerError {
  const text = 'The codes of this application are used up, or none was sent; use other evidence.'
  return new IssuerError('evidence_codes_spent', text)
}
