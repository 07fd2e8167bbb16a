import { GUARDIANSHIP } from '@netcert/credential'
import type { PresentationRequest } from '@netcert/protocol'
import type { SubjectContext } from './vp-answer-context.js'
import { findCandidates } from './vp-candidates.js'
import type { Judgement } from './vp-judgement.js'
import { type PresentationPlan, planPresentations } from './vp-plan.js'

/** The least revealing answer to what may be answered; null when the wallet has none. */
export async function planAnswer(
  context: Pick<SubjectContext, 'store' | 'vault' | 'clock' | 'ward'>,
  { audience, transactionData }: PresentationRequest,
  { query, mayShow, accredited }: Judgement,
): Promise<PresentationPlan | null> {
  if (query === null) return null
  const { platformId = null, legalBasis = 'none' } = accredited?.accreditation ?? {}
  const ward = context.ward?.id ?? null
  const shieldsMinors = !legalBasis.startsWith('law:')
  const question = { query, audience, platformId, ward, shieldsMinors }
  const candidates = await findCandidates(context, question, context.clock())
  const plan = planPresentations(query, candidates, mayShow)
  const ids = new Set(plan?.required.map(({ id }) => id))
  const isAuthorised = transactionData.every(({ credentialIds }) =>
    credentialIds.some((id) => ids.has(id)),
  )
  // A guardianship says yes to an act, and to nothing else.
  const isForActs = plan?.required.every(
    ({ id, candidate }) =>
      candidate.vct !== GUARDIANSHIP ||
      transactionData.some(({ credentialIds }) => credentialIds.includes(id)),
  )
  // A transaction that no presentation would authorise is not dropped in silence.
  return isAuthorised && isForActs === true ? plan : null
}
