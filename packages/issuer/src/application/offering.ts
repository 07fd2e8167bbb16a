import { epochSeconds } from '@netcert/credential'
import type { Transaction } from 'kysely'
import { invalidToken } from '../as-access-token.js'
import type { Confirmed } from '../enrolment.js'
import { IssuerError } from '../issuer-error.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import type { Assurance } from '../person-claims.js'
import { isWardConfiguration } from '../vci-configurations.js'
import type { CreatedOffer, CreateOfferOptions } from '../vci-offers.js'
import {
  type ApplicationParts,
  applicationChanged,
  applicationUnknown,
  openApplication,
} from './application-parts.js'
import type { StoredApplication } from './application-store.js'
import { assertConsentStands } from './consent-standing.js'
import { assertNotEnrolledSince, assertProvesWho } from './enrolled-since.js'

type Inside = Transaction<IssuerSchema>

/** How the offer of an application is handed over. */
export type OfferApplicationOptions = Pick<CreateOfferOptions, 'by' | 'deferred' | 'txCode'>

/** The offer that was made for an application. */
export type ApplicationOffer = CreatedOffer & {
  /** Reference in the authentic source: what a revocation code is made for. */
  readonly citizen: string
  /** Whether the person has a network number since just now. */
  readonly isNew: boolean
}

/** What a withdrawal is answered with. */
export type Withdrawal = {
  /** Erasure receipt of the person it had enrolled; `null` where it had enrolled nobody. */
  readonly receipt: string | null
}

const OFFERABLE = ['approved', 'offered'] as const
const WITHDRAWABLE = ['submitted', 'checked', 'approved', 'offered'] as const

/**
 * Enrols the person of an approved application, or confirms who is enrolled (number and salt stay),
 * and makes a credential offer. Another offer can be made until one led to a certificate; those
 * before are worth nothing then.
 *
 * @throws IssuerError `application_unknown`, `application_state`, `application_changed`,
 *   `application_enrolled_since`, `guardian_not_linked`; see `createOffer`.
 */
export async function offerApplication(
  parts: ApplicationParts,
  id: string,
  options: OfferApplicationOptions,
): Promise<ApplicationOffer> {
  const row = await openApplication(parts, id, OFFERABLE)
  const { citizen } = row
  if (citizen === null) throw new TypeError('an approved application is about somebody')
  await assertConsentStands(parts, row)
  await assertNotEnrolledSince(parts, row)
  const { isNew } = await enrolFor(parts, row, citizen)
  // At the same moment by another application.
  if (!isNew) await assertProvesWho(parts, row)
  const created = await parts.offers.createOffer({
    citizen,
    // Who consents to certificates of the minor's own does not hold them.
    guardian: typesOf(row).some(isWardConfiguration) ? row.guardian : null,
    types: typesOf(row),
    grant: 'pre-authorized',
    txCode: 'generate',
    ...options,
  })
  await commitOffer(parts, id, created.offer)
  return { ...created, citizen, isNew }
}

function enrolFor(
  { store, enrolment, clock }: ApplicationParts,
  row: StoredApplication,
  citizen: string,
): Promise<Confirmed> {
  const { id, assurance, consent_purposes: purposes, consent_language: language } = row
  const consent = { purposes, language, at: row.submitted_at }
  const grounds = { assurance: assurance as Assurance, consent }
  return enrolment.confirm(
    citizen,
    // With the person it becomes known that this application brought them.
    async (trx) => {
      const set = { enrolled_here: 1 }
      const step = { id, from: OFFERABLE, at: epochSeconds(clock()), set }
      if (!(await store.step(trx, step))) throw applicationChanged()
    },
    grounds,
  )
}

function commitOffer(
  { store, audit, clock }: ApplicationParts,
  id: string,
  offer: string,
): Promise<void> {
  return audit
    .record(async (trx) => {
      const set = { state: 'offered' } as const
      const step = { id, from: OFFERABLE, at: epochSeconds(clock()), set }
      const offered = await store.step(trx, step)
      await store.putOffer(trx, id, offer)
      // Withdrawn meanwhile: the offer nobody has seen yet goes, too.
      if (!offered) await store.endOffers(trx, id)
      const event = { event: 'application_offered', subject: id, details: { offer } } as const
      return { result: offered, event: offered ? event : null }
    })
    .then((offered) => {
      if (!offered) throw applicationChanged()
    })
}

/**
 * Withdraws an application, whatever state it is in before a certificate was issued: what was stated
 * is gone, offers are worth nothing, and a person it enrolled is erased, with a receipt.
 *
 * @throws IssuerError `application_unknown`, `application_state`.
 */
export async function withdrawApplication(
  parts: ApplicationParts,
  id: string,
): Promise<Withdrawal> {
  const { store, audit, clock } = parts
  await openApplication(parts, id, WITHDRAWABLE)
  const enrolled = await audit.record(async (trx) => {
    const row = await store.getWithin(trx, id)
    if (row === undefined) throw applicationUnknown()
    const gone = { wrapped_key: null, sealed: null, citizen: null, guardian: null }
    const set = { state: 'withdrawn', ...gone } as const
    const step = { id, from: WITHDRAWABLE, at: epochSeconds(clock()), set }
    if (!(await store.step(trx, step))) throw applicationChanged()
    await store.endOffers(trx, id)
    const result = row.enrolled_here === 1 ? row.citizen : null
    return { result, event: { event: 'application_withdrawn', subject: id } }
  })
  if (enrolled === null || (await store.hasBatches(enrolled))) return { receipt: null }
  try {
    const { receipt } = await parts.undoEnrolment(enrolled)
    return { receipt }
  } catch (error) {
    // Somebody else has cancelled them meanwhile.
    if (error instanceof IssuerError && error.code === 'citizen_unknown') return { receipt: null }
    throw error
  }
}

/**
 * Inside the transaction that plans certificates, and last in it: the application that the offer of
 * an access token was made for has led to a certificate. `true` where it is the first; call
 * `audit.settle` after the transaction then.
 *
 * @throws IssuerError `access_token_invalid` when the application was withdrawn.
 */
export async function noteIssued(
  { store, audit, clock }: Pick<ApplicationParts, 'store' | 'audit' | 'clock'>,
  trx: Inside,
  offer: string | null,
): Promise<boolean> {
  const row = offer === null ? undefined : await store.ofOffer(trx, offer)
  if (row === undefined || row.state === 'issued') return false
  const set = { state: 'issued' } as const
  const step = { id: row.id, from: ['offered'], at: epochSeconds(clock()), set } as const
  if (await store.step(trx, step)) {
    await audit.append(trx, { event: 'application_issued', subject: row.id }, { kind: 'citizen' })
    return true
  }
  // Another request of the same wallet was faster, or the application is no more.
  if ((await store.getWithin(trx, row.id))?.state !== 'issued') throw invalidToken()
  return false
}

function typesOf({ types }: StoredApplication): readonly string[] {
  return JSON.parse(types) as readonly string[]
}
