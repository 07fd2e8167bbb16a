import { epochSeconds } from '@netcert/credential'
import {
  LISTED_PAUSES,
  listedPauses,
  type OwnPauseRecord,
  ownRecords,
  pausesOf,
  type RecordSource,
} from './held-pauses.js'
import { openRecord, sealRecord } from './issuance-records.js'
import { keyedTag } from './keyed-tag.js'
import type { BatchRow } from './stores.js'

/** Keeps the pause that an issuer took, over the one before; a lapsed one is forgotten by itself. */
export async function noteOwnPause(source: RecordSource, content: OwnPauseRecord): Promise<void> {
  const { issuanceStore, vault } = source
  const id = keyedTag(vault.deriveKey('netcert/wallet/pause/v1'), content.url).slice(0, 32)
  const { until } = content
  const ends = until === null ? {} : { expiresAt: until }
  await issuanceStore.put(sealRecord(vault, { id, kind: 'pause', content, ...ends }))
}

/**
 * What an issuer does now shows that a pause is over: it issued, or its list says so.
 *
 * @param issuer - Its URL, or a name in its certificates.
 * @param before - Seconds since 1970: a pause asked for after this moment is another one, and stays.
 */
export async function endOwnPause(
  source: RecordSource,
  { issuer, before }: { readonly issuer: string; readonly before: number },
): Promise<void> {
  for (const { id, content } of await ownRecords(source)) {
    const isMeant = content.url === issuer || content.issuers.includes(issuer)
    if (isMeant && content.since <= before) await source.issuanceStore.remove(id)
  }
}

/** Forgets the pauses at an issuer that the citizen has left. */
export async function forgetOwnPause(
  { issuanceStore, vault }: Pick<RecordSource, 'issuanceStore' | 'vault'>,
  url: string,
): Promise<void> {
  for (const row of await issuanceStore.list('pause')) {
    if (openRecord(vault, 'pause', row).url === url) await issuanceStore.remove(row.id)
  }
}

/**
 * Notes what published lists said of copies; those that were not looked up stay as they were. What is
 * suspended by a pause with a known end counts until then, as nobody reads the list at that moment.
 */
export async function noteListed(
  source: RecordSource,
  {
    held,
    readings,
  }: {
    /** Ids of all certificates that are in a list; what was noted of others is forgotten. */
    readonly held: ReadonlySet<string>
    readonly readings: readonly { readonly batch: BatchRow; readonly isSuspended: boolean }[]
  },
): Promise<void> {
  const { issuanceStore, vault } = source
  const known = await pausesOf(
    source,
    readings.map(({ batch }) => batch),
  )
  const read = new Set(readings.map(({ batch }) => batch.id))
  const suspended = readings.filter(({ isSuspended }) => isSuspended)
  const copies = [
    ...(await listedPauses(source)).filter(({ batch }) => held.has(batch) && !read.has(batch)),
    ...suspended.map(({ batch: { id } }) => {
      const pause = known.get(id)
      const end = pause === undefined || pause.by === 'list' ? null : pause.until
      return { batch: id, until: end === null ? null : epochSeconds(end) }
    }),
  ]
  if (copies.length === 0) await issuanceStore.remove(LISTED_PAUSES)
  else
    await issuanceStore.put(
      sealRecord(vault, { id: LISTED_PAUSES, kind: 'listed', content: { copies } }),
    )
}
