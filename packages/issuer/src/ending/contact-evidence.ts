import { createHash } from 'node:crypto'
import type { EvidenceChecker, EvidenceSubject } from '../application/evidence.js'
import { IssuerError } from '../issuer-error.js'
import type { PersonStore } from '../person-store.js'
import type { PresentedCertificates } from '../presented-certificate.js'
import type { RecoveryContactStore } from './recovery-contact-store.js'
import { isApplicant, readVouching } from './recovery-contacts.js'

/**
 * Evidence that the recovery contact of whoever applies confirms the application: their presentation
 * names this application, and they are a contact still, neither gone nor paused.
 */
export function createContactEvidence(parts: {
  readonly store: RecoveryContactStore
  readonly persons: Pick<PersonStore, 'getByCitizen'>
  readonly presented: PresentedCertificates
}): EvidenceChecker<'contact'> {
  const { store, persons } = parts
  return {
    async check(subject, { presentation }) {
      const applicant = await applicantOf(persons, subject)
      const { nonce, audience: issuer, application } = subject
      const request = { kind: 'confirmation', issuer, nonce, subject: application } as const
      const { person: contact } = await readVouching(parts, presentation, request)
      if (contact === applicant) throw isApplicant()
      const pair = { person: applicant, contact }
      if (!(await store.isContact(pair))) throw notNamed()
      return {
        passed: true,
        outcome: 'contact',
        once: createHash('sha256').update(presentation).digest('base64url'),
        async stands(trx) {
          if (!(await store.stands(trx, pair))) throw notNamed()
        },
      }
    },
  }
}

/** Whoever is not enrolled has no contact. */
async function applicantOf(
  persons: Pick<PersonStore, 'getByCitizen'>,
  { citizen }: EvidenceSubject,
): Promise<string> {
  if (citizen === null) {
    const text = 'Compare with the authentic source first: whose contact would this be?'
    throw new IssuerError('evidence_registry_first', text)
  }
  const person = await persons.getByCitizen(citizen.reference)
  if (person === undefined) throw notNamed()
  return person.id
}

function notNamed(): IssuerError {
  const text =
    'Whoever confirms this is no recovery contact of the applicant; bring other evidence.'
  return new IssuerError('contact_not_named', text)
}
