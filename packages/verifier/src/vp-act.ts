import { hashBase64Url } from '@netcert/credential/crypto'
import { actKey } from './memory-minor-acts.js'
import { type MinorActStore, requireAct } from './minor-act.js'
import { withAnswer } from './minor-act-joining.js'
import type { VerifiedAnswers } from './vp-judge.js'
import type { Retention } from './vp-outcome.js'
import type { VpSession } from './vp-session.js'

/** Writes an answer into its act; `responseCode` is what the minor's wallet brings back. */
export type Joining = (responseCode: string | null) => Promise<void>

/**
 * Looks whether an answer may join its act, before its session is settled; nothing is changed until
 * the returned function is called. A crash between leaves the act without the answer: the request is
 * made again, and nothing was agreed to.
 *
 * @returns null for a request that stands alone.
 * @throws VerifierError as `withAnswer` and `requireAct`
 */
export async function readJoining(
  { acts }: { readonly acts?: MinorActStore },
  { terms, requestId, transactionData = [] }: VpSession,
  judged: {
    readonly credentials: VerifiedAnswers
    readonly first: string
    readonly retention: Retention | null
  },
): Promise<Joining | null> {
  const { act: term } = terms
  if (term === undefined) return null
  if (acts === undefined) throw new TypeError('a request of an act, and no acts are kept here')
  const [entry = '', ...more] = transactionData
  const [result] = judged.credentials[judged.first] ?? []
  if (result === undefined || more.length > 0) throw new TypeError('an act has one entry')
  const transaction = hashBase64Url('sha-256', entry)
  const answer = { requestId, result, transaction, retention: judged.retention }
  const { act } = await requireAct(acts, { by: 'key', value: term.act })
  withAnswer(act, term.part, answer)
  return async (responseCode) => {
    const code = responseCode === null ? null : actKey(responseCode)
    await acts.change(term.act, (now) => {
      const joined = withAnswer(now, term.part, answer)
      return term.part === 'minor' ? { ...joined, awaitedCode: code } : joined
    })
  }
}
