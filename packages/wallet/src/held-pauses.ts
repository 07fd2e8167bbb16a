import { epochSeconds } from '@netcert/credential'
import { type CertificateSummary, summaryOf } from './certificate-summary.js'
import { openRecord } from './issuance-records.js'
import type { BatchSummary, IssuanceStore, WalletStore } from './stores.js'
import type { Vault } from './keys.js'

/** A pause as it was asked for or noted; seconds since 1970, `until` null where somebody ends it. */
export type PauseTimes = { readonly since: number; readonly until: number | null }

/** The citizen's own pause at one issuer, sealed. */
export type OwnPauseRecord = PauseTimes & {
  /** The credential issuer's URL. */
  readonly url: string
  /** What its certificates name as their issuer. */
  readonly issuers: readonly string[]
}

/** Copies whose entry in a published list was suspended when it was last read, sealed. */
export type ListedPauses = {
  readonly copies: readonly { readonly batch: string; readonly until: number | null }[]
}

/** A pause of everything the citizen holds of an issuer, as that issuer said it stands. */
export type OwnPause = {
  /** The credential issuer's URL. */
  readonly issuer: string
  readonly since: Date
  /** When it ends by itself; null: the issuer's counter takes it back. */
  readonly until: Date | null
}

/** Why a certificate counts as paused here, and until when as far as this wallet knows. */
export type CertificatePause = {
  /** The citizen by this wallet, a guardian by this wallet, or an entry in a published list. */
  readonly by: 'citizen' | 'guardian' | 'list'
  readonly until: Date | null
}

/** A certificate, and whether it is paused. */
export type HeldCertificate = CertificateSummary & { readonly paused: CertificatePause | null }

/** Where pauses are looked for. */
export type PauseSource = {
  readonly store: Pick<WalletStore, 'batches'>
  readonly issuanceStore: IssuanceStore
  readonly vault: Vault
  readonly clock: () => Date
}

/** The same, of records alone. */
export type RecordSource = Omit<PauseSource, 'store'>

/** Name of the one record of what lists said. */
export const LISTED_PAUSES = 'listed-pauses'

/** Whether a pause is there and has not ended by itself. */
export function isLasting(
  pause: Pick<PauseTimes, 'until'> | undefined,
  now: number,
): pause is PauseTimes {
  return pause !== undefined && (pause.until === null || pause.until > now)
}

/** The citizen's own pauses while they last, by issuer. Asks nobody. */
export async function ownPauses(source: RecordSource): Promise<readonly OwnPause[]> {
  return (await ownRecords(source)).map(({ content: { url, since, until } }) => ({
    issuer: url,
    since: new Date(since * 1000),
    until: until === null ? null : new Date(until * 1000),
  }))
}

/** The certificates that have not expired, newest first, and which are paused. Asks nobody. */
export async function heldCertificates(source: PauseSource): Promise<readonly HeldCertificate[]> {
  const batches = await source.store.batches(epochSeconds(source.clock()))
  const paused = await pausesOf(source, batches)
  return batches.map((batch) => ({ ...summaryOf(batch), paused: paused.get(batch.id) ?? null }))
}

/** The pauses of these certificates by their id, as far as this wallet knows. Asks nobody. */
export async function pausesOf(
  source: RecordSource,
  batches: readonly Pick<BatchSummary, 'id' | 'issuer' | 'ward_id'>[],
): Promise<ReadonlyMap<string, CertificatePause>> {
  const own = (await ownRecords(source)).map(({ content }) => content)
  const wards = await wardPauses(source)
  const listed = new Map((await listedPauses(source)).map((copy) => [copy.batch, copy]))
  const paused = new Map<string, CertificatePause>()
  for (const { id, issuer, ward_id } of batches) {
    const ways = [
      ['citizen', own.find(({ issuers }) => issuers.includes(issuer))],
      ['guardian', ward_id === null ? undefined : wards.get(ward_id)],
      ['list', listed.get(id)],
    ] as const
    const [by, pause] = ways.find((way) => way[1] !== undefined) ?? []
    if (by === undefined || pause === undefined) continue
    paused.set(id, { by, until: pause.until === null ? null : new Date(pause.until * 1000) })
  }
  return paused
}

/** The records of the citizen's own pauses that last. */
export async function ownRecords({ issuanceStore, vault, clock }: RecordSource) {
  const now = epochSeconds(clock())
  const rows = await issuanceStore.list('pause')
  return rows
    .map((row) => ({ id: row.id, content: openRecord(vault, 'pause', row) }))
    .filter(({ content }) => isLasting(content, now))
}

async function wardPauses({ issuanceStore, vault, clock }: RecordSource) {
  const now = epochSeconds(clock())
  const paused = new Map<string, PauseTimes>()
  for (const row of await issuanceStore.list('ward')) {
    const { pause } = openRecord(vault, 'ward', row)
    if (isLasting(pause, now)) paused.set(row.id, pause)
  }
  return paused
}

/** Copies that were suspended when their list was last read, as far as that still counts. */
export async function listedPauses({ issuanceStore, vault, clock }: RecordSource) {
  const now = epochSeconds(clock())
  const row = await issuanceStore.get('listed', LISTED_PAUSES)
  const copies = row === undefined ? [] : openRecord(vault, 'listed', row).copies
  return copies.filter(({ until }) => until === null || until > now)
}
