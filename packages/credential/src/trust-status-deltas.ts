import { signatureAlgorithms } from './algorithms.js'
import { epochSeconds } from './epoch-seconds.js'
import { CredentialError } from './errors.js'
import {
  changeByDelta,
  parseStatusDelta,
  type StatusDelta,
  verifyStatusDelta,
} from './status-delta.js'
import { applyStatusChanges } from './status-changes.js'
import { deferred, type StatusList, unreadBytes } from './status-list.js'
import { mergeStatusLists } from './status-merge.js'
import { statusTokenLimits } from './status-list-token.js'
import type { HeldStatusList, Trust } from './trust.js'
import {
  assertTaken,
  assertWindow,
  type ChangingLists,
  findAnswerable,
  heldTimes,
  type StatusListRefusal,
  takeEach,
} from './trust-status-lists.js'

/**
 * Takes status deltas in, by the rules of `withStatusLists`: the same prefix and keys, the same
 * windows, nothing older, and what was revoked stays revoked. Each stands for itself; one that is
 * refused leaves its list as it was.
 *
 * @returns The new trust, and for each refused delta its position and the error: the codes of
 * `parseStatusDelta`, `verifyStatusDelta`, `applyStatusDelta` and `assertCurrent`,
 * `key_outside_window`, `key_revoked`, `status_list_older`.
 */
export async function withStatusDeltas(
  trust: Trust,
  deltas: readonly string[],
  now: Date,
): Promise<{ readonly trust: Trust; readonly refused: readonly StatusListRefusal[] }> {
  return takeEach(trust, deltas, (lists, text) => takeDelta(trust, lists, text, epochSeconds(now)))
}

async function takeDelta(
  trust: Trust,
  lists: ChangingLists,
  text: string,
  now: number,
): Promise<number> {
  const jwt = parseStatusDelta(text, signatureAlgorithms, statusTokenLimits)
  const answerable = findAnswerable(trust, jwt)
  const signer = answerable[0]?.key
  if (signer === undefined) {
    throw new CredentialError(
      'status_issuer_untrusted',
      'The status delta is signed by nobody who may for that address: import the newest trust list.',
    )
  }
  const delta = await verifyStatusDelta(jwt, [signer])
  const times = heldTimes(delta)
  assertTaken(delta, now)
  for (const { issuer, key } of answerable) {
    assertWindow(key, [delta.issuedAt, Math.max(now, delta.issuedAt)])
    const held = lists.get(issuer.entry.did)
    const list = newVersion(baseOf(held?.get(delta.uri), delta), delta)
    held?.set(delta.uri, { ...times, list, keyId: signer.keyId })
  }
  return delta.issuedAt
}

/**
 * The list after a delta, with all that was revoked before. One that nobody has read yet is inflated
 * to prove the delta and not kept so: of a thousand lists a day asks for a few.
 *
 * @throws CredentialError as `applyStatusDelta`
 */
function newVersion(base: StatusList, delta: StatusDelta): StatusList {
  const make = unreadBytes(base)
  const before = make === null ? base : { bits: base.bits, bytes: make() }
  const { list, takesBack } = changeByDelta(before, delta)
  if (takesBack) return mergeStatusLists(before, list)
  if (make === null) return list
  return deferred(base.bits, () => {
    const again = { bits: base.bits, bytes: make() }
    return applyStatusChanges(again, delta.changes).list.bytes
  })
}

function baseOf(held: HeldStatusList | undefined, delta: StatusDelta): HeldStatusList['list'] {
  if (held === undefined) {
    throw new CredentialError(
      'status_delta_base',
      'The status delta is for a list that is not at hand: take the whole list.',
    )
  }
  if (held.issuedAt <= delta.issuedAt) return held.list
  throw new CredentialError(
    'status_list_older',
    'The status delta is older than the list at hand: get the newest.',
  )
}
