import { signatureAlgorithms } from './algorithms.js'
import { epochSeconds } from './epoch-seconds.js'
import { CredentialError } from './errors.js'
import { namedKeyId } from './issuer-key-name.js'
import type { UnverifiedJwt } from './jws.js'
import {
  assertCurrent,
  parseStatusListToken,
  statusTokenLimits,
  verifyStatusListToken,
} from './status-list-token.js'
import type { StatusTokenClaims } from './status-token-claims.js'
import { mergeStatusLists } from './status-merge.js'
import {
  findKey,
  type HeldStatusList,
  type IssuerTrust,
  type Trust,
  type TrustedKeyHandle,
} from './trust.js'
import { MAX_AHEAD_SECONDS } from './trust-list.js'

/** A list counts for seven days at most, whatever its `exp`. */
const MAX_STATUS_SECONDS = 7 * 86_400
/** `ttl` where a token has none, and the bounds it is held to. */
const TTL_SECONDS = { usual: 12 * 3600, least: 60, most: 86_400 }

export type StatusListRefusal = { readonly index: number; readonly error: CredentialError }

/**
 * Takes status lists in. Each stands for itself: one that is refused does not stop the others. A list
 * older than the one at hand is refused, and what was revoked stays revoked.
 *
 * @param inflate - `later` for thousands of lists at once: see `verifyStatusListToken`.
 * @returns The new trust, and for each refused token its position and the error: the codes of
 * `parseStatusListToken`, `verifyStatusListToken` and `assertCurrent`, `key_outside_window`, `key_revoked`,
 * `status_list_older`.
 */
export async function withStatusLists(
  trust: Trust,
  tokens: readonly string[],
  now: Date,
  inflate: 'now' | 'later' = 'now',
): Promise<{ readonly trust: Trust; readonly refused: readonly StatusListRefusal[] }> {
  const taking = { now: epochSeconds(now), inflate }
  return takeEach(trust, tokens, (lists, token) => takeIn(trust, lists, token, taking))
}

/** The lists of each issuer, while they are being changed. */
export type ChangingLists = ReadonlyMap<string, Map<string, HeldStatusList>>

/** Takes in one text after the other; `take` gives the `iat` of what it took. */
export async function takeEach(
  trust: Trust,
  texts: readonly string[],
  take: (lists: ChangingLists, text: string) => Promise<number>,
): Promise<{ readonly trust: Trust; readonly refused: readonly StatusListRefusal[] }> {
  const lists = new Map<string, Map<string, HeldStatusList>>()
  for (const [did, issuer] of trust.issuers) lists.set(did, new Map(issuer.statusLists))
  const refused: StatusListRefusal[] = []
  let { timeFloor } = trust
  for (const [index, text] of texts.entries()) {
    try {
      const issuedAt = await take(lists, text)
      timeFloor = Math.max(timeFloor, issuedAt)
    } catch (error) {
      if (!(error instanceof CredentialError)) throw error
      refused.push({ index, error })
    }
  }
  const issuers = new Map<string, IssuerTrust>()
  for (const [did, issuer] of trust.issuers) {
    issuers.set(did, { ...issuer, statusLists: lists.get(did) ?? issuer.statusLists })
  }
  return { trust: { ...trust, issuers, timeFloor }, refused }
}

async function takeIn(
  trust: Trust,
  lists: ChangingLists,
  text: string,
  { now, inflate }: { readonly now: number; readonly inflate: 'now' | 'later' },
): Promise<number> {
  const jwt = parseStatusListToken(text, signatureAlgorithms, statusTokenLimits, 'x5c')
  const answerable = findAnswerable(trust, jwt)
  const signer = answerable[0]?.key
  if (signer === undefined) {
    throw new CredentialError(
      'status_issuer_untrusted',
      'The status list is signed by nobody who may for that address: import the newest trust list.',
    )
  }
  const token = await verifyStatusListToken(jwt, [signer], statusTokenLimits, inflate)
  const held = { ...heldTimes(token), list: token.list, keyId: signer.keyId }
  assertTaken(token, now)
  for (const { issuer, key } of answerable) {
    assertWindow(key, [token.issuedAt, Math.max(now, token.issuedAt)])
    putList(lists.get(issuer.entry.did), token.uri, held)
  }
  return token.issuedAt
}

/**
 * Not from the future. A list past its end is kept: what it revoked stays revoked, and the verdict can
 * say that the list has expired instead of that there is none.
 *
 * @throws CredentialError `time_not_yet_valid`
 */
export function assertTaken(claims: StatusTokenClaims, now: number): void {
  assertCurrent(
    { ...claims, expiresAt: null },
    { now, clockSkewSeconds: 0, maxFutureSeconds: MAX_AHEAD_SECONDS, maxAgeSeconds: null },
  )
}

/**
 * How long a list counts: `exp` is needed, and held to seven days; `ttl` between a minute and a day.
 *
 * @throws CredentialError `status_token_claim_missing`
 */
export function heldTimes(
  claims: StatusTokenClaims,
): Pick<HeldStatusList, 'issuedAt' | 'expiresAt' | 'ttlSeconds'> {
  const { issuedAt, expiresAt } = claims
  if (expiresAt === null) {
    throw new CredentialError(
      'status_token_claim_missing',
      'The status list has no exp, so nothing says when it stops counting: publish it with one.',
    )
  }
  const ttl = claims.ttlSeconds ?? TTL_SECONDS.usual
  return {
    issuedAt,
    expiresAt: Math.min(expiresAt, issuedAt + MAX_STATUS_SECONDS),
    ttlSeconds: Math.min(Math.max(ttl, TTL_SECONDS.least), TTL_SECONDS.most),
  }
}

export type Answerable = { readonly issuer: IssuerTrust; readonly key: TrustedKeyHandle }

/** Issuers under whose prefix the list lies and who list that signer for status. */
export function findAnswerable(
  trust: Trust,
  { header, payload }: UnverifiedJwt,
): readonly Answerable[] {
  const uri = payload['sub']
  const way = Object.hasOwn(header, 'x5c') ? 'x5c' : 'did:key'
  const keyId = namedKeyId(way, header)
  return [...trust.issuers.values()].flatMap((issuer) => {
    const { mechanism, statusUriPrefix } = issuer.entry
    if (mechanism !== way || typeof uri !== 'string' || !uri.startsWith(statusUriPrefix)) return []
    const key = findKey(issuer, 'status', keyId)
    return key === undefined ? [] : [{ issuer, key }]
  })
}

/** @throws CredentialError `key_outside_window`, `key_revoked` */
export function assertWindow(key: TrustedKeyHandle, instants: readonly number[]): void {
  if (instants.every((at) => at >= key.notBefore && at <= key.notAfter)) return
  throw new CredentialError(
    key.revokedAt === null ? 'key_outside_window' : 'key_revoked',
    'The status list is signed by a key that did not count at that time: import the newest trust list.',
  )
}

/**
 * Puts a newer version of a list in the place of the one at hand; what that one revoked stays revoked.
 *
 * @throws CredentialError `status_list_older`, `status_list_malformed`
 */
export function putList(
  lists: Map<string, HeldStatusList> | undefined,
  uri: string,
  held: HeldStatusList,
): void {
  const before = lists?.get(uri)
  if (before === undefined) {
    lists?.set(uri, held)
    return
  }
  if (held.issuedAt < before.issuedAt) {
    throw new CredentialError(
      'status_list_older',
      'The status list is older than the one at hand: get the newest.',
    )
  }
  lists?.set(uri, { ...held, list: mergeStatusLists(before.list, held.list) })
}
