import type { KeyStore, Vault } from '@netcert/agent'
import type { ClaimPath } from '@netcert/credential'
import {
  checkRequest,
  createAnswer,
  createErrorAnswer,
  hashTransactionData,
  type PresentationRequest,
  type ProvenRequest,
} from '@netcert/protocol'
import { epochSeconds } from './epoch-seconds.js'
import { WalletError } from './errors.js'
import { openCopy } from './received-copies.js'
import { showCopy } from './showing.js'
import type { WalletStore } from './store.js'
import type { Refillable, Refills } from './vci-on-demand.js'
import { type AskConsent, checkOrSayNo, consentRefused, type Deliver } from './vp-consent.js'
import { findCandidates } from './vp-candidates.js'
import {
  isFact,
  type PlannedPresentation,
  type PresentationPlan,
  planPresentations,
} from './vp-plan.js'
import { previewOf, type RequestPreview, type ShownVerifier, shownVerifier } from './vp-preview.js'
import { stillNothing, typesAnswering, usedUp } from './vp-refill.js'

/** What answering needs of the wallet. */
export type AnswerContext = {
  readonly store: WalletStore
  readonly keyStore: KeyStore
  readonly vault: Vault
  readonly clock: () => Date
  /** Fetches what has run out, after the citizen agreed. */
  readonly refills: Refills
  /** Types of transaction data this wallet can show and sign; none unless somebody says so. */
  readonly transactionTypes: readonly string[]
}

/** One presentation that left the wallet. */
export type SharedPresentation = {
  /** The `id` of the credential query. */
  readonly id: string
  readonly vct: string
  readonly disclosed: readonly ClaimPath[]
}

/** What a proven request would show. @throws ProtocolError as `checkRequest` */
export async function previewProven(
  context: AnswerContext,
  proven: ProvenRequest,
): Promise<RequestPreview> {
  const request = checkRequest(proven, context)
  const plan = await planAnswer(context, request)
  const refills = await refillsFor(context, request, plan)
  return previewOf({
    ...request,
    plan,
    refills,
    verifier: shownVerifier(request, request.claimedName),
  })
}

/**
 * Answers a proven request: asks first, sends then. "Nothing here answers" and "refused" are the
 * same `access_denied` to the verifier, in the same bytes, after the same question to the citizen.
 *
 * @throws ProtocolError as `checkRequest`; WalletError `query_unanswered`, `copies_used_up`,
 *   `consent_refused`, and as `deliver`
 */
export async function answerProven<Receipt>(
  context: AnswerContext,
  proven: ProvenRequest,
  options: { readonly consent: AskConsent; readonly deliver: Deliver<Receipt> },
): Promise<Answered<Receipt>> {
  const { consent, deliver } = options
  const request = await checkOrSayNo(context, proven, options)
  const verifier = shownVerifier(request, request.claimedName)
  const { plan, refilled } = await planOrRefill(context, request, { ...options, verifier })
  const decision = await consent(previewOf({ ...request, plan, verifier }))
  if (decision === 'ignore') throw consentRefused()
  if (plan === null || decision === 'refuse') {
    await deliver(await createErrorAnswer({ ...request, error: 'access_denied' }))
    throw decision === 'refuse' ? consentRefused() : await unanswered(context, request)
  }
  const chosen =
    decision === 'share-optional' ? [...plan.required, ...plan.optional] : plan.required
  const vpToken = await presentAll(context, request, chosen).catch(async (error: unknown) => {
    // Another answer was faster with the last copy: the verifier is not kept waiting.
    await deliver(await createErrorAnswer({ ...request, error: 'access_denied' }))
    throw error
  })
  const receipt = await deliver(await createAnswer({ ...request, vpToken }))
  const shared = chosen.map(({ id, candidate, paths }) => ({
    id,
    vct: candidate.vct,
    disclosed: paths,
  }))
  return { shared, receipt, refilled }
}

/** What came of an answer. */
export type Answered<Receipt> = {
  readonly shared: readonly SharedPresentation[]
  readonly receipt: Receipt
  /** Fetched for this answer: these issuers can tell that copies were used up. Mostly empty. */
  readonly refilled: readonly Refillable[]
}

