import type { ClaimPath } from '@netcert/credential'
import type { HeldCopy } from '@netcert/protocol'
import type { ClaimName } from './claim-labels.js'
import { strictestClass } from './claim-labels.js'
import type { CopyKind } from './copy-choice.js'
import { isRareCombination, type PublishedCounts } from './linkability.js'

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
  /** So few people share these facts that they say who somebody is. */
  | 'rare_combination'
  /** Somebody else was shown something within this minute: the times can be joined. */
  | 'same_minute'
  /** It is paused: whoever looks its status up refuses it. */
  | 'paused'

/** What the wallet knows around an answer: how easily it is joined with others, and what is paused. */
export type Linkability = {
  readonly counts: PublishedCounts | null
  readonly showedOthersJustNow: boolean
  /** Ids of certificates that are paused. */
  readonly paused: ReadonlySet<string>
}

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
  /** Id of the certificate. */
  readonly certificate: string
  readonly claims: readonly ClaimName[]
  readonly paths: readonly ClaimPath[]
  readonly kind: CopyKind
  readonly ownOfAudience: boolean
  readonly remainingAfter: number
  /** The claims of the copy; only those at `paths` are looked at. */
  readonly shown: HeldCopy['claims']
  readonly linkability: Linkability
}): readonly ConsentHint[] {
  const { claims, paths, kind, ownOfAudience, remainingAfter, shown, linkability } = options
  const hints: ConsentHint[] = []
  const strictest = strictestClass(claims)
  if (strictest === 'identity') hints.push('reveals_identity')
  if (claims.some((claim) => claim.class === 'number')) hints.push('reveals_number')
  if (kind === 'one-time' && remainingAfter === 0) hints.push('last_copy')
  if (kind === 'platform' && !ownOfAudience) hints.push('ties_platform_copy')
  const spelled = new Set(paths.map((path) => JSON.stringify(path)))
  const leaving = shown.filter(({ path }) => spelled.has(JSON.stringify(path)))
  // Whoever is named is not hidden among others anyway.
  const isHidden = strictest !== 'identity'
  if (isHidden && isRareCombination(linkability.counts, leaving)) hints.push('rare_combination')
  if (linkability.paused.has(options.certificate)) hints.push('paused')
  if (linkability.showedOthersJustNow) hints.push('same_minute')
  return hints
}
