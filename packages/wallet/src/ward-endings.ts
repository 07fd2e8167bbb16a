import { epochSeconds, WARD_CERTIFICATE } from '@netcert/credential'
import { birthdayAt } from './birthday.js'
import type { GrantedRequest } from './issuance-records.js'
import { listHoldings, wishOf } from './platform-holdings.js'
import { openCopy } from './received-copies.js'
import type { IssuanceGround } from './vci-ground.js'

/** From this age on a child holds certificates of their own. */
export const OWN_CERTIFICATE_AGE = 14

/**
 * Forgets the ward certificates of children who are 14 by now: their issuer ends them at the next
 * publication, and whoever shows one after that shows a revoked certificate.
 */
export async function forgetOutgrown(ground: IssuanceGround): Promise<void> {
  const { store, vault, clock } = ground
  const now = epochSeconds(clock())
  for (const { id, vct, ward_id } of await store.batches(now)) {
    if (vct !== WARD_CERTIFICATE || ward_id === null) continue
    const copy = await store.anyCopyOf(id, now)
    const claims = copy === undefined ? [] : openCopy(vault, copy).claims
    const birthdate = claims.find(({ path }) => path.join('.') === 'birthdate')?.value
    const grown = birthdayAt(birthdate, OWN_CERTIFICATE_AGE)
    if (grown === null || grown > now) continue
    await forgetWardCopies(ground, { ward: ward_id, vct })
  }
}

/** Forgets everything this wallet holds for one child by certificates of one type, keys included. */
export async function forgetWardCopies(
  ground: IssuanceGround,
  { ward, vct }: Pick<GrantedRequest, 'ward' | 'vct'>,
): Promise<void> {
  const { store, issuanceStore, clock } = ground
  if (ward === undefined || vct === undefined) return
  for (const { row, holding } of await listHoldings(ground)) {
    const wish = wishOf(holding)
    if (wish.ward === ward && wish.vct === vct) await issuanceStore.remove(row.id)
  }
  for (const batch of await store.batches(epochSeconds(clock()))) {
    if (batch.ward_id === ward && batch.vct === vct) await issuanceStore.forgetBatch(batch.id)
  }
}
