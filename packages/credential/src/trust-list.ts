import { importVerifyingKey } from '@netcert/credential/crypto'
import { signatureAlgorithms } from './algorithms.js'
import { resolveDidKey } from './did-key.js'
import { CredentialError } from './errors.js'
import { createJws, parseJws, verifyJws } from './jws.js'
import type { Signer } from './signer.js'
import {
  encodeTrustList,
  parseTrustListContent,
  type TrustListContent,
} from './trust-list-content.js'

export const TRUST_LIST_TYP = 'netcert-trust-list+jwt'

/** A verified trust list and who signed it. */
export type TrustList = TrustListContent & { readonly rootDid: string }

/** Bound of the token, 16 MiB. */
export const MAX_TRUST_LIST_CHARACTERS = 16 * 1024 * 1024
/** No policy grants more than seven days past `exp`. */
export const MAX_TRUST_LIST_GRACE_SECONDS = 7 * 86_400
/** Nothing that claims to be from further ahead of the clock is taken in. */
export const MAX_AHEAD_SECONDS = 86_400

const limits = { algorithms: signatureAlgorithms, maxDepth: 32 }

/**
 * Signs a trust list with the offline root key.
 *
 * @throws CredentialError `trust_list_malformed` for content that no verifier would take.
 */
export async function createTrustList(options: {
  readonly rootSigner: Signer
  readonly content: TrustListContent
}): Promise<string> {
  const { rootSigner, content } = options
  const payload = encodeTrustList(content, rootSigner.did)
  // What cannot be read back must not be signed.
  parseTrustListContent(payload)
  return createJws({
    header: { typ: TRUST_LIST_TYP, kid: rootSigner.keyId },
    payload,
    signer: rootSigner,
  })
}

export type VerifyTrustListOptions = {
  readonly token: string
  /** The pinned roots; whoever else signs is nobody. */
  readonly rootDids: readonly string[]
  readonly now: Date
  /** How long past `exp` the list is still read; capped at seven days. */
  readonly graceSeconds: number
  /** The newest sequence seen so far; 0 when none was. */
  readonly minimumSequence: number
}

/**
 * Verifies a trust list.
 *
 * @throws CredentialError `too_large`, `typ_mismatch`, `trust_list_untrusted`, `bad_signature`,
 * `trust_list_malformed`, `trust_list_older`, `trust_list_expired`, `time_not_yet_valid`, or as
 * `parseJws`
 */
export async function verifyTrustList(options: VerifyTrustListOptions): Promise<TrustList> {
  const { token, now } = options
  if (token.length > MAX_TRUST_LIST_CHARACTERS) {
    throw new CredentialError('too_large', 'The trust list is longer than 16 MiB.')
  }
  const jwt = parseJws(token, limits)
  if (jwt.header['typ'] !== TRUST_LIST_TYP) {
    throw new CredentialError('typ_mismatch', `A trust list has typ ${TRUST_LIST_TYP}.`)
  }
  const rootDid = options.rootDids.find((did) => resolveDidKey(did).keyId === jwt.header['kid'])
  if (rootDid === undefined || jwt.payload['iss'] !== rootDid) {
    throw new CredentialError(
      'trust_list_untrusted',
      'The trust list is signed by a root that is not pinned: compare the root identifier.',
    )
  }
  await verifyJws(jwt, await importVerifyingKey(resolveDidKey(rootDid).jwk))
  const list: TrustList = { ...parseTrustListContent(jwt.payload), rootDid }
  if (list.sequence < options.minimumSequence) {
    throw new CredentialError(
      'trust_list_older',
      'The trust list is older than one already seen: get the newest.',
    )
  }
  assertTrustListCurrent(list, now, options.graceSeconds)
  if (list.issuedAt.getTime() > now.getTime() + MAX_AHEAD_SECONDS * 1000) {
    throw new CredentialError(
      'time_not_yet_valid',
      'The trust list is from the future: set the clock.',
    )
  }
  return list
}

/**
 * Checks that a trust list still counts, its grace included.
 *
 * @throws CredentialError `trust_list_expired`
 */
export function assertTrustListCurrent(list: TrustList, now: Date, graceSeconds: number): void {
  const grace = Math.min(graceSeconds, MAX_TRUST_LIST_GRACE_SECONDS)
  if (now.getTime() >= list.expiresAt.getTime() + grace * 1000) {
    throw new CredentialError(
      'trust_list_expired',
      'The trust list has expired: import the newest one before verifying again.',
    )
  }
}
