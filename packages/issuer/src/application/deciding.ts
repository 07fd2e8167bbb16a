import { epochSeconds } from '@netcert/credential'
import type { AuditEvent } from '../audit/audit-entry.js'
import type { FindingText } from '../finding.js'
import { civilDateAt } from '../civil-date.js'
import { IssuerError } from '../issuer-error.js'
import type { AskedAssurance } from './application-content.js'
import {
  type ApplicationParts,
  applicationChanged,
  citizenOfRow,
  contentOf,
  judge,
  openApplication,
} from './application-parts.js'
import type { StoredApplication } from './application-store.js'
import type { Judgement } from './assurance.js'
import { consentStands } from './consent-standing.js'
import { OPERATOR_REFUSALS, REFUSAL_TEXTS, type RefusalCode } from './refusal-texts.js'

/** What became of an application. */
export type Decision =
  | { readonly state: 'approved'; readonly assurance: AskedAssurance }
  | { readonly state: 'refused'; readonly reason: RefusalCode; readonly text: FindingText }

const OPEN = ['submitted', 'checked'] as const

/**
 * Decides an application by the rules: approved when the level asked for is reached, else refused
 * with a code. An operator can refuse what could be approved; nobody can approve what the rules
 * refuse. With the decision what was stated is gone, key and all.
 *
 * @param refuse - One of `OPERATOR_REFUSALS`.
 * @throws IssuerError `application_unknown`, `application_state`, `application_changed`,
 *   `application_reason_unknown`.
 */
export async function decideApplication(
  parts: ApplicationParts,
  id: string,
  refuse?: string,
): Promise<Decision> {
  const row = await openApplication(parts, id, OPEN)
  if (refuse !== undefined) {
    const reason = OPERATOR_REFUSALS.find((known) => known === refuse)
    if (reason === undefined) throw reasonUnknown()
    return commit(parts, row, () => ({ refused: reason, open: false }))
  }
  const citizen = await citizenOfRow(parts, row)
  const isEnrolled = citizen !== null && (await parts.enrolment.isEnrolled(citizen))
  const { byGuardian } = contentOf(parts, row)
  const standing = { citizen, isEnrolled, byGuardian }
  const stands = consentStands(row, citizen, civilDateAt(parts.clock()))
  return commit(parts, row, (evidence) => {
    const counted = evidence.filter(({ kind }) => stands || kind !== 'guardian')
    return judge(parts, row, standing, counted)
  })
}

type JudgeEvidence = (evidence: Parameters<typeof judge>[3]) => Judgement

function commit(
  { store, audit, clock }: ApplicationParts,
  { id, version }: StoredApplication,
  judged: JudgeEvidence,
): Promise<Decision> {
  return audit.record(async (trx) => {
    const judgement = judged(await store.evidenceWithin(trx, id))
    const decision = decisionOf(judgement)
    const gone = { wrapped_key: null, sealed: null }
    const set =
      decision.state === 'approved'
        ? { state: decision.state, assurance: decision.assurance, ...gone }
        : { state: decision.state, reason: decision.reason, citizen: null, guardian: null, ...gone }
    const step = { id, from: OPEN, version, at: epochSeconds(clock()), set }
    if (!(await store.step(trx, step))) throw applicationChanged()
    return { result: decision, event: eventOf(id, decision) }
  })
}

function decisionOf(judgement: Judgement): Decision {
  if ('approved' in judgement) return { state: 'approved', assurance: judgement.approved }
  const reason = judgement.refused
  return { state: 'refused', reason, text: REFUSAL_TEXTS[reason] }
}

function eventOf(subject: string, decision: Decision): AuditEvent {
  return decision.state === 'approved'
    ? { event: 'application_approved', subject, details: { assurance: decision.assurance } }
    : { event: 'application_refused', subject, details: { reason: decision.reason } }
}

function reasonUnknown(): IssuerError {
  const text = `An operator refuses with one of ${OPERATOR_REFUSALS.join(', ')}; name one.`
  return new IssuerError('application_reason_unknown', text)
}
