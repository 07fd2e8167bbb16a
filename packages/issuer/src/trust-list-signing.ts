import {
  createTrustList,
  CredentialError,
  epochSeconds,
  type Signer,
  verifyTrustList,
} from '@netcert/credential'
import { IssuerError } from './issuer-error.js'
import type { ListStore, StoredTrustList } from './list-store.js'
import {
  contentDigest,
  TRUST_LIST_FLOOR,
  TRUST_LIST_LIFETIME_SECONDS,
  type TrustListFacts,
} from './trust-list-content.js'

export type TrustListParts = {
  readonly lists: ListStore
  readonly facts: TrustListFacts
  /** The pinned root: whoever else signs is nobody. */
  readonly rootDid: string
  readonly now: Date
}

/** The trust list to publish: the stored one, or a new one where a root key is at hand. */
export type CurrentTrustList = {
  readonly token: string
  readonly sequence: number
  readonly expiresAt: Date
  readonly signed: boolean
}

/** From half its life on a list is renewed when a root key is there to do it. */
const RENEW_BEFORE_SECONDS = TRUST_LIST_LIFETIME_SECONDS / 2

/**
 * The newest trust list. It is signed anew when a root key is brought, or lies in the data
 * folder, and the stored list is in the second half of its life or says something else.
 *
 * @param rootSigner - Opens the root key; `undefined` where there is none.
 * @throws IssuerError `root_key_needed` when the stored list will not do and there is no key,
 *   `root_key_wrong` when the key is not the pinned root.
 */
export async function currentTrustList(
  parts: TrustListParts,
  rootSigner: (() => Promise<Signer>) | undefined,
  insist: boolean,
): Promise<CurrentTrustList> {
  const stored = await parts.lists.newestTrustList()
  const usable = stored !== undefined && (await isUsable(parts, stored))
  const young = usable && secondsLeft(stored, parts.now) > RENEW_BEFORE_SECONDS
  if (usable && (rootSigner === undefined || (young && !insist))) return asCurrent(stored, false)
  if (rootSigner === undefined) {
    throw new IssuerError(
      'root_key_needed',
      'The stored trust list has expired or says something else; bring the root key file to sign a new one.',
    )
  }
  return asCurrent(await signTrustList(parts, await rootSigner()), true)
}

/** Signs and stores the next trust list. @throws IssuerError `root_key_wrong`, `publish_busy`. */
export async function signTrustList(
  { lists, facts, rootDid, now }: TrustListParts,
  rootSigner: Signer,
): Promise<StoredTrustList> {
  if (rootSigner.did !== rootDid) {
    throw new IssuerError(
      'root_key_wrong',
      'That is not the root this trust domain is pinned to; bring the root key of its netcert init.',
    )
  }
  const newest = (await lists.newestTrustList())?.sequence ?? 0
  const sequence = Math.max(newest, await publishedBefore(lists)) + 1
  const issuedAt = new Date(epochSeconds(now) * 1000)
  const expiresAt = new Date(issuedAt.getTime() + TRUST_LIST_LIFETIME_SECONDS * 1000)
  const token = await createTrustList({
    rootSigner,
    content: { ...facts, sequence, issuedAt, expiresAt },
  })
  const trustList = {
    sequence,
    token,
    content: contentDigest(facts),
    issued_at: issuedAt.getTime() / 1000,
    expires_at: expiresAt.getTime() / 1000,
  }
  if (await lists.putTrustList(trustList)) return trustList
  throw new IssuerError('publish_busy', 'Another process is publishing; publish again after it.')
}

/** The highest sequence number known to have been public; a restored database can be behind it. */
async function publishedBefore(lists: Pick<ListStore, 'getFact'>): Promise<number> {
  return Number((await lists.getFact(TRUST_LIST_FLOOR)) ?? 0)
}

/** Whether the stored list is what verifiers would take now, and says what it should. */
async function isUsable(parts: TrustListParts, stored: StoredTrustList): Promise<boolean> {
  if (stored.content !== contentDigest(parts.facts)) return false
  if (stored.sequence < (await publishedBefore(parts.lists))) return false
  try {
    await verifyTrustList({
      token: stored.token,
      rootDids: [parts.rootDid],
      now: parts.now,
      graceSeconds: 0,
      minimumSequence: stored.sequence,
    })
    return true
  } catch (error) {
    if (error instanceof CredentialError) return false
    throw error
  }
}

function secondsLeft(stored: StoredTrustList, now: Date): number {
  return stored.expires_at - now.getTime() / 1000
}

function asCurrent(stored: StoredTrustList, signed: boolean): CurrentTrustList {
  const { token, sequence } = stored
  return { token, sequence, expiresAt: new Date(stored.expires_at * 1000), signed }
}
