import { importVerifyingKey, type VerifyingKey } from '@netcert/credential/crypto'
import { resolveDidKey } from './did-key.js'
import { epochSeconds } from './epoch-seconds.js'
import type { StatusEvidence } from './freshness.js'
import type { StatusReference } from './status-claim.js'
import { readStatus, type StatusList } from './status-list.js'
import { type TrustList, verifyTrustList } from './trust-list.js'
import type { KeyUse, TrustedIssuer } from './trust-list-content.js'

/** A listed key, ready for use. Times in seconds since 1970, both ends included. */
export type TrustedKeyHandle = {
  readonly keyId: string
  readonly use: KeyUse
  readonly key: VerifyingKey
  readonly notBefore: number
  readonly notAfter: number
  /** Since when somebody else may have it; null for a key that nobody took back. */
  readonly revokedAt: number | null
}

/** A status list that was verified and taken in. Times in seconds. */
export type HeldStatusList = {
  readonly list: StatusList
  /** The key that signed it. */
  readonly keyId: string
  readonly issuedAt: number
  readonly expiresAt: number
  readonly ttlSeconds: number
}

/** An issuer on the trust list with its keys and the status lists it is answerable for. */
export type IssuerTrust = {
  readonly entry: TrustedIssuer
  readonly types: ReadonlySet<string>
  readonly keys: readonly TrustedKeyHandle[]
  readonly statusLists: ReadonlyMap<string, HeldStatusList>
}

/**
 * What a verifier trusts: a verified trust list and the status lists taken in. Never changed;
 * `withStatusLists` and `withTrustList` give a new one.
 */
export type Trust = {
  readonly trustList: TrustList
  readonly issuers: ReadonlyMap<string, IssuerTrust>
  /** Newest `iat` among the status lists taken in, seconds since 1970; 0 when there is none. */
  readonly timeFloor: number
}

export type CreateTrustOptions = {
  readonly trustListToken: string
  /** The pinned roots. */
  readonly rootDids: readonly string[]
  readonly now: Date
  /** How long past its `exp` the list is still read; each verification decides again. */
  readonly graceSeconds: number
  /** The newest sequence seen so far; 0 when none was. */
  readonly minimumSequence: number
}

/**
 * Trust from a trust list. There is no status list in it yet.
 *
 * @throws CredentialError as `verifyTrustList`
 */
export async function createTrust(options: CreateTrustOptions): Promise<Trust> {
  const trustList = await verifyTrustList({ ...options, token: options.trustListToken })
  return { trustList, issuers: await importIssuers(trustList), timeFloor: 0 }
}

/**
 * The same trust under a newer trust list. Status lists stay as long as the issuer and the key that
 * signed them are listed, and the key is not taken back; without its list a certificate's status is unknown, not good. The time
 * floor stays in any case.
 *
 * @throws CredentialError as `verifyTrustList`
 */
export async function withTrustList(
  trust: Trust,
  options: Omit<CreateTrustOptions, 'minimumSequence'>,
): Promise<Trust> {
  const next = await createTrust({ ...options, minimumSequence: trust.trustList.sequence })
  const issuers = new Map<string, IssuerTrust>()
  for (const [did, issuer] of next.issuers) {
    const held = trust.issuers.get(did)?.statusLists ?? []
    const kept = [...held].filter(
      ([, list]) => findKey(issuer, 'status', list.keyId)?.revokedAt === null,
    )
    issuers.set(did, { ...issuer, statusLists: new Map(kept) })
  }
  return { ...next, issuers, timeFloor: trust.timeFloor }
}

/**
 * What the status lists at hand say about a certificate of an issuer.
 *
 * @throws CredentialError `status_index_out_of_range`
 */
export function statusEvidence(
  issuer: IssuerTrust,
  reference: StatusReference,
): StatusEvidence | 'missing' {
  const held = issuer.statusLists.get(reference.uri)
  if (held === undefined) return 'missing'
  const { issuedAt, expiresAt, ttlSeconds } = held
  return { status: readStatus(held.list, reference.index), issuedAt, expiresAt, ttlSeconds }
}

/** The listed key of that use under a `kid`. */
export function findKey(
  issuer: IssuerTrust,
  use: KeyUse,
  keyId: unknown,
): TrustedKeyHandle | undefined {
  return issuer.keys.find((key) => key.use === use && key.keyId === keyId)
}

async function importIssuers(list: TrustList): Promise<ReadonlyMap<string, IssuerTrust>> {
  const issuers = new Map<string, IssuerTrust>()
  for (const entry of list.issuers) {
    issuers.set(entry.did, {
      entry,
      types: new Set(entry.types),
      keys: await Promise.all(entry.keys.map(importKey)),
      statusLists: new Map(),
    })
  }
  return issuers
}

async function importKey(entry: TrustedIssuer['keys'][number]): Promise<TrustedKeyHandle> {
  const { keyId, jwk } = resolveDidKey(entry.did)
  return {
    keyId,
    use: entry.use,
    key: await importVerifyingKey(jwk),
    notBefore: epochSeconds(entry.notBefore),
    notAfter: epochSeconds(entry.notAfter),
    revokedAt: entry.revokedAt === undefined ? null : epochSeconds(entry.revokedAt),
  }
}
