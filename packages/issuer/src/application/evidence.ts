import type { SourceCitizen } from '../authentic-source.js'
import type { Stands } from '../person-store.js'
import type { ApplicationContent } from './application-content.js'
import type { RefusalCode } from './refusal-texts.js'

/** What an application can be proved by. */
const EVIDENCE_KINDS = ['registry', 'chip', 'phone', 'presence', 'contact', 'guardian'] as const
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]

/** What is handed to the issuer, by kind. Nothing of it is kept. */
export type EvidenceInputs = {
  /** Nothing: what was stated is compared with the authentic source. */
  readonly registry: null
  /** EF.SOD and data groups by number, as read from the chip. */
  readonly chip: {
    readonly sod: Uint8Array
    readonly dataGroups: ReadonlyMap<number, Uint8Array>
  }
  /** The one-time code that was sent to the number on record. */
  readonly phone: { readonly code: string }
  /** The word of a liveness provider, or of the operator at the counter. */
  readonly presence: { readonly statement: string } | { readonly counter: { face: boolean } }
  /** Presentation of the recovery contact's own certificate. */
  readonly contact: { readonly presentation: string }
  /** Presentation of the guardian's own certificate. */
  readonly guardian: { readonly presentation: string }
}

/** What evidence is about. */
export type EvidenceSubject = {
  /** Reference of the application. */
  readonly application: string
  /** What a presentation made for the application has as its nonce. */
  readonly nonce: string
  /** Whom statements and presentations are addressed to: the issuer's base URL. */
  readonly audience: string
  readonly content: ApplicationContent
  readonly submittedAt: Date
  /** The person in the authentic source; `null` until the registry comparison has passed. */
  readonly citizen: SourceCitizen | null
  readonly now: Date
}

/** How evidence ended. Whatever can be tried again is thrown instead, and leaves nothing behind. */
export type EvidenceOutcome =
  | {
      readonly passed: true
      /** A code that says how: `exact`, `face`, … Never a value. */
      readonly outcome: string
      /** Reference of the person it found: only of `registry`. */
      readonly citizen?: string
      /** Reference of the guardian it found: only of `guardian`. */
      readonly guardian?: string
      /** What makes a statement that statement: nobody brings it a second time, for anything. */
      readonly once?: string
      /** Looked at again in the transaction that puts the evidence on record. */
      readonly stands?: Stands
    }
  | { readonly passed: false; readonly outcome: RefusalCode }

/** Judges one kind of evidence; keeps nothing of it. */
export type EvidenceChecker<Kind extends EvidenceKind> = {
  /**
   * @throws IssuerError `evidence_…`, `chip_…`: it can be brought again. What is found to be false
   *   for good is no error but an outcome that did not pass.
   */
  check(subject: EvidenceSubject, input: EvidenceInputs[Kind]): Promise<EvidenceOutcome>
}

/** A checker of each kind; put together in application-assembly.ts. */
export type EvidenceCheckers = { readonly [Kind in EvidenceKind]: EvidenceChecker<Kind> }

/** Evidence on record. */
export type RecordedEvidence = {
  readonly kind: EvidenceKind
  readonly passed: boolean
  readonly outcome: string
  readonly at: Date
}
