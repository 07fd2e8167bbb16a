import type { JsonObject } from '@netcert/credential'
import {
  type AnswerTarget,
  type ProtocolErrorCode,
  type ProvenRequest,
  type TransactionData,
  transactionMembers,
} from '@netcert/protocol'
import { remainingAfterUse } from './certificate-summary.js'
import { consentHints, type Preview } from './consent.js'
import type { PlannedPresentation, PresentationPlan } from './vp-plan.js'
import { showableName } from './showable-name.js'
import type { Refillable } from './vci-on-demand.js'

/** Who asks, as far as that is known. */
export type ShownVerifier = {
  /** The full client identifier: what presentations are made for. */
  readonly clientId: string
  /** How it is proven; `unsigned` and `key` say nothing about who it is. */
  readonly proof: ProvenRequest['client']['proof']
  /** Where the answer goes; null: to the web page that asked. */
  readonly host: string | null
  /** What it calls itself. Nobody vouches for it: show it as a claim, or not at all. */
  readonly claimedName: string | null
  /** No registrar vouches for any verifier yet: each is unknown and gets facts only. */
  readonly accredited: false
}

/** One certificate that would be shown. */
export type PreviewedCredential = Preview & {
  /** The `id` of the credential query. */
  readonly id: string
}

/** A transaction that presenting would authorise; its members as the verifier wrote them. */
export type ShownTransaction = { readonly type: string; readonly members: JsonObject }

/** What an answer would show, for the consent screen. */
export type RequestPreview = {
  readonly verifier: ShownVerifier
  /**
   * `ready`; `needs_refill`: copies would answer and none is left, see `refills`; `unanswerable`: nothing here may answer, saying so tells the verifier no more than a
   * refusal does; otherwise why the request is refused.
   */
  readonly state: 'ready' | 'needs_refill' | 'unanswerable' | ProtocolErrorCode
  readonly credentials: readonly PreviewedCredential[]
  /** What the verifier would like besides; shared only when the citizen says so. */
  readonly optional: readonly PreviewedCredential[]
  /**
   * With `needs_refill`: what would be fetched first, and from whom. That issuer can tell that the
   * copies were used up, and learns nothing of the verifier.
   */
  readonly refills: readonly Refillable[]
  /** What would be authorised: show all of it, not its type alone. */
  readonly transactions: readonly ShownTransaction[]
}

/** Who asks, for the screen. */
export function shownVerifier(
  { client, target }: Pick<ProvenRequest, 'client' | 'target'>,
  claimedName: string | null,
): ShownVerifier {
  return {
    clientId: client.identifier.full,
    proof: client.proof,
    host: hostOf(target),
    claimedName: showableName(claimedName),
    accredited: false,
  }
}

/** The preview of a request with a plan, or without one. */
export function previewOf(options: {
  readonly verifier: ShownVerifier
  readonly audience: string
  readonly plan: PresentationPlan | null
  readonly refills?: readonly Refillable[]
  readonly transactionData: readonly TransactionData[]
}): RequestPreview {
  const { verifier, audience, plan, refills = [], transactionData } = options
  const unanswered = refills.length > 0 ? 'needs_refill' : 'unanswerable'
  const show = (planned: PlannedPresentation) => previewCredential(planned, audience)
  return {
    verifier,
    state: plan === null ? unanswered : 'ready',
    credentials: plan?.required.map(show) ?? [],
    optional: plan?.optional.map(show) ?? [],
    refills,
    transactions: transactionData.map(({ type, content }) => ({
      type,
      members: transactionMembers(content),
    })),
  }
}

/** The preview of a request that is refused whatever the wallet holds. */
export function refusedPreview(verifier: ShownVerifier, code: ProtocolErrorCode): RequestPreview {
  return { verifier, state: code, credentials: [], optional: [], refills: [], transactions: [] }
}

function previewCredential(planned: PlannedPresentation, audience: string): PreviewedCredential {
  const { id, candidate, claims, kind } = planned
  const remainingAfter = remainingAfterUse(candidate.batch)
  return {
    id,
    audience,
    vct: candidate.vct,
    issuer: candidate.held.issuer,
    kind,
    claims,
    remainingAfter,
    hints: consentHints({ ...planned, remainingAfter }),
  }
}

function hostOf(target: AnswerTarget): string | null {
  return target.to === 'browser' ? null : new URL(target.responseUri).host
}
