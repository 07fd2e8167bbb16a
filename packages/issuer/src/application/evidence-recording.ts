import { createHash } from 'node:crypto'
import { epochSeconds } from '@netcert/credential'
import { IssuerError } from '../issuer-error.js'
import {
  type ApplicationParts,
  applicationChanged,
  judge,
  openApplication,
  subjectOf,
} from './application-parts.js'
import type { StoredApplication } from './application-store.js'
import type { EvidenceInputs, EvidenceKind, EvidenceOutcome } from './evidence.js'
import type { SendCodeOptions } from './phone-evidence.js'
import type { RefusalCode } from './refusal-texts.js'

/** Evidence that was taken, and what the rules say now. */
export type AddedEvidence = {
  readonly kind: EvidenceKind
  readonly passed: boolean
  readonly outcome: string
  readonly state: 'submitted' | 'checked'
  /** What is still missing, or why it will be refused; `null` when it can be approved. */
  readonly missing: RefusalCode | null
}

const OPEN = ['submitted', 'checked'] as const

/**
 * Checks evidence of one kind and puts on record that it passed, how, and when; each kind once. What
 * was handed in is gone with the answer.
 *
 * @throws IssuerError `application_unknown`, `application_state`, `application_changed`,
 *   `evidence_repeated`, `evidence_statement_used`; what the checker throws, and then nothing changed.
 */
export async function addEvidence<Kind extends EvidenceKind>(
  parts: ApplicationParts,
  id: string,
  kind: Kind,
  input: EvidenceInputs[Kind],
): Promise<AddedEvidence> {
  const { store, enrolment, source } = parts
  const row = await openApplication(parts, id, OPEN)
  if ((await store.evidenceOf(id)).some((known) => known.kind === kind)) throw repeated()
  const subject = await subjectOf(parts, row)
  const outcome = await parts.checkers[kind].check(subject, input)
  const found = outcome.passed && outcome.citizen !== undefined ? outcome.citizen : null
  const citizen = found === null ? subject.citizen : ((await source.read(found)) ?? null)
  const isEnrolled = citizen !== null && (await enrolment.isEnrolled(citizen))
  const standing = { citizen, isEnrolled, byGuardian: subject.content.byGuardian }
  return record(parts, row, { kind, outcome, standing })
}

type Recording = {
  readonly kind: EvidenceKind
  readonly outcome: EvidenceOutcome
  readonly standing: Parameters<typeof judge>[2]
}

function record(
  parts: ApplicationParts,
  row: StoredApplication,
  { kind, outcome, standing }: Recording,
): Promise<AddedEvidence> {
  const { store, audit, clock } = parts
  const { id, version } = row
  const passed = outcome.passed
  const at = epochSeconds(clock())
  return audit.record(async (trx) => {
    if (outcome.passed) await outcome.stands?.(trx)
    const once = outcome.passed && outcome.once !== undefined ? hashOf(outcome.once) : null
    const evidence = { application: id, kind, passed: passed ? 1 : 0, outcome: outcome.outcome }
    const put = await store.putEvidence(trx, { ...evidence, once_hash: once, at })
    const all = await store.evidenceWithin(trx, id)
    if (!put) throw all.some((known) => known.kind === kind) ? repeated() : used()
    const judgement = judge(parts, row, standing, all)
    const state = 'approved' in judgement ? 'checked' : 'submitted'
    const set = {
      state,
      ...(outcome.passed && outcome.citizen !== undefined ? { citizen: outcome.citizen } : {}),
      ...(outcome.passed && outcome.guardian !== undefined ? { guardian: outcome.guardian } : {}),
    } as const
    if (!(await store.step(trx, { id, from: OPEN, version, at, set }))) throw applicationChanged()
    const missing = 'refused' in judgement ? judgement.refused : null
    return {
      result: { kind, passed, outcome: outcome.outcome, state, missing },
      event: {
        event: 'application_evidence',
        subject: id,
        details: { kind, passed, outcome: outcome.outcome, state },
      },
    }
  })
}

/**
 * Sends a one-time code to the number on record of the person who applies.
 *
 * @throws IssuerError `application_unknown`, `application_state`, `evidence_registry_first`,
 *   `evidence_codes_spent`.
 */
export async function sendPhoneCode(
  parts: ApplicationParts,
  id: string,
  options: SendCodeOptions,
): Promise<void> {
  const row = await openApplication(parts, id, OPEN)
  await parts.phone.send(await subjectOf(parts, row), options)
  const event = { event: 'application_code_sent', subject: id } as const
  await parts.audit.record(async () => ({ result: undefined, event }))
}

/** A statement holds an identifier nobody can guess: a plain hash of it says nothing. */
function hashOf(once: string): string {
  return createHash('sha256').update(once, 'utf8').digest('base64url')
}

function repeated(): IssuerError {
  const text = 'Evidence of that kind is on record already; each kind is taken once.'
  return new IssuerError('evidence_repeated', text)
}

function used(): IssuerError {
  const text = 'That statement was used already; ask for a new one.'
  return new IssuerError('evidence_statement_used', text)
}
