import { pause } from './pause.js'
import { epochSeconds } from '@netcert/credential'
import { offersClaim } from '@netcert/protocol'
import { WalletError } from './errors.js'
import { configurationFor, findPlatformGrant, noGrant } from './held-grants.js'
import { type GrantedRequest, openRecord } from './issuance-records.js'
import { holdingTag } from './ledger.js'
import type { CopyWish } from './platform-holding.js'
import { findHolding, listHoldings, reserveHolding, wishOf } from './platform-holdings.js'
import { fetchCertificate, type Fetched } from './vci-fetching.js'
import { LEASE_SECONDS, OpenGrant } from './vci-grant.js'
import type { IssuanceGround } from './vci-ground.js'
import type { RenewalReport } from './vci-renewal.js'
import { retryTime } from './vci-renewal-times.js'
import { postponedTime, prepareTime } from './vci-renewal-times.js'
import type { IssuanceRow } from './stores.js'

/** The time a certificate says it was issued is rounded to this. */
const HOUR = 3600
/** How long one caller waits for another that fetches the same copy. */
const PATIENCE = { turns: 100, milliseconds: 150 } as const

/**
 * Has a platform's copy fetched some time within a day, by {@link renewPlatformCopies}. What is
 * held or queued already stays as it is.
 *
 * @throws WalletError `platform_copy_missing` when no grant brings platform copies
 */
export async function preparePlatform(ground: IssuanceGround, wish: CopyWish): Promise<Date> {
  if ((await findPlatformGrant(ground, wish, null)) === null) throw noGrant(wish)
  const dueAt = prepareTime(epochSeconds(ground.clock()))
  await reserveHolding(ground, wish, dueAt)
  const found = await findHolding(ground, wish)
  return new Date((found?.row.due_at ?? dueAt) * 1000)
}

/**
 * Fetches the numbered copy of a platform at once, for a citizen who is waiting. Parallel calls, of
 * other processes too, fetch one copy between them. The issuer learns that a platform's copy was
 * fetched, and not for which platform.
 *
 * @param options.replacing - The batch that will not do any more; null when there is none.
 * @throws WalletError `platform_copy_missing`, `platform_copy_refused`, `platform_number_changed`,
 *   `platform_copy_pending`, and as fetching
 */
export async function fetchPlatformCopy(
  ground: IssuanceGround,
  options: { readonly wish: CopyWish; readonly replacing: string | null },
): Promise<void> {
  const { wish } = options
  await reserveHolding(ground, wish, null)
  const id = holdingTag(ground.vault, wish)
  for (let turn = 0; turn < PATIENCE.turns; turn += 1) {
    const now = epochSeconds(ground.clock())
    const row = await ground.issuanceStore.lease(id, now, now + LEASE_SECONDS)
    if (row !== undefined) {
      if (await isFetched(ground, row, options.replacing)) {
        return ground.issuanceStore.release(id, row.due_at)
      }
      const fetched = await fetchLeased(ground, row, wish)
      if (fetched.kind === 'received') return
      throw pending()
    }
    await pause(PATIENCE.milliseconds)
  }
  throw pending()
}

/**
 * Renews what is due, and fetches what was prepared for: each with a blinding of its own, and none in
 * an hour in which this wallet got something else. That hour stands in the copies, and two platforms
 * could join them by it; so the rest is put off.
 */
export async function renewPlatformCopies(
  ground: IssuanceGround,
): Promise<readonly RenewalReport[]> {
  const reports: RenewalReport[] = []
  for (const { row: listed, holding } of await listHoldings(ground)) {
    const now = epochSeconds(ground.clock())
    if (listed.due_at === null || listed.due_at > now) continue
    const row = await ground.issuanceStore.lease(listed.id, now, now + LEASE_SECONDS)
    // Another call is busy with it, or has just been.
    if (row === undefined) continue
    const postponed = await postponement(ground, row)
    if (row.due_at !== listed.due_at || postponed !== null) {
      await ground.issuanceStore.release(row.id, postponed ?? row.due_at)
      continue
    }
    const wish = wishOf(holding)
    const { platformId, ward } = wish
    const outcome = await fetchLeased(ground, row, wish).catch(failed)
    const configurationId = configurationFor(wish)
    const named = { reason: 'schedule', configurationId, platformId } as const
    reports.push({ ...outcome, ...named, ...(ward === null ? {} : { ward }) })
  }
  return reports
}

