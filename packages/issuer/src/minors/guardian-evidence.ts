import { createHash } from 'node:crypto'
import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { consentsTo, GUARDIAN_CONSENT_PURPOSE } from '@netcert/protocol'
import type { EvidenceChecker } from '../application/evidence.js'
import { purposesDigest } from '../application/purposes.js'
import type { AuthenticSource, SourceCitizen } from '../authentic-source.js'
import { civilDateAt } from '../civil-date.js'
import { checkGuardian, isMinor } from '../guardianship.js'
import { IssuerError } from '../issuer-error.js'
import type { PresentedCertificates } from '../presented-certificate.js'
import type { PresentedBatch } from '../presented-standing-store.js'
import type { GuardianStandingStore } from './guardian-standing-store.js'

export type GuardianEvidenceParts = {
  readonly presented: PresentedCertificates
  readonly store: GuardianStandingStore
  readonly source: Pick<AuthenticSource, 'read'>
}

/** A guardian who is not at the same place has that long until their word has arrived. */
const HANDED_OVER_SECONDS = 86_400

/**
 * Evidence that a guardian applies for a minor, or consents: the guardian's own certificate, shown to
 * the issuer with `network_number`, for this application and these purposes and no other. It is the
 * authentic source that says whose guardian somebody is.
 */
export function createGuardianEvidence(parts: GuardianEvidenceParts): EvidenceChecker<'guardian'> {
  const { presented, store, source } = parts
  return {
    async check(subject, { presentation }) {
      const { application, audience, nonce, citizen: minor, now } = subject
      const today = civilDateAt(now)
      if (minor === null) throw registryFirst()
      if (!isMinor(minor.birthdate, today)) throw notMinor()
      const certificate = await presented.read({
        presentation,
        audience,
        nonce,
        types: [NETWORK_CERTIFICATE],
        purpose: GUARDIAN_CONSENT_PURPOSE,
        maxAgeSeconds: HANDED_OVER_SECONDS,
      })
      const batch = await presented.standing(certificate)
      const consent = { application, purposes: purposesDigest() }
      const own = certificate.role === 'self' && batch.guardian === null
      if (!own || !consentsTo(certificate.binding, consent)) throw otherCertificate()
      await assertLink(source, { minor, batch, now })
      return {
        passed: true,
        outcome: 'guardian',
        guardian: batch.citizen,
        once: createHash('sha256').update(presentation).digest('base64url'),
        async stands(trx) {
          const guardian = { person: batch.person, batch: batch.id }
          if (!(await store.stands(trx, guardian))) throw otherCertificate()
        },
      }
    },
  }
}

/** @throws IssuerError `guardian_not_linked`, `guardian_is_minor` */
async function assertLink(
  source: GuardianEvidenceParts['source'],
  link: { readonly minor: SourceCitizen; readonly batch: PresentedBatch; readonly now: Date },
): Promise<void> {
  const { minor, batch, now } = link
  const adult = await source.read(batch.citizen)
  // Whoever the source does not know is nobody's guardian there.
  const birthdate = adult?.birthdate ?? minor.birthdate
  const guardian = { reference: batch.citizen, birthdate }
  checkGuardian({ guardians: minor.guardians, guardian }, civilDateAt(now))
}

function registryFirst(): IssuerError {
  const text = 'Compare with the authentic source first: whose guardian would this be?'
  return new IssuerError('evidence_registry_first', text)
}

function notMinor(): IssuerError {
  const text = 'The applicant is 18 or older; nobody consents for them.'
  return new IssuerError('custody_not_minor', text)
}

function otherCertificate(): IssuerError {
  return new IssuerError(
    'guardian_certificate',
    'The presentation is of no certificate of the guardian themselves, or consents to something else.',
  )
}
