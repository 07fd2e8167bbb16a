import type { Transaction } from 'kysely'
import type { AuditEntry } from '../audit/audit-entry.js'
import type { StatusChange } from '../batch-store.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { type StatusReason, STATUSES, type StatusName } from '../status-change.js'
import { replayRights } from './restore-rights-store.js'
import type { PublishedHeights } from './restore-store.js'

type Inside = Transaction<IssuerSchema>

/** How what was done after a backup is done again. */
export type JournalActs = {
  /** A batch, a person or a device: `b_…`, `p_…`, `d_…`; nothing happens for one that is not known. */
  readonly setStatus: (trx: Inside, subject: string, change: StatusChange) => Promise<void>
  /** Nothing happens for somebody who is not there any more. */
  readonly erase: (trx: Inside, person: string, at: number) => Promise<void>
  readonly revokeKey: (trx: Inside, alias: string, at: number) => Promise<void>
  /** Pauses a person; their reference in the authentic source, `undefined` for nobody. */
  readonly pause: (trx: Inside, person: string, at: number) => Promise<string | undefined>
}

/** What is to be known of a journal that was replayed. */
export type Replayed = {
  readonly heights: PublishedHeights
  /**
   * Citizens whose facts or guardians were changed after the backup. The log does not say how, so they
   * are paused: whoever repeats the correction or the order lets them go on.
   */
  readonly outdated: readonly string[]
}

/** What made lists public, or gave a pack its number. */
const MADE_PUBLIC: readonly string[] = ['published', 'pack_begun']

/** What changed the record of a person; the log names nobody, so it cannot be done again from it. */
const RECORD_EVENTS: readonly string[] = ['facts_corrected', 'custody_changed']

/**
 * Does again what the audit log says was done after a backup and must not be undone by restoring it:
 * status changes, erasures, revoked keys, rights that ended; and finds the highest numbers that were public.
 */
export async function replayJournal(
  trx: Inside,
  entries: readonly AuditEntry[],
  acts: JournalActs,
): Promise<Replayed> {
  const heights = { trustList: 0, statusList: 0, registrarList: 0, pack: 0 }
  const changed = new Map<string, number>()
  for (const { event, subject, details, at } of entries) {
    const said = JSON.parse(details) as Readonly<Record<string, unknown>>
    if (MADE_PUBLIC.includes(event)) raise(heights, said)
    if (subject === null) continue
    if (RECORD_EVENTS.includes(event)) changed.set(subject, at)
    if (event === 'status_set') {
      const change = changeOf(said, at)
      if (change === undefined) continue
      await acts.setStatus(trx, subject, change)
    } else if (event === 'person_cancelled') {
      await acts.erase(trx, subject, at)
    } else if (event === 'key_revoked') {
      await acts.revokeKey(trx, subject, at)
    } else {
      await replayRights(trx, event, { subject, at, said })
    }
  }
  const outdated: string[] = []
  for (const [person, at] of changed)
    outdated.push(...[(await acts.pause(trx, person, at)) ?? []].flat())
  return { heights, outdated }
}

function changeOf(
  { status, reason, until }: Readonly<Record<string, unknown>>,
  at: number,
): StatusChange | undefined {
  if (typeof status !== 'string' || !Object.hasOwn(STATUSES, status)) return undefined
  const known = typeof reason === 'string' ? reason : ('unspecified' satisfies StatusReason)
  return {
    status: STATUSES[status as StatusName],
    reason: known,
    at,
    ...(typeof until === 'number' ? { until } : {}),
  }
}

function raise(
  heights: { trustList: number; statusList: number; registrarList: number; pack: number },
  said: Readonly<Record<string, unknown>>,
): void {
  const of = (name: string): number => (typeof said[name] === 'number' ? said[name] : 0)
  heights.trustList = Math.max(heights.trustList, of('trust_list'))
  heights.statusList = Math.max(heights.statusList, of('status_list'))
  heights.registrarList = Math.max(heights.registrarList, of('registrar_list'))
  heights.pack = Math.max(heights.pack, of('pack'))
}
