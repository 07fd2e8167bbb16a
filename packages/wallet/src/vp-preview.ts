import type { JsonObject } from '@netcert/credential'
import {
  type AnswerTarget,
  type DecisionCode,
  type LocalisedText,
  type PresentationRequest,
  type ProtocolErrorCode,
  type ProvenRequest,
  transactionMembers,
} from '@netcert/protocol'
import { remainingAfterUse } from './certificate-summary.js'
import { consentHints, type Linkability, type Preview } from './consent.js'
import {
  type IdentityClaim,
  identityClaims,
  type ShownAccreditation,
  shownAccreditation,
  type WithheldClaim,
  withheldClaims,
} from './shown-accreditation.js'
import type { Judgement } from './vp-judgement.js'
import type { PlannedPresentation, PresentationPlan } from './vp-plan.js'
import { showableName } from './showable-name.js'
import type { ShownBefore } from './shown-before.js'
import type { HeldWard } from './ward-records.js'
import type { Refillable } from './vci-on-demand.js'

/** Who asks, as far as that is known. */
export type ShownVerifier = {
  /** The full client identifier: what presentations are made for. */
  readonly clientId: string
  /** How it is proven; `unsigned` and `key` say nothing about who it is. */
  readonly proof: ProvenRequest['client']['proof']
  /** Where the answer goes; null: to the web page that asked, or to the gate that shows the challenge. */
  readonly host: string | null
  /**
   * What it calls itself. Nobody vouches for it: show it as a claim, or not at all. Null for an
   * accredited platform, whose name is its registrar's.
   */
  readonly claimedName: string | null
  /** What a registrar vouches for; false: unknown, and gets facts only. */
  readonly accredited: ShownAccreditation | false
}

/** One certificate that would be shown. */
export type PreviewedCredential = Preview & {
  /** The `id` of the credential query. */
  readonly id: string
  /** Whose it is: of a child the citizen is guardian of, or null: their own. */
  readonly ward: HeldWard | null
}

/** Where a platform's copy would come from. The issuer does not learn which platform it is for. */
export type NeededCopy = {
  readonly issuer: string
  /** `first`: none is there; `presence`: it has to be newer than a presence check. */
  readonly why: 'first' | 'presence'
  /** Where the issuer has a page for presence checks; null: at its counter. */
  readonly presenceUri: string | null
}

/** What the screen is about. */
export type PreviewState =
  | 'ready'
  /** Copies would answer and none is left; see `refills`. */
  | 'needs_refill'
  /** It has to be said first which child it is about; see `wards`. */
  | 'needs_ward'
  /** A copy of this platform's own is fetched first; see `needed`. */
  | 'needs_platform_copy'
  /** The citizen first goes through a presence check at the issuer; see `needed`. */
  | 'needs_presence'
  /** Plain identity is asked for: a question of its own; see `identity`. */
  | 'needs_identity_consent'
  /** Nothing here may answer; saying so tells the verifier no more than a refusal does. */
  | 'unanswerable'
  /** Why the request is refused. */
  | DecisionCode
  | ProtocolErrorCode
/** A transaction that presenting would authorise; its members as the verifier wrote them. */
export type ShownTransaction = { readonly type: string; readonly members: JsonObject }

/** What an answer would show, for the consent screen. */
export type RequestPreview = {
  readonly verifier: ShownVerifier
  /**
   * How often they got something before, about whom this is about; null where that is not known: who
   * asks is not established, or whom it is about is not said yet.
   */
  readonly before: ShownBefore | null
  readonly state: PreviewState
  readonly credentials: readonly PreviewedCredential[]
  /** What the verifier would like besides; shared only when the citizen says so. */
  readonly optional: readonly PreviewedCredential[]
  /** What was asked and stays here, why, and what could be given instead. */
  readonly withheld: readonly WithheldClaim[]
  /** What says in plain words who somebody is: nothing of it leaves without a yes of its own. */
  readonly identity: readonly IdentityClaim[]
  /** Other ways to the same end that the verifier names. */
  readonly alternatives: readonly LocalisedText[]
  /** The child it is about; null: the citizen themselves. */
  readonly ward: HeldWard | null
  /** With `needs_ward`: the children it may be about. */
  readonly wards: readonly HeldWard[]
  /** With `needs_platform_copy` and `needs_presence`. */
  readonly needed: NeededCopy | null
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
  judgement: Pick<Judgement, 'accredited'> | null = null,
): ShownVerifier {
  const accredited = judgement?.accredited ?? null
  return {
    clientId: client.identifier.full,
    proof: client.proof,
    host: hostOf(target),
    claimedName: accredited === null ? showableName(claimedName) : null,
    accredited: accredited === null ? false : shownAccreditation(accredited),
  }
}

/** What a preview is made of. */
export type PreviewOptions = {
  readonly request: PresentationRequest
  readonly judgement: Judgement
  readonly plan: PresentationPlan | null
  readonly linkability: Linkability
  readonly before: ShownBefore | null
  /** Instead of what follows from the plan. */
  readonly state?: PreviewState
  readonly refills?: readonly Refillable[]
  readonly needed?: NeededCopy | null
  readonly ward?: HeldWard | null
  readonly wards?: readonly HeldWard[]
}

/** The preview of a request with a plan, or without one. */
export function previewOf(options: PreviewOptions): RequestPreview {
  const { request, judgement, plan, linkability, before } = options
  const { refills = [], needed = null, ward = null, wards = [] } = options
  const { findings, consents } = judgement.decision
  const show = (planned: PlannedPresentation) =>
    previewCredential(planned, { audience: request.audience, linkability, ward })
  return {
    verifier: shownVerifier(request, request.claimedName, judgement),
    before,
    state: options.state ?? (plan === null ? 'unanswerable' : 'ready'),
    credentials: plan?.required.map(show) ?? [],
    optional: plan?.optional.map(show) ?? [],
    withheld: withheldClaims(findings),
    identity: judgement.accredited === null ? [] : identityClaims(consents),
    alternatives: request.alternatives,
    ...{ ward, wards, needed, refills },
    transactions: request.transactionData.map(({ type, content }) => ({
      type,
      members: transactionMembers(content),
    })),
  }
}

/** The preview of a request that is refused whatever the wallet holds. */
export function refusedPreview(verifier: ShownVerifier, code: ProtocolErrorCode): RequestPreview {
  return {
    verifier,
    before: null,
    state: code,
    ...{ credentials: [], optional: [], withheld: [], identity: [], alternatives: [] },
    ...{ ward: null, wards: [], needed: null, refills: [], transactions: [] },
  }
}

function previewCredential(
  planned: PlannedPresentation,
  {
    audience,
    linkability,
    ward,
  }: {
    readonly audience: string
    readonly linkability: Linkability
    readonly ward: HeldWard | null
  },
): PreviewedCredential {
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
    ward: candidate.batch.ward_id === null ? null : ward,
    hints: consentHints({
      ...planned,
      certificate: candidate.batch.id,
      remainingAfter,
      shown: candidate.claims,
      linkability,
    }),
  }
}

function hostOf(target: AnswerTarget): string | null {
  return target.to === 'response_uri' ? new URL(target.responseUri).host : null
}
