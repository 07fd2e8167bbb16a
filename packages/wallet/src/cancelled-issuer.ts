import type { Trust } from '@netcert/credential'
import {
  type ErasureReceipt,
  issuerAddress,
  ProtocolError,
  verifyErasureReceipt,
} from '@netcert/protocol'
import { openRecord, sealRecord } from './issuance-records.js'
import { forgetOwnPause } from './pause-records.js'
import { openCopy, type StoredCopy } from './received-copies.js'
import type { BatchRow, CopyRow, IssuanceRow, IssuanceStore, WalletStore } from './stores.js'
import type { KeyStore, Vault } from './keys.js'
import { forgetKeysOf } from './vci-grant-keys.js'

/** An erasure receipt as the wallet keeps it. */
export type KeptErasure = {
  readonly issuer: string
  readonly token: string
  /** Seconds since 1970. */
  readonly receivedAt: number
}

type Source = {
  readonly store: WalletStore
  readonly issuanceStore: IssuanceStore
  readonly vault: Vault
}

/** A copy to sign with. */
export type ChosenCopy = {
  readonly held: StoredCopy
  readonly keyAlias: string
  readonly networkNumber: string
}

/** Where the copy is noted that a cancellation was signed with: a repeated one takes it again. */
const SIGNED_WITH = 'cancelling'

/**
 * A copy that shows the network number: one that no platform knows before one that one does. A
 * one-time copy is used up by it, and yet kept for the same call again.
 */
export async function chooseCopy(
  source: Source,
  batches: readonly BatchRow[],
  now: number,
): Promise<ChosenCopy | undefined> {
  const before = await copyOfBefore(source, now)
  if (before !== undefined) return before
  for (const batch of batches.toSorted(leastKnownFirst)) {
    const row = await source.store.anyCopyOf(batch.id, now)
    const copy = row === undefined ? undefined : opened(source, row)
    if (row === undefined || copy === undefined) continue
    if (batch.kind === 'platform') return copy
    // Of two calls at once one gets it.
    if ((await source.issuanceStore.reserveCopy(row.id, now, false)) === undefined) continue
    const content = { copy: row.id }
    const pending = { id: SIGNED_WITH, kind: 'cancelling', expiresAt: row.expires_at } as const
    await source.issuanceStore.put(sealRecord(source.vault, { ...pending, content }))
    return copy
  }
  return undefined
}

async function copyOfBefore(source: Source, now: number): Promise<ChosenCopy | undefined> {
  const row = await source.issuanceStore.get('cancelling', SIGNED_WITH)
  if (row === undefined) return undefined
  const { copy } = openRecord(source.vault, 'cancelling', row)
  const reserved = await source.issuanceStore.reserveCopy(copy, now, true)
  return reserved === undefined ? undefined : opened(source, reserved)
}

function leastKnownFirst(one: BatchRow, other: BatchRow): number {
  return rank(one) - rank(other)
}

/** A copy with a status is judged by the issuer's own books to the letter: those first. */
function rank({ kind }: BatchRow): number {
  return kind === 'platform' ? 0 : 1
}

function opened({ vault }: Source, row: CopyRow): ChosenCopy | undefined {
  const held = openCopy(vault, row)
  const number = held.claims.find(({ path }) => path.length === 1 && path[0] === 'network_number')
  if (typeof number?.value !== 'string') return undefined
  return { held, keyAlias: row.key_alias, networkNumber: number.value }
}

/** Keeps a receipt for good, sealed. */
export async function keepReceipt(
  { issuanceStore, vault }: Source,
  { id, ...content }: KeptErasure & { readonly id: string },
): Promise<void> {
  await issuanceStore.put(sealRecord(vault, { id, kind: 'erasure', content }))
}

/** The receipts of enrolments that were cancelled from this wallet, newest first. */
export async function keptErasures({ issuanceStore, vault }: Omit<Source, 'store'>) {
  const rows = await issuanceStore.list('erasure')
  return rows
    .map((row): KeptErasure => openRecord(vault, 'erasure', row))
    .toSorted((one, other) => other.receivedAt - one.receivedAt)
}

/** A kept receipt, and what it says; null where that cannot be proven now. */
export type ProvenErasure = {
  readonly kept: KeptErasure
  readonly receipt: ErasureReceipt | null
  /** Of the issuer, where the trust list has it. */
  readonly address: string | null
}

/** The receipts a wallet keeps. */
export type Erasures = {
  /** Receipts of enrolments that were cancelled from this wallet, newest first. */
  receipts(): Promise<readonly KeptErasure[]>
  /** The same, each proven once more. @throws WalletError `trust_missing` */
  proven(): Promise<readonly ProvenErasure[]>
}

/** Reads the receipts of a wallet. */
export function createErasures(source: Parameters<typeof provenErasures>[0]): Erasures {
  return { receipts: () => keptErasures(source), proven: () => provenErasures(source) }
}

async function provenErasures(
  source: Omit<Source, 'store'> & {
    readonly trust: () => Promise<Trust>
    readonly clock: () => Date
  },
): Promise<readonly ProvenErasure[]> {
  const receipts = await keptErasures(source)
  if (receipts.length === 0) return []
  const about = { issuer: null, networkNumber: null, now: source.clock() }
  const trust = await source.trust()
  const prove = async (kept: KeptErasure): Promise<ProvenErasure> => {
    const receipt = await verifyErasureReceipt(kept.token, { trust, ...about }).catch(
      (error: unknown) => {
        if (error instanceof ProtocolError) return null
        throw error
      },
    )
    const prefix = trust.issuers.get(kept.issuer)?.entry.statusUriPrefix
    return { kept, receipt, address: prefix === undefined ? null : issuerAddress(prefix) }
  }
  return Promise.all(receipts.map(prove))
}

/** Forgets everything of an issuer: certificates, keys, grants, children, what is held for platforms. */
export async function forgetIssuer(
  { issuanceStore, vault, keyStore }: Source & { readonly keyStore: KeyStore },
  { url, batches }: { readonly url: string; readonly batches: readonly string[] },
): Promise<void> {
  const listed = await issuanceStore.list('grant')
  const grants = listed
    .map((row) => ({ id: row.id, grant: openRecord(vault, 'grant', row) }))
    .filter(({ grant }) => grant.issuer === url)
  const ids = new Set(grants.map(({ id }) => id))
  const hanging = await hangingOn({ issuanceStore, vault }, ids)
  for (const id of batches) {
    for (const row of await issuanceStore.notificationsOf(id)) await issuanceStore.remove(row.id)
    await issuanceStore.forgetBatch(id)
  }
  const wards = (await issuanceStore.list('ward')).filter(
    (row) => openRecord(vault, 'ward', row).issuer === url,
  )
  for (const { id } of [...hanging, ...grants, ...wards]) await issuanceStore.remove(id)
  await forgetOwnPause({ issuanceStore, vault }, url)
  for (const { grant } of grants) await forgetKeysOf({ keyStore }, grant)
  await issuanceStore.remove(SIGNED_WITH)
}

async function hangingOn(
  { issuanceStore, vault }: Omit<Source, 'store'>,
  grants: ReadonlySet<string>,
): Promise<readonly IssuanceRow[]> {
  const deferred = (await issuanceStore.list('deferred')).filter((row) =>
    grants.has(openRecord(vault, 'deferred', row).grant),
  )
  const platforms = (await issuanceStore.list('platform')).filter((row) => {
    const { grant } = openRecord(vault, 'platform', row)
    return grant !== null && grants.has(grant)
  })
  return [...deferred, ...platforms]
}
