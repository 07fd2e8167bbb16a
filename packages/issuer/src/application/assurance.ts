import { type CivilDate, ageOn } from '../civil-date.js'
import { FULL_AGE } from '../guardianship.js'
import type { AskedAssurance } from './application-content.js'
import type { EvidenceKind } from './evidence.js'
import type { RefusalCode } from './refusal-texts.js'

/** How a presence statement passed. */
export const PRESENCE_OUTCOMES = {
  /** An operator saw the person and their document. */
  counter: 'counter',
  /** … and compared the face with the document. */
  counterFace: 'counter_face',
  /** A configured provider saw a living person. */
  provider: 'provider',
  /** … and compared the face with the document or the register. */
  providerFace: 'provider_face',
} as const

/** Evidence as the rules look at it. */
export type JudgedEvidence = {
  readonly kind: EvidenceKind
  readonly passed: boolean
  readonly outcome: string
  /** Seconds since 1970. */
  readonly at: number
}

type Demand = EvidenceKind | (typeof PRESENCE_OUTCOMES)[keyof typeof PRESENCE_OUTCOMES]

const { counter, counterFace, provider, providerFace } = PRESENCE_OUTCOMES

/**
 * What each level follows from: each inner list needs one of its members. The registry comparison
 * comes first in all of them, and finds the person.
 */
const LEVELS = {
  document: [['chip', 'phone', counter, counterFace, provider, providerFace, 'guardian']],
  'document+face': [
    [counterFace, providerFace],
    // A provider that works at a distance held no document in its hands.
    [counterFace, 'chip', 'phone', 'guardian'],
  ],
} as const satisfies Record<AskedAssurance, readonly (readonly Demand[])[]>

/** What somebody who is enrolled already needs besides: one of these. */
const RE_ENROLMENT: readonly Demand[] = ['phone', 'presence', 'contact', 'guardian']

/** Whether evidence on record is what somebody who is enrolled already needs besides. */
export function provesWhoIsEnrolled(
  evidence: readonly { readonly kind: string; readonly passed: number }[],
): boolean {
  const demanded: readonly string[] = RE_ENROLMENT
  return evidence.some(({ kind, passed }) => passed === 1 && demanded.includes(kind))
}

/** Evidence older than that says too little about who applies now. */
export const EVIDENCE_SECONDS = 7 * 86_400

export type JudgedApplication = {
  readonly asked: AskedAssurance
  /** Whether a guardian applies or consents. */
  readonly byGuardian: boolean
  readonly evidence: readonly JudgedEvidence[]
  /** Of the person in the authentic source; `null` where nobody was found. */
  readonly birthdate: CivilDate | null
  /** Whether the person has a network number already. */
  readonly isEnrolled: boolean
  readonly today: CivilDate
  /** Seconds since 1970. */
  readonly at: number
}

export type Judgement =
  | { readonly approved: AskedAssurance }
  /** `open` where more evidence could change it. */
  | { readonly refused: RefusalCode; readonly open: boolean }

/** What the rules say of an application, in their order; nothing else decides. */
export function judgeApplication(application: JudgedApplication): Judgement {
  const { asked, byGuardian, evidence, birthdate, isEnrolled, today, at } = application
  const failed = evidence.find(({ passed }) => !passed)
  if (failed !== undefined) return final(failed.outcome as RefusalCode)
  const fresh = evidence.filter((each) => each.at > at - EVIDENCE_SECONDS)
  const met = new Set<string>(fresh.flatMap(({ kind, outcome }) => [kind, outcome]))
  const has = (demands: readonly Demand[]): boolean => demands.some((demand) => met.has(demand))
  const missing = (code: RefusalCode): Judgement => {
    const late = fresh.length < evidence.length
    return { refused: late ? 'evidence_stale' : code, open: !late }
  }
  if (!has(['registry']) || birthdate === null) return missing('registry_missing')
  const minor = ageOn(birthdate, today) < FULL_AGE
  if (!minor && byGuardian) return final('guardian_for_adult')
  if (minor && !has(['guardian'])) return missing('guardian_missing')
  if (!LEVELS.document.every(has)) return missing('evidence_missing')
  if (!LEVELS[asked].every(has)) return missing('face_missing')
  if (isEnrolled && !has(RE_ENROLMENT)) return missing('re_enrolment_evidence_missing')
  return { approved: asked }
}

function final(refused: RefusalCode): Judgement {
  return { refused, open: false }
}
