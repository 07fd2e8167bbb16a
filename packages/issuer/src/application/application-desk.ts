import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { type DocumentImportReport, importDocuments } from '../document-import.js'
import {
  type ApplicationParts,
  applicationUnknown,
  citizenOfRow,
  contentOf,
  judge,
} from './application-parts.js'
import type { ApplicationState, StoredApplication, StoredEvidence } from './application-store.js'
import { type SubmittedApplication, submitApplication } from './submission.js'
import { type Decision, decideApplication } from './deciding.js'
import type { EvidenceInputs, EvidenceKind, RecordedEvidence } from './evidence.js'
import { type AddedEvidence, addEvidence, sendPhoneCode } from './evidence-recording.js'
import {
  type ApplicationOffer,
  noteIssued,
  offerApplication,
  type OfferApplicationOptions,
  type Withdrawal,
  withdrawApplication,
} from './offering.js'
import { type ApplicationPurposes, applicationPurposes } from './purposes.js'
import type { SendCodeOptions } from './phone-evidence.js'
import type { RefusalCode } from './refusal-texts.js'

/** An application as it is shown: steps and codes, nothing that was stated. */
export type ApplicationView = {
  readonly id: string
  readonly state: ApplicationState
  readonly reason: string | null
  readonly assuranceAsked: string
  readonly assurance: string | null
  readonly types: readonly string[]
  readonly submittedAt: Date
  readonly changedAt: Date
}

/** … with its evidence, and what the rules say while it is open. */
export type ApplicationDetails = ApplicationView & {
  readonly nonce: string
  /** Whom presentations for it are addressed to. */
  readonly audience: string
  readonly evidence: readonly RecordedEvidence[]
  readonly missing: RefusalCode | null
}

export type ListApplications = {
  /** 1 to 1,000. */
  readonly limit: number
  readonly after?: string
  readonly state?: ApplicationState
}

/** Applications, from the consent to the certificate; see docs/formats/application.md. */
export type ApplicationDesk = {
  /** What is processed and why, and the digest a consent names it by. */
  purposes(): ApplicationPurposes
  /**
   * Takes further documents of people on record into the authentic source; enrols nobody.
   *
   * @throws IssuerError see `importDocuments`.
   */
  importDocuments(input: AsyncIterable<Uint8Array>): Promise<DocumentImportReport>
  /** @throws IssuerError `application_invalid` with findings. */
  submit(input: unknown): Promise<SubmittedApplication>
  /** @throws IssuerError see `sendPhoneCode`. */
  sendPhoneCode(id: string, options: SendCodeOptions): Promise<void>
  /** @throws IssuerError see `addEvidence`. */
  addEvidence<Kind extends EvidenceKind>(
    id: string,
    kind: Kind,
    input: EvidenceInputs[Kind],
  ): Promise<AddedEvidence>
  /** @throws IssuerError see `decideApplication`. */
  decide(id: string, refuse?: string): Promise<Decision>
  /** @throws IssuerError see `offerApplication`. */
  offer(id: string, options?: OfferApplicationOptions): Promise<ApplicationOffer>
  /** @throws IssuerError see `withdrawApplication`. */
  withdraw(id: string): Promise<Withdrawal>
  /** @throws IssuerError `application_unknown`. */
  show(id: string): Promise<ApplicationDetails>
  list(options: ListApplications): Promise<readonly ApplicationView[]>
  /** For issuance on the wire, which no operator does; `true` where it was the first. @throws IssuerError see `noteIssued`. */
  noteIssued(trx: Transaction<IssuerSchema>, offer: string | null): Promise<boolean>
  /** After a transaction with `noteIssued`: carries the entry to where it is kept. */
  settle(): Promise<void>
}

const LARGEST_PAGE = 1000

/** The desk; every method but those of issuance and the purposes needs the role `enrol`. */
export function createApplicationDesk(parts: ApplicationParts): ApplicationDesk {
  const enrolling = <Done>(work: () => Promise<Done>): Promise<Done> => {
    parts.access.require('enrol')
    return work()
  }
  return {
    purposes: applicationPurposes,
    importDocuments: async (input) => enrolling(() => importRecorded(parts, input)),
    submit: async (input) => enrolling(() => submitApplication(parts, input)),
    sendPhoneCode: async (id, options) => enrolling(() => sendPhoneCode(parts, id, options)),
    addEvidence: async (id, kind, input) => enrolling(() => addEvidence(parts, id, kind, input)),
    decide: async (id, refuse) => enrolling(() => decideApplication(parts, id, refuse)),
    offer: async (id, options = {}) => enrolling(() => offerApplication(parts, id, options)),
    withdraw: async (id) => enrolling(() => withdrawApplication(parts, id)),
    show: async (id) => enrolling(() => show(parts, id)),
    list: async (options) => enrolling(() => list(parts, options)),
    noteIssued: (trx, offer) => noteIssued(parts, trx, offer),
    settle: () => parts.audit.settle(),
  }
}

async function importRecorded(
  { source, audit }: ApplicationParts,
  input: AsyncIterable<Uint8Array>,
): Promise<DocumentImportReport> {
  const report = await importDocuments(source, input)
  const { rows, accepted, unchanged, refusedRows: refused } = report
  const details = { rows, accepted, unchanged, refused }
  const event = { event: 'documents_imported', details } as const
  return audit.record(() => Promise.resolve({ result: report, event }))
}

async function show(parts: ApplicationParts, id: string): Promise<ApplicationDetails> {
  const row = await parts.store.get(id)
  if (row === undefined) throw applicationUnknown()
  const evidence = await parts.store.evidenceOf(id)
  const recorded = evidence.map(({ kind, passed, outcome, at }) => ({
    kind: kind as EvidenceKind,
    passed: passed === 1,
    outcome,
    at: new Date(at * 1000),
  }))
  const missing = await missingOf(parts, row, evidence)
  return { ...viewOf(row), nonce: row.nonce, audience: parts.baseUrl, evidence: recorded, missing }
}

async function missingOf(
  parts: ApplicationParts,
  row: StoredApplication,
  evidence: readonly StoredEvidence[],
): Promise<RefusalCode | null> {
  if (row.sealed === null) return null
  const citizen = await citizenOfRow(parts, row)
  const isEnrolled = citizen !== null && (await parts.enrolment.isEnrolled(citizen))
  const { byGuardian } = contentOf(parts, row)
  const judgement = judge(parts, row, { citizen, isEnrolled, byGuardian }, evidence)
  return 'refused' in judgement ? judgement.refused : null
}

async function list(
  { store }: ApplicationParts,
  { limit, after = '', state }: ListApplications,
): Promise<readonly ApplicationView[]> {
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
    throw new TypeError(`a page has 1 to ${LARGEST_PAGE} applications`)
  }
  return (await store.list({ limit, after, state: state ?? null })).map(viewOf)
}

function viewOf(row: StoredApplication): ApplicationView {
  return {
    id: row.id,
    state: row.state as ApplicationState,
    reason: row.reason,
    assuranceAsked: row.assurance_asked,
    assurance: row.assurance,
    types: JSON.parse(row.types) as readonly string[],
    submittedAt: new Date(row.submitted_at * 1000),
    changedAt: new Date(row.changed_at * 1000),
  }
}
