import type { AnswerContext } from '../vp-answer-context.js'

/**
 * The wallet as it answers a gate: by the time of that gate, and without asking anybody. What would
 * have to be fetched first counts as not held; the ledger and turns stay with the wallet's own clock.
 *
 * @param at - The time that counts now; it goes on from there.
 */
export function atGate<Context extends AnswerContext>(context: Context, at: Date): Context {
  const { clock: ownClock, platforms } = context
  const ahead = at.getTime() - ownClock().getTime()
  return {
    ...context,
    ownClock,
    clock: () => new Date(ownClock().getTime() + ahead),
    refills: { find: async () => [], run: async () => [] },
    platforms: {
      ...platforms,
      issuer: async () => null,
      fetchCopy: nothingFetched,
      prepare: nothingFetched,
    },
  }
}

/** Nothing that answers a gate comes here: it would be a fault of ours. */
function nothingFetched(): never {
  throw new TypeError('a gate is answered without asking anybody')
}
