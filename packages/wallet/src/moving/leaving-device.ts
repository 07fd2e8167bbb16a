import { epochSeconds, type JsonObject } from '@netcert/credential'
import { keptErasures } from '../cancelled-issuer.js'
import { openRecord } from '../issuance-records.js'
import type { Vault } from '../keys.js'
import type { LedgerBook } from '../ledger-book.js'
import { exportLedger } from '../ledger-export.js'
import type { Platforms } from '../platform-access.js'
import type { IssuanceStore } from '../stores.js'
import { wardName } from '../ward-records.js'
import { MOVE_FORMAT, type MovedWallet, type MovedWard } from './moved-wallet.js'

/** What leaving a device works with. */
export type LeavingContext = {
  readonly issuanceStore: IssuanceStore
  readonly vault: Vault
  readonly ledger: LedgerBook
  readonly platforms: Platforms
  readonly clock: () => Date
}

/**
 * Collects what goes along to another device.
 *
 * @throws WalletError `ledger_broken`
 */
export async function collectMoved(
  context: LeavingContext,
  settings: JsonObject,
): Promise<MovedWallet> {
  const platforms = await context.platforms.list()
  return {
    format: MOVE_FORMAT,
    exported_at: epochSeconds(context.clock()),
    settings,
    wards: await movedWards(context),
    platforms: platforms.map(({ platformId, ward, vct, name, accreditation }) => ({
      ...{ platform_id: platformId, ward, vct, name, accreditation },
    })),
    ledger: await exportLedger(context),
    receipts: (await keptErasures(context)).map(({ issuer, token, receivedAt }) => ({
      ...{ issuer, token, received_at: receivedAt },
    })),
  }
}

async function movedWards({ issuanceStore, vault }: LeavingContext): Promise<MovedWard[]> {
  const names = new Map<string, string>()
  for (const row of await issuanceStore.list('grant')) {
    for (const { ward, credentialIdentifier } of openRecord(vault, 'grant', row).requests) {
      if (ward !== undefined) names.set(ward, wardName(credentialIdentifier))
    }
  }
  return (await issuanceStore.list('ward')).map((row) => {
    const { issuer, label } = openRecord(vault, 'ward', row)
    return { id: row.id, label, issuer, name: names.get(row.id) ?? null }
  })
}