/** When to fetch instead, if something was received in this hour already. */
async function postponement(
  { store, clock }: IssuanceGround,
  { batch_id: own }: IssuanceRow,
): Promise<number | null> {
  const now = epochSeconds(clock())
  const hourOf = (at: number) => Math.floor(at / HOUR)
  const batches = await store.batches(now)
  if (!batches.some((batch) => hourOf(batch.received_at) === hourOf(now))) return null
  const replaced = batches.find(({ id }) => id === own)
  return postponedTime(now, replaced?.expires_at ?? null)
}

/** Fetches for a record this caller has leased, and lets it go whatever comes of it. */
async function fetchLeased(
  ground: IssuanceGround,
  row: IssuanceRow,
  wish: CopyWish,
): Promise<Fetched> {
  const retryAt = retryTime(ground)
  try {
    if (await isPutOff(ground, wish)) throw pending()
    const { grant: before } = openRecord(ground.vault, 'platform', row)
    const found = await findPlatformGrant(ground, wish, before)
    if (found === null) throw noGrant(wish)
    const grant = await resume(ground, found.row.id)
    try {
      const { configurationId } = found.request
      if (!offersClaim(grant.metadata, configurationId, 'platform_number')) throw noGrant(wish)
      const { blindPlatformId } = await import('@netcert/credential/platform-number')
      const blinding = { ...wish, ...blindPlatformId(wish.platformId) }
      const fetched = await fetchCertificate(ground, grant, copyOf(found.request), blinding)
      if (fetched.kind === 'deferred') await ground.issuanceStore.release(row.id, retryAt)
      return fetched
    } finally {
      await grant.release()
    }
  } catch (error) {
    await ground.issuanceStore.release(row.id, retryAt)
    throw error
  }
}

/** One copy, whatever the grant brings otherwise. */
function copyOf(request: GrantedRequest): GrantedRequest {
  return { ...request, copies: 1, batches: [] }
}

/** Takes a grant, waiting for whoever has it. */
async function resume(ground: IssuanceGround, id: string): Promise<OpenGrant> {
  for (let turn = 0; turn < PATIENCE.turns; turn += 1) {
    const grant = await OpenGrant.resume(ground, id)
    if (grant !== undefined) return grant
    await pause(PATIENCE.milliseconds)
  }
  throw pending()
}

async function isFetched(
  { store, clock }: IssuanceGround,
  { batch_id: batch }: IssuanceRow,
  replacing: string | null,
): Promise<boolean> {
  if (batch === null || batch === replacing) return false
  return (await store.anyCopyOf(batch, epochSeconds(clock()))) !== undefined
}

/** What an issuer put off is not asked for a second time. */
async function isPutOff(
  { issuanceStore, vault }: IssuanceGround,
  { platformId, ward }: CopyWish,
): Promise<boolean> {
  const open = (await issuanceStore.list('deferred')).map((row) =>
    openRecord(vault, 'deferred', row),
  )
  return open.some(
    (deferred) => deferred.blinding?.platformId === platformId && (deferred.ward ?? null) === ward,
  )
}

function failed(error: unknown): { kind: 'ended' } | { kind: 'failed'; code: string } {
  if (error instanceof WalletError && error.code === 'grant_refused') return { kind: 'ended' }
  const code = error instanceof Error && 'code' in error ? String(error.code) : null
  // What nobody expected is a fault of ours and not to be hidden.
  if (code === null) throw error
  return { kind: 'failed', code }
}

function pending(): WalletError {
  return new WalletError(
    'platform_copy_pending',
    "the platform's copy is still under way; run `netcert wallet refill` in a while and try again.",
  )
}
