import type { ClaimClass, ClaimPath } from '@netcert/credential'

/** One-time: for facts, shown once. Platform: for the one platform it is first shown to. */
export type CopyKind = 'one-time' | 'platform'

/** A received certificate that could answer, as far as choosing between several needs. */
export type CopyCandidate = {
  readonly kind: CopyKind
  /** Whether a platform copy is this audience's already; one-time copies are nobody's. */
  readonly ownOfAudience: boolean
  /** The strictest class of claim that would be revealed. */
  readonly reveals: ClaimClass
  /** Position in the verifier's order of preference. */
  readonly preference: number
  readonly paths: readonly ClaimPath[]
  readonly expiresAt: Date
}

/**
 * The candidates, least revealing first.
 *
 * Facts are shown with a one-time copy, so that two visits share nothing; the platform copy stands
 * in only when no one-time copy answers. A number names the account anyway: there the platform's
 * own copy comes first and a one-time copy is saved. A platform copy that is nobody's yet comes
 * last or before last, because showing it ties it to this audience for good.
 */
export function leastRevealingFirst<Candidate extends CopyCandidate>(
  candidates: readonly Candidate[],
): readonly Candidate[] {
  return candidates.toSorted(
    (a, b) =>
      classRank(a.reveals) - classRank(b.reveals) ||
      kindRank(a) - kindRank(b) ||
      a.preference - b.preference ||
      a.paths.length - b.paths.length ||
      a.expiresAt.getTime() - b.expiresAt.getTime(),
  )
}

function classRank(reveals: ClaimClass): number {
  return { technical: 0, fact: 0, number: 1, identity: 2 }[reveals]
}

function kindRank({ kind, ownOfAudience, reveals }: CopyCandidate): number {
  if (kind === 'one-time') return reveals === 'number' ? 2 : 0
  if (reveals === 'number') return ownOfAudience ? 0 : 1
  return ownOfAudience ? 1 : 2
}
