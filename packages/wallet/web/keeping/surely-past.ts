import { verifiedTime } from '@netcert/wallet/rules'
import type { KeptWallet } from './kept-wallet.js'

/**
 * A time that is over whatever the clock of the device says: what had ended by then is forgotten, and
 * somebody whose clock ran ahead for an hour has lost nothing.
 */
export async function surelyPast(
  kept: Pick<KeptWallet, 'store' | 'issuanceStore'>,
  clock: () => Date,
): Promise<Date> {
  const verified = await verifiedTime(kept)
  return verified < clock() ? verified : clock()
}