/** Plans; where copies have run out, asks the citizen, then the issuers, and plans again. */
async function planOrRefill(
  context: AnswerContext,
  request: PresentationRequest,
  options: {
    readonly consent: AskConsent
    readonly deliver: Deliver<unknown>
    readonly verifier: ShownVerifier
  },
): Promise<{ plan: PresentationPlan | null; refilled: readonly Refillable[] }> {
  const { consent, deliver, verifier } = options
  const plan = await planAnswer(context, request)
  const refills = await refillsFor(context, request, plan)
  if (refills.length === 0) return { plan, refilled: [] }
  const sayNo = async () => deliver(await createErrorAnswer({ ...request, error: 'access_denied' }))
  const decision = await consent(previewOf({ ...request, plan, refills, verifier }))
  if (decision === 'refuse') await sayNo()
  if (decision === 'ignore' || decision === 'refuse') throw consentRefused()
  const reports = await context.refills.run(new Set(refills.map(({ vct }) => vct)))
  const again = await planAnswer(context, request)
  if (again !== null) return { plan: again, refilled: refills }
  await sayNo()
  throw stillNothing(reports)
}

/** Asks nobody: what could be fetched by the grants there are. */
async function refillsFor(
  { refills }: AnswerContext,
  { query }: PresentationRequest,
  plan: PresentationPlan | null,
): Promise<readonly Refillable[]> {
  return plan === null ? refills.find(typesAnswering(query, isFact)) : []
}

async function planAnswer(
  context: AnswerContext,
  request: PresentationRequest,
): Promise<PresentationPlan | null> {
  const candidates = await findCandidates(context, request, context.clock())
  const plan = planPresentations(request.query, candidates)
  const ids = new Set(plan?.required.map(({ id }) => id))
  const isAuthorised = request.transactionData.every(({ credentialIds }) =>
    credentialIds.some((id) => ids.has(id)),
  )
  // A transaction that no presentation would authorise is not dropped in silence.
  return isAuthorised ? plan : null
}

async function presentAll(
  context: AnswerContext,
  request: PresentationRequest,
  chosen: readonly PlannedPresentation[],
): Promise<Record<string, string[]>> {
  const vpToken: Record<string, string[]> = {}
  let open = request.transactionData
  for (const planned of chosen) {
    const authorised = open.filter(({ credentialIds }) => credentialIds.includes(planned.id))
    open = open.filter((entry) => !authorised.includes(entry))
    const keyBindingClaims = authorised.length === 0 ? {} : hashTransactionData(authorised)
    const { audience, nonce } = request
    const presentation = await presentOne(context, planned, { audience, nonce, keyBindingClaims })
    vpToken[planned.id] = [...(vpToken[planned.id] ?? []), presentation]
  }
  return vpToken
}

async function presentOne(
  context: AnswerContext,
  { candidate, kind, paths }: PlannedPresentation,
  to: Parameters<typeof showCopy>[2],
): Promise<string> {
  const { store, vault, clock } = context
  const now = clock()
  let copy: typeof candidate.copy | undefined = candidate.copy
  let held = candidate.held
  // Each turn lost means that this copy was used meanwhile; so this ends when none is left.
  while (copy !== undefined) {
    const presentation = await showCopy(context, { copy, held, kind, paths }, to, now)
    if (presentation !== null) return presentation
    copy = await store.anyCopyOf(candidate.batch.id, epochSeconds(now))
    if (copy !== undefined) held = openCopy(vault, copy)
  }
  throw usedUp()
}

/** Told to the citizen only. */
async function unanswered(
  { store, clock }: AnswerContext,
  { query }: PresentationRequest,
): Promise<WalletError> {
  const types = new Set(
    query.credentials.flatMap(({ meta }) => ('vct_values' in meta ? meta.vct_values : [])),
  )
  const batches = await store.batches(epochSeconds(clock()))
  const isUsedUp = batches.some(({ vct, remaining }) => types.has(vct) && remaining === 0)
  if (isUsedUp) return usedUp()
  return new WalletError(
    'query_unanswered',
    'nothing in this wallet may answer: it holds no such certificate, or the verifier, whom nobody ' +
      'accredited, asks for more than facts. The verifier was told no, without a reason.',
  )
}
