import { type ClaimPath, epochSeconds } from '@netcert/credential'
import { type Answer, answerFrom, findAnswers, previewAnswer, type Question } from './answers.js'
import { type CertificateSummary, summaryOf } from './certificate-summary.js'
import type { Preview } from './consent.js'
import { showCopy, type ShowingSource } from './showing.js'
import { linkabilityOf } from './consent-memory.js'
import { usedUp } from './vp-refill.js'

/** What came of a presentation. */
export type Presented = {
  /** `<issuer-jwt>~<disclosures>~<kb-jwt>`, to be sent to the audience. */
  readonly presentation: string
  readonly disclosed: readonly ClaimPath[]
  readonly copy: CertificateSummary
  /** Copies of this certificate that are left. */
  readonly remaining: number
}

type PresentingContext = ShowingSource & Parameters<typeof linkabilityOf>[0]

/** What {@link presentQuestion} would show, for the consent screen; nothing is used up. @throws as it */
export async function previewQuestion(
  context: PresentingContext,
  question: Question,
): Promise<Preview> {
  const linkability = await linkabilityOf(context, question)
  return previewAnswer(context, question, { now: context.clock(), linkability })
}

/**
 * Answers a question with the least revealing copy, which is used up before the presentation leaves.
 *
 * @throws WalletError `query_unanswered`, `copies_used_up`; ProtocolError
 */
export async function presentQuestion(
  context: PresentingContext,
  question: Question & { readonly nonce: string },
): Promise<Presented> {
  const now = context.clock()
  const { presentation, answer } = await presentFirst(context, question, now)
  const { batch, paths } = answer
  const left = (await context.store.batches(epochSeconds(now))).find(({ id }) => id === batch.id)
  const copy = summaryOf({ ...batch, remaining: left?.remaining ?? 0 })
  return { presentation, disclosed: paths, copy, remaining: copy.remaining }
}

async function presentFirst(
  source: ShowingSource,
  question: Question & { readonly nonce: string },
  now: Date,
): Promise<{ readonly presentation: string; readonly answer: Answer }> {
  for (const first of await findAnswers(source, question, now)) {
    let answer: Answer | null = first
    // Each turn lost means that another call used that copy; so this ends when none is left.
    while (answer !== null) {
      const shown = await showCopy(source, answer, { ...question, platform: null }, now)
      if (shown !== null) return { presentation: shown.presentation, answer }
      answer = await answerFrom(source, question, answer.batch, now)
    }
  }
  throw usedUp()
}
