import { decisionText, type PresentationRequest } from '@netcert/protocol'
import { inTurn } from './answer-turn.js'
import { WalletError } from './errors.js'
import { noteOf } from './platform-note.js'
import type { SubjectContext } from './vp-answer-context.js'
import { type Judgement, judgeRequest, withoutIdentity } from './vp-judgement.js'
import type { PlannedPresentation } from './vp-plan.js'
import { type PresentedAnswer, presentAll } from './vp-present.js'

/**
 * Makes the presentations of an answer, if at this very moment it may still be given. While the
 * citizen thought, the accreditation may have ended or been taken back, or another answer may have
 * shown the platform what the day allows.
 *
 * @throws ProtocolError `accreditation_…`; WalletError with the code of the decision, `copies_used_up`
 */
export async function presentInTurn(
  context: SubjectContext,
  request: PresentationRequest,
  {
    chosen,
    judgement,
  }: { readonly chosen: readonly PlannedPresentation[]; readonly judgement: Judgement },
): Promise<PresentedAnswer> {
  const { accredited } = judgement
  // To somebody unknown the answer hangs on nothing that passes.
  if (accredited === null) return presentAll(context, request, { chosen, platform: null })
  const { clock, ownClock = clock } = context
  return inTurn({ ...context, clock: ownClock }, async () => {
    await assertStillSo(context, request, judgement)
    const platform = noteOf(accredited, ownClock())
    return presentAll(context, request, { chosen, platform })
  })
}

async function assertStillSo(
  context: SubjectContext,
  request: PresentationRequest,
  before: Judgement,
): Promise<void> {
  const whole = await judgeRequest(context, request)
  const now =
    before.isWithoutIdentity && whole.accredited !== null
      ? await withoutIdentity(context, request, whole.accredited)
      : whole
  if (JSON.stringify(now.query) === JSON.stringify(before.query)) return
  const { code, findings } = now.decision
  const why = code ?? findings[0]?.code ?? 'too_many_claims'
  throw new WalletError(
    why,
    `${decisionText(why, 'en')} That became so while you were asked; nothing was shown.`,
  )
}
