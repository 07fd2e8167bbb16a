import type { Vault } from '@netcert/agent'
import { type CertifiedSigner, epochSeconds, type Signer } from '@netcert/credential'
import type { Access } from '../audit/access.js'
import type { AuditTrail } from '../audit/audit-trail.js'
import type { CitizenRegister, SourceCitizen } from '../authentic-source.js'
import { civilDateAt } from '../civil-date.js'
import type { Enrolment } from '../enrolment.js'
import { IssuerError } from '../issuer-error.js'
import type { Cancellation } from '../person-cancellation.js'
import { openRecord } from '../sealed-record.js'
import type { CredentialOffers } from '../vci-offers.js'
import type { ApplicationContent, AskedAssurance } from './application-content.js'
import type { ApplicationState, ApplicationStore, StoredApplication } from './application-store.js'
import { type Judgement, judgeApplication } from './assurance.js'
import type { EvidenceCheckers, EvidenceKind, EvidenceSubject } from './evidence.js'
import type { PhoneEvidence } from './phone-evidence.js'

/** What the desk of applications works with. */
export type ApplicationParts = {
  readonly store: ApplicationStore
  readonly source: Pick<CitizenRegister, 'read' | 'recordDocument'>
  readonly enrolment: Pick<Enrolment, 'confirm' | 'isEnrolled'>
  readonly vault: Vault
  readonly audit: AuditTrail
  readonly access: Access
  readonly checkers: EvidenceCheckers
  readonly phone: PhoneEvidence
  /** The issuer's status key. */
  readonly signer: () => Promise<Signer | CertifiedSigner>
  readonly offers: Pick<CredentialOffers, 'createOffer'>
  /** Erases somebody who was enrolled by an application that is withdrawn. */
  readonly undoEnrolment: (citizen: string) => Promise<Pick<Cancellation, 'receipt'>>
  readonly baseUrl: string
  readonly clock: () => Date
}

/** The row of an application. @throws IssuerError `application_unknown`, `application_state` */
export async function openApplication(
  { store }: Pick<ApplicationParts, 'store'>,
  id: string,
  states: readonly ApplicationState[],
): Promise<StoredApplication> {
  const row = await store.get(id)
  if (row === undefined) throw applicationUnknown()
  if ((states as readonly string[]).includes(row.state)) return row
  const text = `The application is ${row.state}; this needs one that is ${states.join(' or ')}: see netcert application show.`
  throw new IssuerError('application_state', text)
}

/** @returns an IssuerError `application_unknown` */
export function applicationUnknown(): IssuerError {
  const text = 'There is no application of that reference; application list shows them.'
  return new IssuerError('application_unknown', text)
}

/** @returns an IssuerError `application_changed` */
export function applicationChanged(): IssuerError {
  const text = 'Somebody else changed the application just now; look at it and decide again.'
  return new IssuerError('application_changed', text)
}

/** Which row the sealed content of an application stands in. */
export function contentContext(id: string): string {
  return `issuer/applications/${id}`
}

/** The person an application is about, as the authentic source knows them now. */
export async function citizenOfRow(
  { source }: Pick<ApplicationParts, 'source'>,
  { citizen }: Pick<StoredApplication, 'citizen'>,
): Promise<SourceCitizen | null> {
  return citizen === null ? null : ((await source.read(citizen)) ?? null)
}

/** An open application as its evidence is about it. @throws AgentError for an altered row */
export async function subjectOf(
  parts: ApplicationParts,
  row: StoredApplication,
): Promise<EvidenceSubject> {
  return {
    application: row.id,
    nonce: row.nonce,
    audience: parts.baseUrl,
    content: contentOf(parts, row),
    submittedAt: new Date(row.submitted_at * 1000),
    citizen: await citizenOfRow(parts, row),
    now: parts.clock(),
  }
}

/** What was stated. @throws AgentError for an altered row; TypeError once it is decided */
export function contentOf(
  { vault }: Pick<ApplicationParts, 'vault'>,
  { id, wrapped_key, sealed }: StoredApplication,
): ApplicationContent {
  if (wrapped_key === null || sealed === null) throw new TypeError('it is decided')
  const record = { wrappedKey: wrapped_key, sealed }
  // Authenticated by the seal: only this folder has written it.
  return openRecord(vault, record, contentContext(id)) as ApplicationContent
}

/** What the rules are told besides the evidence. */
export type Standing = {
  readonly citizen: SourceCitizen | null
  readonly isEnrolled: boolean
  readonly byGuardian: boolean
}

/** What the rules say of evidence on record. */
export function judge(
  { clock }: Pick<ApplicationParts, 'clock'>,
  row: Pick<StoredApplication, 'assurance_asked'>,
  { citizen, isEnrolled, byGuardian }: Standing,
  evidence: readonly { kind: string; passed: number; outcome: string; at: number }[],
): Judgement {
  const now = clock()
  return judgeApplication({
    asked: row.assurance_asked as AskedAssurance,
    byGuardian,
    evidence: evidence.map(({ kind, passed, outcome, at }) => ({
      kind: kind as EvidenceKind,
      passed: passed === 1,
      outcome,
      at,
    })),
    birthdate: citizen?.birthdate ?? null,
    isEnrolled,
    today: civilDateAt(now),
    at: epochSeconds(now),
  })
}
