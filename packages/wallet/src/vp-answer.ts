import type { KeyStore, Vault } from '@netcert/agent'
import type { ClaimPath } from '@netcert/credential'
import {
  type AnswerMembers,
  type AnswerEncryption,
  checkRequest,
  createAnswer,
  createErrorAnswer,
  encryptionOf,
  hashTransactionData,
  type PresentationRequest,
  ProtocolError,
  type ProvenRequest,
  walletErrorOf,
  type WalletErrorName,
} from '@netcert/protocol'
import { epochSeconds } from './epoch-seconds.js'
import { WalletError } from './errors.js'
import { openCopy } from './received-copies.js'
import { showCopy } from './showing.js'
import type { WalletStore } from './store.js'
import { findCandidates } from './vp-candidates.js'
import { type PlannedPresentation, type PresentationPlan, planPresentations } from './vp-plan.js'
import { previewOf, refusedPreview, type RequestPreview, shownVerifier } from './vp-preview.js'

/** What answering needs of the wallet. */
export type AnswerContext = {
  readonly store: WalletStore
  readonly keyStore: KeyStore
  readonly vault: Vault
  readonly clock: () => Date
  /** Types of transaction data this wallet can show and sign; none unless somebody says so. */
  readonly transactionTypes: readonly string[]
}

/**
 * What the citizen says: `share` what answers, `share-optional` what the verifier would like besides,
 * `refuse` and let the verifier know, or `ignore`: nothing is sent at all.
 */
export type ConsentDecision = 'share' | 'share-optional' | 'refuse' | 'ignore'

/** Asked once before anything is sent to a verifier, and never answered by itself. */
export type AskConsent = (preview: RequestPreview) => ConsentDecision | Promise<ConsentDecision>

/** One presentation that left the wallet. */
export type SharedPresentation = {
  /** The `id` of the credential query. */
  readonly id: string
  readonly vct: string
  readonly disclosed: readonly ClaimPath[]
}

/** Takes the members of an answer to the verifier. */
export type Deliver<Receipt> = (members: AnswerMembers) => Promise<Receipt>

/** What a proven request would show. @throws ProtocolError as `checkRequest` */
export async function previewProven(
  context: AnswerContext,
  proven: ProvenRequest,
): Promise<RequestPreview> {
  const request = checkRequest(proven, context)
  const plan = await planAnswer(context, request)
  return previewOf({ ...request, plan, verifier: shownVerifier(request, request.claimedName) })
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
): Promise<{ readonly shared: readonly SharedPresentation[]; readonly receipt: Receipt }> {
  const { consent, deliver } = options
  const request = await checkOrSayNo(context, proven, options)
  const plan = await planAnswer(context, request)
  const verifier = shownVerifier(request, request.claimedName)
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
  return { shared, receipt }
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

/** A refusal that may be told, since the verifier is known, but only after the citizen was asked. */
async function checkOrSayNo(
  context: AnswerContext,
  proven: ProvenRequest,
  { consent, deliver }: { readonly consent: AskConsent; readonly deliver: Deliver<unknown> },
): Promise<PresentationRequest> {
  try {
    return checkRequest(proven, context)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const preview = refusedPreview(shownVerifier(proven, null), error.code)
    if ((await consent(preview)) !== 'ignore') {
      await deliver(await errorAnswer(proven, walletErrorOf(error))).catch(undelivered)
    }
    throw error
  }
}

function errorAnswer(proven: ProvenRequest, error: WalletErrorName): Promise<AnswerMembers> {
  const state = proven.request.state ?? null
  return createErrorAnswer({ error, state, encryption: encryptionIfAny(proven) })
}

/** §8.3: a wallet that cannot encrypt may say so in clear. */
function encryptionIfAny({ encrypted, request }: ProvenRequest): AnswerEncryption | null {
  if (!encrypted) return null
  try {
    return encryptionOf(request.client_metadata)
  } catch (error) {
    if (error instanceof ProtocolError) return null
    throw error
  }
}

/** The refusal itself matters more than that it could not be told. */
function undelivered(error: unknown): void {
  if (!(error instanceof WalletError)) throw error
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

function consentRefused(): WalletError {
  return new WalletError(
    'consent_refused',
    'you refused; nothing was shown. Open the request again to share after all.',
  )
}

function usedUp(): WalletError {
  return new WalletError(
    'copies_used_up',
    'not enough copies of the certificate are left; fetch new copies from the issuer.',
  )
}
