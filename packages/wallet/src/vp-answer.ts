import {
  checkRequest,
  createAnswer,
  createErrorAnswer,
  decisionText,
  type PresentationRequest,
  type ProvenRequest,
} from '@netcert/protocol'
import { WalletError } from './errors.js'
import { keepGreedyRequest } from './greedy-requests.js'
import type { Refillable } from './vci-on-demand.js'
import type { AnswerContext, SubjectContext } from './vp-answer-context.js'
import {
  type AskConsent,
  type ConsentDecision,
  checkOrSayNo,
  consentRefused,
  type Deliver,
  judgeOrSayNo,
  undelivered,
} from './vp-consent.js'
import { type Judgement, judgeRequest, withoutIdentity } from './vp-judgement.js'
import { fetchNeed, findNeed, type Need, unanswered } from './vp-needs.js'
import { type PresentationPlan } from './vp-plan.js'
import { planAnswer } from './vp-planning.js'
import { presentInTurn } from './vp-last-look.js'
import { type SharedPresentation } from './vp-present.js'
import { memoryOf } from './consent-memory.js'
import { previewOf, type RequestPreview } from './vp-preview.js'
import { settleReceipt, type ReceiptState } from './vp-receipt.js'
import { type WithheldClaim, withheldClaims } from './shown-accreditation.js'
import { chosenWard, findSubject, queryAbout, type SubjectChoice } from './vp-subject.js'
import { isMinorShielded, minorProtected } from './vp-minors.js'

/** What came of an answer. */
export type Answered<Reply> = {
  readonly shared: readonly SharedPresentation[]
  readonly reply: Reply
  /** Fetched for this answer: these issuers can tell that copies were used up. Mostly empty. */
  readonly refilled: readonly Refillable[]
  /** What was asked and stayed here. */
  readonly withheld: readonly WithheldClaim[]
  /** What the platform signed; null where none can be expected. */
  readonly receipt: ReceiptState | null
}

/** How an answer is asked about and sent. */
export type AnswerOptions<Reply> = {
  readonly consent: AskConsent
  readonly deliver: Deliver<Reply>
  /** The receipt in a reply; null when there is none. Absent where no reply can bring one. */
  readonly receiptOf?: (reply: Reply) => string | null
  /** The request object as it was signed: the evidence, should it ask too much. */
  readonly evidence: string | null
} & SubjectChoice

/** What a proven request would show. @throws ProtocolError as `checkRequest`, `accreditation_…` */
export async function previewProven(
  source: AnswerContext,
  proven: ProvenRequest,
  named: string | null,
): Promise<RequestPreview> {
  const asked = checkRequest(proven, source)
  const subject = await findSubject(source, asked.query, named)
  const { ward } = subject.kind === 'known' ? subject : { ward: null }
  const request = { ...asked, query: queryAbout(asked.query, ward) }
  const context = { ...source, ward }
  const judgement = await judgeRequest(context, request)
  const memory = await memoryOf(context, request, judgement)
  if (subject.kind === 'open') {
    const open = { state: 'needs_ward', wards: subject.wards, before: null } as const
    return previewOf({ request, judgement, plan: null, ...memory, ...open })
  }
  const plan = await planAnswer(context, request, judgement)
  const need = await findNeed(context, judgement, plan)
  return previewOf({ request, judgement, plan, ward, ...memory, ...stateOf(judgement, need) })
}

/**
 * Answers a proven request: asks first, sends then. "Nothing here answers", "refused" and "you ask too
 * much" are the same `access_denied` to the verifier, in the same bytes, after a question to the
 * citizen.
 *
 * @throws ProtocolError as `checkRequest`, `accreditation_…`; WalletError `query_unanswered`,
 *   `copies_used_up`, `consent_refused`, `presence_missing`, a code of the decision for a request that
 *   asks too much, and as `deliver`
 */
export async function answerProven<Reply>(
  source: AnswerContext,
  proven: ProvenRequest,
  options: AnswerOptions<Reply>,
): Promise<Answered<Reply>> {
  const asked = await checkOrSayNo(source, proven, options)
  const subject = await findSubject(source, asked.query, options.ward)
  const context = { ...source, ward: await chosenWard(subject, options.chooseWard) }
  const request = { ...asked, query: queryAbout(asked.query, context.ward) }
  const judged = await judgeOrSayNo(context, request, options)
  const talk = new Talk(context, request, options)
  await keepGreedyRequest(context, judged, options.evidence)
  const refusal = refusalOf(judged)
  if (refusal !== null) throw await talk.refuse(judged, refusal)
  const judgement = await talk.askIdentity(judged)
  const { plan, refilled } = await talk.planOrFetch(judgement)
  const decision = await talk.ask({ judgement, plan })
  if (plan === null || decision === 'refuse') {
    await talk.sayNo()
    throw decision === 'refuse' ? consentRefused() : await unanswered(context, request, judgement)
  }
  const chosen = decision === 'share' ? plan.required : [...plan.required, ...plan.optional]
  const presented = await presentInTurn(context, request, { chosen, judgement }).catch(
    async (error: unknown) => {
      // Another answer was faster, or it may not be given any more: the verifier is not kept waiting.
      await talk.sayNo()
      throw error
    },
  )
  const reply = await options.deliver(await createAnswer({ ...request, ...presented }))
  const { accredited } = judgement
  const token = options.receiptOf?.(reply)
  const receipt = await settleReceipt(context, { accredited, shown: presented.shown, token })
  const shared = chosen.map(({ id, candidate, paths }) => ({
    ...{ id, vct: candidate.vct, disclosed: paths },
  }))
  const withheld = withheldClaims(judgement.decision.findings)
  return { shared, reply, refilled, withheld, receipt }
}

