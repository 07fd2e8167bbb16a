import type { JsonObject } from '@netcert/credential'
import { hashBase64Url } from '@netcert/credential/crypto'
import { isDisplayText } from '@netcert/protocol'
import { type Published, verifyAccreditations } from '../accredited-verifier.js'
import { keepReceipt } from '../cancelled-issuer.js'
import { openRecord, sealRecord } from '../issuance-records.js'
import { holdingTag } from '../ledger.js'
import type { LedgerEntry } from '../ledger-chain.js'
import type { LedgerContent } from '../ledger-entry.js'
import type { WalletStore } from '../stores.js'
import { listWards, wardId } from '../ward-records.js'
import type { LeavingContext } from './leaving-device.js'
import type { MovedPlatform, MovedWallet, MovedWard } from './moved-wallet.js'

/** What arriving works with. */
export type ArrivingContext = LeavingContext & {
  readonly store: WalletStore
  readonly published: Published
}

/** What came of taking a file in. */
export type ArrivedWallet = {
  /** As the home of the old wallet gave them; the new one's to read. */
  readonly settings: JsonObject
  readonly exportedAt: Date
  readonly platforms: number
  readonly wards: number
  readonly receipts: number
  /** Lines that were taken in; null: this wallet has lines of its own, and its ledger stays as it is. */
  readonly ledger: number | null
}

/**
 * Takes in what another device gave along. What is here already stays. The same file can be taken in
 * again.
 */
export async function takeInMoved(
  context: ArrivingContext,
  moved: MovedWallet,
): Promise<ArrivedWallet> {
  const wards = await takeWards(context, moved.wards)
  const newId = (ward: string) => wards.get(ward) ?? ward
  const ledger = await takeLedger(context, moved, newId)
  for (const platform of moved.platforms) await takePlatform(context, platform, newId)
  for (const { issuer, token, received_at: receivedAt } of moved.receipts) {
    await keepReceipt(context, { id: hashBase64Url('sha-256', token), issuer, token, receivedAt })
  }
  return {
    settings: moved.settings,
    exportedAt: new Date(moved.exported_at * 1000),
    platforms: moved.platforms.length,
    wards: moved.wards.length,
    receipts: moved.receipts.length,
    ledger,
  }
}

/** Labels for children; their ids are this wallet's own. @returns The new id of each old one. */
async function takeWards(
  context: ArrivingContext,
  moved: readonly MovedWard[],
): Promise<ReadonlyMap<string, string>> {
  const { issuanceStore, vault } = context
  const ids = new Map<string, string>()
  for (const { id: old, label, issuer, name } of moved) {
    if (name === null) continue
    const id = wardId(vault, issuer, name)
    ids.set(old, id)
    const here = await listWards(context)
    const isTaken = here.some((it) => it.id !== id && (it.label === label || it.id === label))
    const isNamed = here.some((it) => it.id === id && !/^child-\d+$/.test(it.label))
    if (isTaken || isNamed || !isDisplayText(label)) continue
    const row = await issuanceStore.get('ward', id)
    const known = row === undefined ? { issuer } : openRecord(vault, 'ward', row)
    await issuanceStore.put(sealRecord(vault, { id, kind: 'ward', content: { ...known, label } }))
  }
  return ids
}

/** The ledger goes into an empty one alone: lines of two devices make no one order. */
async function takeLedger(
  { ledger }: ArrivingContext,
  moved: MovedWallet,
  newId: (ward: string) => string,
): Promise<number | null> {
  const { entries } = moved.ledger
  if (entries.length === 0) return 0
  const lines = entries.map((entry) => ({
    recordedAt: entry.recorded_at,
    content: contentOf(entry, newId),
  }))
  return (await ledger.begin(lines)) ? entries.length : null
}

function contentOf(entry: LedgerEntry, newId: (ward: string) => string): LedgerContent {
  const { position: _position, previous: _previous, recorded_at: _at, ...content } = entry
  if (!('ward' in content) || content.ward === undefined) return content
  return { ...content, ward: { ...content.ward, id: newId(content.ward.id) } }
}

/**
 * Makes room for a platform. Its copy is fetched when it is needed, and has the number that the
 * platform knows; its accreditation says where a demand to delete goes, so it is believed by its
 * registrar's signature alone.
 */
async function takePlatform(
  context: ArrivingContext,
  moved: MovedPlatform,
  newId: (ward: string) => string,
): Promise<void> {
  const { issuanceStore, vault } = context
  const ward = moved.ward === null ? null : newId(moved.ward)
  const wish = { platformId: moved.platform_id, ward, vct: moved.vct }
  const accreditation = await stillVouchedFor(context, moved)
  const unknown = { grant: null, numberTag: null, presenceUri: null }
  const content = { ...wish, name: moved.name, accreditation, ...unknown }
  const id = holdingTag(vault, wish)
  await issuanceStore.putFirst(sealRecord(vault, { id, kind: 'platform', content }))
}

async function stillVouchedFor(
  { published, issuanceStore: floors, clock }: ArrivingContext,
  { accreditation, platform_id: platformId }: MovedPlatform,
): Promise<string | null> {
  if (accreditation === null) return null
  try {
    const [verified] = await verifyAccreditations({ published, floors }, [accreditation], clock())
    return verified?.accreditation.platformId === platformId ? accreditation : null
  } catch {
    // Ended, taken back, or no trust list is at hand: the platform brings a new one with its next request.
    return null
  }
}
