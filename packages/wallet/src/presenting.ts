import type { ClaimPath } from '@netcert/credential'
import { type Answer, answerFrom, findAnswers, type Question } from './answers.js'
import type { CertificateSummary } from './certificate-summary.js'
import { showCopy, type ShowingSource } from './showing.js'
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

/** What left the wallet, and of which copy. */
export type PresentedAnswerOf = { readonly presentation: string; readonly answer: Answer }

/**
 * Answers a question with the least revealing copy, which is used up before the presentation leaves.
 *
 * @throws WalletError `query_unanswered`, `copies_used_up`; ProtocolError
 */
export async function presentQuestion(
  source: ShowingSource & { readonly clock: () => Date },
  question: Question & { readonly nonce: string },
): Promise<PresentedAnswerOf> {
  const now = source.clock()
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
