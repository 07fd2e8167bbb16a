import { randomBytes } from 'node:crypto'
import { epochSeconds, NETWORK_CERTIFICATE } from '@netcert/credential'
import {
  createRecoveryLink,
  type RecoveryRequest,
  recoveryPurpose,
  saysYesTo,
} from '@netcert/protocol'
import type { Access } from '../audit/access.js'
import type { AuditTrail } from '../audit/audit-trail.js'
import { ageOn, civilDateAt } from '../civil-date.js'
import { type Enrolment } from '../enrolment.js'
import { IssuerError } from '../issuer-error.js'
import type { PersonStore } from '../person-store.js'
import type { PresentedBatch } from '../presented-standing-store.js'
import type { PresentedCertificates } from '../presented-certificate.js'
import { createReference } from '../reference.js'
import {
  agreeContact,
  askContact,
  type RecoveryContactStore,
  removeContact,
  type StoredContact,
} from './recovery-contact-store.js'

/** A recovery contact, or the request to be one; who it is stays between the two people. */
export type RecoveryContact = {
  /** `k_…` */
  readonly contact: string
  readonly state: 'asked' | 'agreed'
  readonly since: Date
}

/** What is handed to a contact to be. */
export type ContactRequest = {
  readonly contact: string
  /** The contact's wallet answers it: `netcert wallet vouch`. */
  readonly link: string
  readonly expiresAt: Date
}

/** Who may confirm an application when somebody's devices are all gone. */
export type RecoveryContacts = {
  /** @throws IssuerError `not_enrolled`, `contact_too_many`, `operator_…`. */
  askContact(citizen: string): Promise<ContactRequest>
  /**
   * Takes the contact's consent: a presentation of their own certificate that says yes to this
   * request.
   *
   * @throws IssuerError `contact_request_unknown`, `contact_request_over`, `contact_is_applicant`,
   *   `contact_not_adult`, `contact_certificate`, `presentation_…`, `operator_…`.
   */
  agreeContact(contact: string, presentation: string): Promise<void>
  /** @throws IssuerError `not_enrolled`, `operator_…`. */
  contacts(citizen: string): Promise<readonly RecoveryContact[]>
  /** @throws IssuerError `contact_request_unknown`, `operator_…`. */
  removeContact(contact: string): Promise<void>
}

export type RecoveryContactsParts = {
  readonly store: RecoveryContactStore
  readonly persons: PersonStore
  readonly enrolment: Pick<Enrolment, 'open'>
  readonly presented: PresentedCertificates
  readonly audit: AuditTrail
  readonly access: Access
  readonly baseUrl: string
  readonly clock: () => Date
}

/** Contacts and open requests of one person. */
const MOST_CONTACTS = 5
const REQUEST_SECONDS = 7 * 86_400
/** It is handed over by people. */
const HANDED_OVER_SECONDS = 3600
const ADULT = 18

/** People name other enrolled people, who agree by presenting their own certificate. */
export function createRecoveryContacts(parts: RecoveryContactsParts): RecoveryContacts {
  const { store, audit, access, clock } = parts
  return {
    async askContact(citizen) {
      access.require('enrol')
      return ask(parts, await personOf(parts, citizen))
    },
    async agreeContact(contact, presentation) {
      access.require('enrol')
      return agree(parts, contact, presentation)
    },
    async contacts(citizen) {
      access.require('enrol')
      const person = await personOf(parts, citizen)
      return (await store.list(person, epochSeconds(clock()))).map(contactOf)
    },
    async removeContact(contact) {
      access.require('enrol')
      const done = await audit.record(async (trx) => {
        const subject = await removeContact(trx, contact)
        const event = { event: 'contact_removed' as const, subject: subject ?? contact }
        return { result: subject !== undefined, event: subject === undefined ? null : event }
      })
      if (!done) throw unknownRequest()
    },
  }
}

async function personOf({ persons }: RecoveryContactsParts, citizen: string): Promise<string> {
  const person = await persons.getByCitizen(citizen)
  if (person !== undefined) return person.id
  const text = 'Nobody with this reference is enrolled; contacts belong to enrolled people.'
  throw new IssuerError('not_enrolled', text)
}

