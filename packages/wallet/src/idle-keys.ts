import { epochSeconds } from '@netcert/credential'
import { openRecord } from './issuance-records.js'
import type { IssuanceGround } from './vci-ground.js'

const IDLE_KEY_SECONDS = 30 * 86_400

/**
 * Forgets holder keys that a killed process or a lost answer left behind. They are kept for a
 * month: certificates may still be made for them elsewhere.
 */
export async function forgetIdleKeys({
  issuanceStore,
  keyStore,
  vault,
  clock,
}: Pick<IssuanceGround, 'issuanceStore' | 'keyStore' | 'vault' | 'clock'>): Promise<void> {
  const rows = await issuanceStore.list('deferred')
  const waiting = new Set(rows.flatMap((row) => openRecord(vault, 'deferred', row).keyAliases))
  const idle = await issuanceStore.idleKeys(epochSeconds(clock()) - IDLE_KEY_SECONDS)
  for (const alias of idle) if (!waiting.has(alias)) await keyStore.delete(alias)
}
