import type { ClaimName } from './claim-labels.js'
import { strictestClass } from './claim-labels.js'
import type { CopyKind } from './copy-choice.js'

/** What a citizen should know before saying yes. */
export type ConsentHint =
  /** Plaintext identity leaves the wallet. */
  | 'reveals_identity'
  /** A number leaves the wallet by which visits can be linked. */
  | 'reveals_number'
  /** After this, no copy of this certificate is left. */
  | 'last_copy'
  /** This platform copy would from now on be for this audience only. */
  | 'ties_platform_copy'

/** What a presentation would show, for the consent screen. */
export type Preview = {
  readonly audience: string
  readonly vct: string
  readonly issuer: string
  readonly kind: CopyKind
  /** By name and class; no values. */
  readonly claims: readonly ClaimName[]
  /** Copies of this certificate that are left afterwards. */
  readonly remainingAfter: number
  readonly hints: readonly ConsentHint[]
}

/** The hints for a presentation. */
export function consentHints(options: {
  readonly claims: readonly ClaimName[]
  readonly kind: CopyKind
  readonly ownOfAudience: boolean
  readonly remainingAfter: number
}): readonly ConsentHint[] {
  const { claims, kind, ownOfAudience, remainingAfter } = options
  const hints: ConsentHint[] = []
  const strictest = strictestClass(claims)
  if (strictest === 'identity') hints.push('reveals_identity')
  if (claims.some((claim) => claim.class === 'number')) hints.push('reveals_number')
  if (kind === 'one-time' && remainingAfter === 0) hints.push('last_copy')
  if (kind === 'platform' && !ownOfAudience) hints.push('ties_platform_copy')
  return hints
}
