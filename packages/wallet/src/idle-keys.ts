import { epochSeconds } from '@netcert/credential'
import { openRecord } from './issuance-records.js'
import { keyAliasesOf } from './vci-grant-keys.js'
import type { IssuanceGround } from './vci-ground.js'

const IDLE_KEY_SECONDS = 30 * 86_400

/**
 * Forgets keys that a killed process, a lost answer or a sign-in that nobody finished left behind. They
 * are kept for a month: certificates may still be made for them elsewhere.
 */
export async function forgetIdleKeys({
  issuanceStore,
  keyStore,
  vault,
  clock,
}: Pick<IssuanceGround, 'issuanceStore' | 'keyStore' | 'vault' | 'clock'>): Promise<void> {
  const rows = await issuanceStore.list('deferred')
  const deferred = rows.flatMap((row) => openRecord(vault, 'deferred', row).keyAliases)
  const waiting = new Set([...deferred, ...(await keysOfParties({ issuanceStore, vault }))])
  const idle = await issuanceStore.idleKeys(epochSeconds(clock()) - IDLE_KEY_SECONDS)
  for (const alias of idle) if (!waiting.has(alias)) await keyStore.delete(alias)
}

async function keysOfParties({
  issuanceStore,
  vault,
}: Pick<IssuanceGround, 'issuanceStore' | 'vault'>): Promise<readonly string[]> {
  const grants = await issuanceStore.list('grant')
  const signIns = await issuanceStore.list('sign-in')
  return [
    ...grants.map((row) => openRecord(vault, 'grant', row)),
    ...signIns.map((row) => openRecord(vault, 'sign-in', row)),
  ].flatMap(keyAliasesOf)
}
