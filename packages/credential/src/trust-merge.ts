import { deferred } from './status-list.js'
import { mergeStatusLists } from './status-merge.js'
import { findKey, type HeldStatusList, type IssuerTrust, type Trust } from './trust.js'

/**
 * One trust from two that were brought in different ways under the same roots, say published lists and
 * an offline pack: the newer trust list, of each status list the newer version, and what either of them
 * revoked stays revoked. As in `withTrustList`, lists of keys that no longer count are left out.
 */
export function mergeTrust(one: Trust, other: Trust): Trust {
  const isNewer = other.trustList.sequence > one.trustList.sequence
  const [base, second] = isNewer ? [other, one] : [one, other]
  const issuers = new Map<string, IssuerTrust>()
  for (const [did, issuer] of base.issuers) {
    const lists = new Map(issuer.statusLists)
    for (const [uri, held] of second.issuers.get(did)?.statusLists ?? []) {
      if (findKey(issuer, 'status', held.keyId)?.revokedAt !== null) continue
      const known = lists.get(uri)
      lists.set(uri, known === undefined ? held : newerOf(known, held))
    }
    issuers.set(did, { ...issuer, statusLists: lists })
  }
  return {
    trustList: base.trustList,
    issuers,
    timeFloor: Math.max(one.timeFloor, other.timeFloor),
  }
}

function newerOf(one: HeldStatusList, other: HeldStatusList): HeldStatusList {
  // An issuer signs one version a second at most: the same is not put together with itself.
  if (one.issuedAt === other.issuedAt) return one
  const [older, newer] = one.issuedAt < other.issuedAt ? [one, other] : [other, one]
  // Only lists that are asked for are put together, for there may be a thousand of them.
  const make = () => mergeStatusLists(older.list, newer.list).bytes
  return { ...newer, list: deferred(newer.list.bits, make) }
}