/** The questions to one citizen about one request. */
class Talk {
  readonly #context: SubjectContext
  readonly #request: PresentationRequest
  readonly #options: Pick<AnswerOptions<unknown>, 'consent' | 'deliver'>

  constructor(
    context: SubjectContext,
    request: PresentationRequest,
    options: Pick<AnswerOptions<unknown>, 'consent' | 'deliver'>,
  ) {
    this.#context = context
    this.#request = request
    this.#options = options
  }

  /** @throws WalletError `consent_refused` when the request is to be ignored */
  async ask(
    shown: Omit<Parameters<typeof previewOf>[0], 'request' | 'linkability' | 'before'>,
  ): Promise<Exclude<ConsentDecision, 'ignore'>> {
    const memory = await memoryOf(this.#context, this.#request, shown.judgement)
    const { ward } = this.#context
    const preview = previewOf({ request: this.#request, ward, ...memory, ...shown })
    const decision = await this.#options.consent(preview)
    if (decision === 'ignore') throw consentRefused()
    return decision
  }

  /** What every no looks like, whatever is behind it. */
  async sayNo(): Promise<void> {
    const answer = await createErrorAnswer({ ...this.#request, error: 'access_denied' })
    await this.#options.deliver(answer).catch(undelivered)
  }

  /** @returns why the request is refused, after the citizen saw it and the verifier was told no */
  async refuse(
    judgement: Judgement,
    code: NonNullable<Judgement['decision']['code']>,
  ): Promise<WalletError> {
    const memory = await memoryOf(this.#context, this.#request, judgement)
    const { consent } = this.#options
    const shown = { request: this.#request, judgement, plan: null, ...memory, state: code }
    if ((await consent(previewOf(shown))) !== 'ignore') await this.sayNo()
    const known = judgement.accredited !== null
    const cure = `Nothing was shown.${known ? ' `netcert wallet report LAST` tells the registrar.' : ''}`
    return new WalletError(code, `${decisionText(code, 'en')} ${cure}`)
  }

  /** Plain identity has a question of its own; after a no the rest is answered without it. */
  async askIdentity(judgement: Judgement): Promise<Judgement> {
    const { accredited, decision } = judgement
    if (accredited === null || decision.consents.length === 0) return judgement
    if (await isMinorShielded(this.#context, this.#request, judgement)) {
      return this.#leaveOutIdentity(accredited, minorProtected)
    }
    const state = 'needs_identity_consent'
    if ((await this.ask({ judgement, plan: null, state })) !== 'refuse') return judgement
    return this.#leaveOutIdentity(accredited, consentRefused)
  }

  async #leaveOutIdentity(
    accredited: NonNullable<Judgement['accredited']>,
    nothingLeft: () => WalletError,
  ): Promise<Judgement> {
    const lesser = await withoutIdentity(this.#context, this.#request, accredited)
    if (lesser.query !== null) return lesser
    await this.sayNo()
    throw nothingLeft()
  }

  /** Plans; where something has to be fetched first, asks the citizen, then the issuer, and plans again. */
  async planOrFetch(
    judgement: Judgement,
  ): Promise<{ plan: PresentationPlan | null; refilled: readonly Refillable[] }> {
    const context = this.#context
    const plan = await planAnswer(context, this.#request, judgement)
    const need = await findNeed(context, judgement, plan)
    if (need.kind === 'nothing') return { plan, refilled: [] }
    const decision = await this.ask({ judgement, plan, ...stateOf(judgement, need) })
    if (decision === 'refuse') {
      await this.sayNo()
      throw consentRefused()
    }
    const problem = await fetchNeed(context, need)
    const again = await planAnswer(context, this.#request, judgement)
    const refilled = need.kind === 'refill' ? need.refills : []
    if (again !== null) return { plan: again, refilled }
    // Whoever still has to go to the counter can come back to this request.
    if (problem.code !== 'presence_missing') await this.sayNo()
    throw problem
  }
}

/**
 * Why a request is refused whatever the wallet holds. To a verifier that nobody accredited the answer
 * is otherwise that nothing here may answer; a probe is named to the citizen as what it is.
 */
function refusalOf({ accredited, decision }: Judgement): Judgement['decision']['code'] {
  return accredited !== null || decision.code === 'values_probing' ? decision.code : null
}

/** What the screen is about before anything is fetched. */
function stateOf(
  judgement: Judgement,
  need: Need,
): Pick<Parameters<typeof previewOf>[0], 'state' | 'refills' | 'needed'> {
  const refusal = refusalOf(judgement)
  if (refusal !== null) return { state: refusal }
  switch (need.kind) {
    case 'nothing':
      return {}
    case 'refill':
      return { state: 'needs_refill', refills: need.refills }
    case 'platform-copy': {
      const { needed } = need
      const state = needed.why === 'presence' ? 'needs_presence' : 'needs_platform_copy'
      return { state, needed }
    }
  }
}
