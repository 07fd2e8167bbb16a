import type { ClaimPath } from '@netcert/credential'
import {
  coversPath,
  type Decision,
  decideRequest,
  isSdJwtQuery,
  type PresentationRequest,
  type Query,
} from '@netcert/protocol'
import {
  type Published,
  type VerifiedAccreditation,
  verifyAccreditations,
} from './accredited-verifier.js'
import type { LedgerBook } from './ledger-book.js'
import { isVisibleClaim } from './vp-candidates.js'
import { isFact } from './vp-plan.js'
import { type HeldWard, isFetchedForAct } from './ward-records.js'
import type { IssuanceStore } from './stores.js'

/** What judging a request needs of the wallet. */
export type JudgementContext = {
  readonly published: Published
  readonly issuanceStore: IssuanceStore
  readonly ledger: LedgerBook
  readonly clock: () => Date
  /** Whom the answer is about: what a platform knows of one person is counted by itself. */
  readonly ward: HeldWard | null
}

/** Who asks, and what of it may be answered. */
export type Judgement = {
  /** Null: nobody vouches for the verifier. */
  readonly accredited: VerifiedAccreditation | null
  readonly decision: Decision
  /** What is to be answered; null when nothing may be. */
  readonly query: Query | null
  /** Whether a claim may leave: the last door, whatever a query made of its path. */
  readonly mayShow: (vct: string, path: ClaimPath) => boolean
  /** The citizen said no to plain identity. */
  readonly isWithoutIdentity: boolean
}

/**
 * Judges a request: the accreditation that came with it, and the one decision function of wallet and
 * verifier with what this wallet remembers of the platform.
 *
 * @throws ProtocolError `accreditation_…`: a forged, ended or foreign accreditation is no "unknown"
 * @see docs/formats/accreditation.md
 */
export async function judgeRequest(
  context: JudgementContext,
  request: PresentationRequest,
): Promise<Judgement> {
  const { published, issuanceStore: floors, clock } = context
  const source = { published, floors }
  const verified = await verifyAccreditations(source, request.accreditationTokens, clock())
  if (verified.length === 0) return forActs(request, unknownVerifier(request))
  const judged: Judgement[] = []
  for (const accredited of verified) judged.push(await judgeFor(context, request, accredited))
  const [best = unknownVerifier(request)] = judged.toSorted((a, b) => rank(a) - rank(b))
  return forActs(request, best)
}

/** A guardianship says yes to an act and to nothing else: without one it is not even fetched. */
function forActs({ query, transactionData }: PresentationRequest, judgement: Judgement): Judgement {
  const acts = new Set(transactionData.flatMap(({ credentialIds }) => credentialIds))
  const isForNothing = query.credentials
    .filter(isSdJwtQuery)
    .some(({ id, meta }) => meta.vct_values.every(isFetchedForAct) && !acts.has(id))
  return isForNothing ? { ...judgement, query: null } : judgement
}

/**
 * The same after the citizen said no to plain identity: as if the platform had no basis to ask for
 * it, so that the rest can still be answered.
 */
export async function withoutIdentity(
  context: JudgementContext,
  request: PresentationRequest,
  accredited: VerifiedAccreditation,
): Promise<Judgement> {
  const { accreditation, status } = accredited
  const lesser = { status, accreditation: { ...accreditation, legalBasis: 'none' as const } }
  const judged = await judgeFor(context, request, lesser)
  return { ...judged, accredited, isWithoutIdentity: true }
}

async function judgeFor(
  { ledger, ward }: JudgementContext,
  { query, requestKey }: PresentationRequest,
  accredited: VerifiedAccreditation,
): Promise<Judgement> {
  const { accreditation } = accredited
  const { platformId } = accreditation
  const decision = decideRequest({
    accreditation,
    requestKey,
    query,
    recent: await ledger.shownRecently(platformId, ward?.id),
    holdsNumber: await ledger.knowsNumber(platformId, ward?.id),
  })
  const mayShow = (vct: string, path: ClaimPath) =>
    isVisibleClaim(path) ||
    accreditation.credentials.some(
      ({ format, vctValues, claims }) =>
        format === 'dc+sd-jwt' &&
        vctValues.includes(vct) &&
        claims.some((claim) => coversPath(claim, path)),
    )
  return { accredited, decision, query: decision.query, mayShow, isWithoutIdentity: false }
}

/** Facts only, and whole or not at all: to somebody unknown no part of a question is answered. */
function unknownVerifier({ query, requestKey }: PresentationRequest): Judgement {
  const nothing = { accreditation: null, recent: [], holdsNumber: false }
  const decision = decideRequest({ ...nothing, requestKey, query })
  const judged = { accredited: null, decision, query, mayShow: isFact }
  return { ...judged, isWithoutIdentity: false }
}

function rank({ decision }: Judgement): number {
  return ['allow', 'consent', 'reduce', 'refuse'].indexOf(decision.outcome)
}
