import { selectClaims } from './claim-path.js'
import { CredentialError } from './errors.js'
import type { IssuedView } from './issued-view.js'
import type { ClaimMetadata } from './type-metadata.js'

type RuledClaim = Pick<ClaimMetadata, 'path' | 'mandatory' | 'sd'>

/** A `holder` has every Disclosure; a `verifier` cannot tell absent from held back. */
export type MetadataRole = 'holder' | 'verifier'

/**
 * Checks a certificate against the rules of its type: paths that fit, `sd`, and, where it can be
 * known, `mandatory`.
 *
 * @throws CredentialError `claim_path_error`, `sd_rule_violated`, `mandatory_claim_missing`
 * @see SD-JWT VC §5.6.1.2, §5.6.3, §5.6.4, §5.7
 */
export function assertTypeRules(
  metadata: { readonly claims: readonly RuledClaim[] },
  view: IssuedView,
  role: MetadataRole,
): void {
  for (const claim of metadata.claims) {
    const selected = selectClaims(view, claim.path)
    for (const { disclosed } of selected) {
      if ((claim.sd === 'always' && !disclosed) || (claim.sd === 'never' && disclosed)) {
        throw new CredentialError(
          'sd_rule_violated',
          'A claim is selectively disclosable against the rule of its type: have it issued again.',
        )
      }
    }
    if (selected.length === 0 && isKnownMissing(claim, role)) {
      throw new CredentialError(
        'mandatory_claim_missing',
        'A claim that the type makes mandatory is not in the certificate: have it issued again.',
      )
    }
  }
}

/** §5.6.3: only with all Disclosures, or where the claim can never hide, is absence known. */
function isKnownMissing(claim: RuledClaim, role: MetadataRole): boolean {
  return claim.mandatory === true && (role === 'holder' || isAlwaysVisible(claim))
}

function isAlwaysVisible(claim: RuledClaim): boolean {
  return claim.sd === 'never' && claim.path.length === 1
}
