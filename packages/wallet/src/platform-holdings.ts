import { epochSeconds, NETWORK_CERTIFICATE } from '@netcert/credential'
import { openRecord, sealRecord } from './issuance-records.js'
import { holdingTag } from './ledger.js'
import type { CopyWish, PlatformHolding } from './platform-holding.js'
import type { IssuanceGround } from './vci-ground.js'
import { birthdayTimes, renewalTime } from './vci-renewal-times.js'
import { isFetchedForAct } from './ward-records.js'
import type { BatchRow, IssuanceRow } from './stores.js'

/** Where holdings are looked for. */
export type HoldingSource = Pick<IssuanceGround, 'issuanceStore' | 'vault'>

/** A holding and the record it is kept in. */
export type FoundHolding = { readonly row: IssuanceRow; readonly holding: PlatformHolding }

/** Whose copies for which platform. */
export type HoldingName = Pick<CopyWish, 'platformId' | 'ward'>

/** What is held for a platform, of the citizen or of one child. */
export async function findHolding(
  { issuanceStore, vault }: HoldingSource,
  name: HoldingName,
): Promise<FoundHolding | null> {
  const row = await issuanceStore.get('platform', holdingTag(vault, name))
  return row === undefined ? null : { row, holding: openRecord(vault, 'platform', row) }
}

/** Everything that is held for platforms. */
export async function listHoldings({
  issuanceStore,
  vault,
}: HoldingSource): Promise<readonly FoundHolding[]> {
  const rows = await issuanceStore.list('platform')
  return rows.map((row) => ({ row, holding: openRecord(vault, 'platform', row) }))
}

/** What a holding is about; those of older wallets are the citizen's own. */
export function wishOf(known: {
  readonly platformId: string
  readonly ward?: string | null
  readonly vct?: string
}): CopyWish {
  const { platformId, ward = null, vct = NETWORK_CERTIFICATE } = known
  return { platformId, ward, vct }
}

/** Makes room for a platform where there is none yet; `dueAt`: when its copy is to be fetched. */
export async function reserveHolding(
  { issuanceStore, vault }: HoldingSource,
  wish: CopyWish,
  dueAt: number | null,
): Promise<void> {
  const id = holdingTag(vault, wish)
  const unknown = { name: null, accreditation: null, grant: null, numberTag: null }
  const content = { ...wish, ...unknown, presenceUri: null }
  const due = dueAt === null ? {} : { dueAt }
  await issuanceStore.putFirst(sealRecord(vault, { id, kind: 'platform', content, ...due }))
}

/** Notes what a registrar vouches for now, for the day when something is to be deleted there. */
export async function noteAccreditation(
  source: HoldingSource,
  name: HoldingName,
  known: Pick<PlatformHolding, 'name' | 'accreditation'>,
): Promise<void> {
  const found = await findHolding(source, name)
  if (found === null || found.holding.accreditation === known.accreditation) return
  const { row, holding } = found
  const { issuanceStore, vault } = source
  const { sealed } = sealRecord(vault, {
    id: row.id,
    kind: 'platform',
    content: { ...holding, ...known },
  })
  await issuanceStore.reseal(row.id, { from: row.sealed, to: sealed })
}

/** A new copy takes the place of the one before, whose key and blinding are erased. */
export async function settlePlatformCopy(
  ground: IssuanceGround,
  settled: {
    readonly wish: CopyWish
    readonly grant: string
    readonly numberTag: string
    readonly presenceUri: string | null
    readonly batch: BatchRow
  },
): Promise<void> {
  const { wish, grant, numberTag, presenceUri, batch } = settled
  const { platformCopies, issuanceStore, vault, clock } = ground
  const id = holdingTag(vault, wish)
  await platformCopies.replaceCopies(id, batch.id)
  const known = (await findHolding(ground, wish))?.holding
  const { name = null, accreditation = null } = known ?? {}
  const now = epochSeconds(clock())
  const births = await birthdayTimes(ground, [batch], now)
  const dueAt = Math.min(renewalTime(now, batch.expires_at), ...births)
  const content = { ...wish, name, accreditation, grant, numberTag, presenceUri }
  await issuanceStore.put(
    sealRecord(vault, {
      ...{ id, kind: 'platform', content, batchId: batch.id },
      ...(isFetchedForAct(wish.vct) ? {} : { dueAt }),
    }),
  )
}

/** Forgets a platform: its copy, key and blinding, and that there was any. */
export async function dropHolding(ground: IssuanceGround, name: HoldingName): Promise<void> {
  const id = holdingTag(ground.vault, name)
  await ground.issuanceStore.remove(id)
  await ground.platformCopies.replaceCopies(id, '')
}

/** The copy of a platform that was deleted by hand is not fetched again. */
export async function forgetHoldingOf(ground: IssuanceGround, batchId: string): Promise<void> {
  for (const { row } of await listHoldings(ground)) {
    if (row.batch_id === batchId) await ground.issuanceStore.remove(row.id)
  }
}
