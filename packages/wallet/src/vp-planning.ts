import type { PresentationRequest } from '@netcert/protocol'
import type { AnswerContext } from './vp-answer-context.js'
import { findCandidates } from './vp-candidates.js'
import type { Judgement } from './vp-judgement.js'
import { type PresentationPlan, planPresentations } from './vp-plan.js'

/** The least revealing answer to what may be answered; null when the wallet has none. */
export async function planAnswer(
  context: Pick<AnswerContext, 'store' | 'vault' | 'clock'>,
  { audience, transactionData }: PresentationRequest,
  { query, mayShow, accredited }: Judgement,
): Promise<PresentationPlan | null> {
  if (query === null) return null
  const platformId = accredited?.accreditation.platformId ?? null
  const question = { query, audience, platformId }
  const candidates = await findCandidates(context, question, context.clock())
  const plan = planPresentations(query, candidates, mayShow)
  const ids = new Set(plan?.required.map(({ id }) => id))
  const isAuthorised = transactionData.every(({ credentialIds }) =>
    credentialIds.some((id) => ids.has(id)),
  )
  // A transaction that no presentation would authorise is not dropped in silence.
  return isAuthorised ? plan : null
}
