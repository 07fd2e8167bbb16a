import type { ClaimPath } from '@netcert/credential'
import type { LegalBasis, LocalisedText } from '@netcert/protocol'
import type { CopyKind } from './copy-choice.js'
import type { HeldWard } from './ward-records.js'

/** An accredited platform as the ledger notes it: what its registrar vouched for. */
export type PlatformNote = {
  readonly id: string
  readonly name: LocalisedText
  readonly purpose: LocalisedText
  readonly purpose_id: string
  readonly legal_basis: LegalBasis
  /** `jti` of the accreditation. */
  readonly accreditation: string
  /** Seconds since 1970: until when the platform may keep what it received. */
  readonly until: number
}

/** Something was shown: names of claims, never values. */
export type DisclosureContent = {
  readonly kind: 'disclosure'
  readonly id: string
  readonly audience: string
  readonly vct: string
  readonly copy: CopyKind
  readonly claims: readonly ClaimPath[]
  /** Null: to a verifier that nobody accredited. */
  readonly platform: PlatformNote | null
  /** The child it was about, as this wallet called it then; absent: the citizen themselves. */
  readonly ward?: HeldWard
}

/** What the platform signed for what it received. */
export type ReceiptContent = {
  readonly kind: 'receipt'
  /** Ids of the disclosures it is about. */
  readonly of: readonly string[]
  readonly state: 'verified' | 'missing' | 'invalid'
  /** The receipt itself, when it was verified: a proof against the platform. */
  readonly token: string | null
}

/** How a demand to delete stands. */
export type DeletionState =
  | 'requested'
  /** The request did not get through, or was answered by something that does not hold. */
  | 'undelivered'
  | 'unproven'
  | 'deleted'
  | 'scheduled'
  | 'refused'

/** A demand to delete, or what came of it. */
export type DeletionContent = {
  readonly kind: 'deletion'
  readonly id: string
  readonly platform: Pick<PlatformNote, 'id' | 'name'>
  readonly state: DeletionState
  /** Seconds since 1970: when the platform says it will be done, or when it is late. */
  readonly due_at: number | null
  readonly reason: LocalisedText | null
  /** The platform's signed answer. */
  readonly token: string | null
  /** The child whose account it is about; absent: the citizen's own. */
  readonly ward?: HeldWard
}

/** A greedy request was reported to the registrar. */
export type ReportContent = {
  readonly kind: 'report'
  readonly platform: Pick<PlatformNote, 'id' | 'name'>
  readonly code: string
  readonly report_id: string
}

export type LedgerContent = DisclosureContent | ReceiptContent | DeletionContent | ReportContent
