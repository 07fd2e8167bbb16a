import { CredentialError } from './errors.js'
import type { TrustList } from './trust-list.js'

/** The root a verifier or wallet believes, and the one that the newest list of it announced. */
export type RootPin = {
  readonly root: string
  /** Whoever signs with this one takes the place of the root; null when nobody was announced. */
  readonly next: string | null
}

/** The pin somebody begins with: a root that was brought, and nobody announced. */
export function pinRoot(root: string): RootPin {
  return { root, next: null }
}

/** Whose trust lists count under a pin: for `rootDids` of `verifyTrustList` and `createTrust`. */
export function pinnedRoots({ root, next }: RootPin): readonly string[] {
  return next === null || next === root ? [root] : [root, next]
}

/**
 * The pin after a verified trust list: a list of the root says who comes next, or that nobody does;
 * the first list of the announced one makes it the root, and the old one is nobody from then on. Keep
 * it where a restart finds it before anything is judged by the list.
 *
 * @throws CredentialError `trust_list_untrusted` for a list that neither of them signed.
 * @see docs/formats/trust-list.md, Changing keys
 */
export function followRoot(
  pin: RootPin,
  { rootDid, nextRoot }: Pick<TrustList, 'rootDid' | 'nextRoot'>,
): RootPin {
  if (!pinnedRoots(pin).includes(rootDid)) {
    throw new CredentialError(
      'trust_list_untrusted',
      'The trust list is signed by a root that is neither pinned nor announced: compare the root identifier.',
    )
  }
  return { root: rootDid, next: nextRoot === rootDid ? null : nextRoot }
}