async function ask(
  { store, audit, baseUrl, clock }: RecoveryContactsParts,
  person: string,
): Promise<ContactRequest> {
  const at = epochSeconds(clock())
  if ((await store.list(person, at)).length >= MOST_CONTACTS) {
    const text = `A person has at most ${MOST_CONTACTS} contacts and requests; remove one first.`
    throw new IssuerError('contact_too_many', text)
  }
  const id = createReference('k')
  const nonce = randomBytes(24).toString('base64url')
  const row: StoredContact = {
    ...{ id, person, contact: null, nonce, asked_at: at, agreed_at: null },
    expires_at: at + REQUEST_SECONDS,
  }
  const asked = await audit.record(async (trx) => {
    const result = await askContact(trx, row)
    return { result, event: result ? { event: 'contact_asked' as const, subject: person } : null }
  })
  if (!asked) throw new IssuerError('not_enrolled', 'The person is no longer enrolled.')
  const link = createRecoveryLink({ kind: 'contact', issuer: baseUrl, nonce, subject: id })
  return { contact: id, link, expiresAt: new Date((at + REQUEST_SECONDS) * 1000) }
}

async function agree(
  parts: RecoveryContactsParts,
  id: string,
  presentation: string,
): Promise<void> {
  const { store, audit, baseUrl, clock } = parts
  const row = await store.get(id)
  if (row === undefined) throw unknownRequest()
  const at = epochSeconds(clock())
  if (row.nonce === null || (row.expires_at ?? 0) <= at) throw requestOver()
  const request = { kind: 'contact', issuer: baseUrl, nonce: row.nonce, subject: id } as const
  const { person: contact } = await readVouching(parts, presentation, request)
  if (contact === row.person) throw isApplicant()
  await assertAdult(parts, contact)
  const agreed = await audit.record(async (trx) => {
    const result = await agreeContact(trx, { id, contact, at })
    const event = { event: 'contact_agreed' as const, subject: row.person }
    return { result, event: result ? event : null }
  })
  if (!agreed) throw requestOver()
}

/**
 * A contact's yes: their own network certificate, which counts by the issuer's own books, and a
 * signature over exactly this request.
 *
 * @throws IssuerError `presentation_…`, `contact_certificate`.
 */
export async function readVouching(
  { presented }: Pick<RecoveryContactsParts, 'presented'>,
  presentation: string,
  request: RecoveryRequest,
): Promise<PresentedBatch> {
  const certificate = await presented.read({
    presentation,
    audience: request.issuer,
    nonce: request.nonce,
    types: [NETWORK_CERTIFICATE],
    purpose: recoveryPurpose(request.kind),
    maxAgeSeconds: HANDED_OVER_SECONDS,
  })
  const says = saysYesTo(certificate.binding, request)
  const batch = await presented.standing(certificate)
  if (says && certificate.role === 'self' && batch.guardian === null) return batch
  throw new IssuerError(
    'contact_certificate',
    'The presentation is of no certificate of the contact themselves, or says yes to something else.',
  )
}

async function assertAdult(
  { enrolment, clock }: RecoveryContactsParts,
  contact: string,
): Promise<void> {
  const enrolled = await enrolment.open(contact)
  if (enrolled !== undefined && ageOn(enrolled.person.birthdate, civilDateAt(clock())) >= ADULT) {
    return
  }
  throw new IssuerError('contact_not_adult', 'A recovery contact is 18 or older; name another one.')
}

function contactOf({ id, asked_at, agreed_at }: StoredContact): RecoveryContact {
  const state = agreed_at === null ? 'asked' : 'agreed'
  return { contact: id, state, since: new Date((agreed_at ?? asked_at) * 1000) }
}

/** @returns an IssuerError `contact_is_applicant` */
export function isApplicant(): IssuerError {
  return new IssuerError('contact_is_applicant', 'Nobody vouches for themselves; ask another one.')
}

function unknownRequest(): IssuerError {
  const text = 'No contact has this reference; netcert person contact list shows them.'
  return new IssuerError('contact_request_unknown', text)
}

function requestOver(): IssuerError {
  const text = 'The request has been answered or is too old; ask the contact anew.'
  return new IssuerError('contact_request_over', text)
}
