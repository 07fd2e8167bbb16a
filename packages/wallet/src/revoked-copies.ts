import {
  epochSeconds,
  readStatus,
  STATUS_INVALID,
  STATUS_SUSPENDED,
  STATUS_VALID,
  statusCount,
  type Trust,
  withStatusLists,
} from '@netcert/credential'
import { endOwnPause, noteListed } from './pause-records.js'
import { openCopy } from './received-copies.js'
import type { IssuanceGround } from './vci-ground.js'
import type { BatchRow } from './stores.js'

/** Of a status list token. */
const MOST_BYTES = 4 * 1024 * 1024

type Listed = {
  readonly batch: BatchRow
  readonly uri: string
  readonly index: number
}

/**
 * Forgets the certificates that their issuer has revoked, as after a corrected name: nothing is shown
 * that would be refused, and what a grant still brings counts as run out and is fetched anew. The
 * whole list is asked for at the issuer, which learns that this wallet is there and not what it looks
 * up. What cannot be fetched or believed changes nothing. What the same lists say is suspended is noted
 * with it, wherever the pause was made, and that a pause is over where a newer list no longer has it.
 *
 * @returns How many were forgotten.
 */
export async function forgetRevoked(ground: IssuanceGround): Promise<number> {
  const { issuanceStore } = ground
  const listed = await listedCopies(ground)
  if (listed.length === 0) return 0
  const readings = read(await withLists(ground, listed), listed)
  await notePauses(ground, listed, readings)
  const revoked = readings.filter(({ status }) => status === STATUS_INVALID)
  for (const { batch } of revoked) {
    for (const { id } of await issuanceStore.notificationsOf(batch.id))
      await issuanceStore.remove(id)
    await issuanceStore.forgetBatch(batch.id)
  }
  return revoked.length
}

type Reading = { readonly batch: BatchRow; readonly status: number; readonly listedAt: number }

/** What the lists say of these copies; nothing of one whose list is not there. */
function read(trust: Trust, listed: readonly Listed[]): readonly Reading[] {
  return listed.flatMap(({ batch, uri, index }) => {
    const held = trust.issuers.get(batch.issuer)?.statusLists.get(uri)
    if (held === undefined || index >= statusCount(held.list)) return []
    return [{ batch, status: readStatus(held.list, index), listedAt: held.issuedAt }]
  })
}

async function notePauses(
  ground: IssuanceGround,
  listed: readonly Listed[],
  readings: readonly Reading[],
): Promise<void> {
  const looked = readings.map(({ batch, status }) => ({
    batch,
    isSuspended: status === STATUS_SUSPENDED,
  }))
  const held = new Set(listed.map(({ batch }) => batch.id))
  await noteListed(ground, { held, readings: looked })
  for (const { batch, status, listedAt } of readings) {
    if (status !== STATUS_VALID) continue
    // The list of the very second of a pause may have been made before it.
    await endOwnPause(ground, { issuer: batch.issuer, before: listedAt - 1 })
  }
}

/** One-time copies have no status: they end soon enough. */
async function listedCopies({ store, vault, clock }: IssuanceGround): Promise<readonly Listed[]> {
  const now = epochSeconds(clock())
  const listed: Listed[] = []
  for (const batch of await store.batches(now)) {
    if (batch.kind !== 'platform') continue
    const row = await store.anyCopyOf(batch.id, now)
    const status = row === undefined ? null : openCopy(vault, row).status
    if (status !== null) listed.push({ batch, ...status })
  }
  return listed
}

/** The trust list with the status lists of these certificates, as far as they can be had. */
async function withLists(
  { trust, fetch: ask, clock }: IssuanceGround,
  listed: readonly Listed[],
): Promise<Trust> {
  const trusted = await trust()
  const theirs = listed.filter(({ batch, uri }) => {
    const prefix = trusted.issuers.get(batch.issuer)?.entry.statusUriPrefix
    return prefix !== undefined && uri.startsWith(prefix)
  })
  const tokens: string[] = []
  for (const uri of new Set(theirs.map((each) => each.uri))) {
    const headers = { accept: 'application/statuslist+jwt' }
    const answer = await ask(uri, { headers, maxBytes: MOST_BYTES }).catch(() => undefined)
    if (answer?.status === 200) tokens.push(answer.text)
  }
  return (await withStatusLists(trusted, tokens, clock())).trust
}
