import { epochSeconds } from '@netcert/credential'
import type { AuditTrail } from '../audit/audit-trail.js'
import type { IssuerConfig } from '../config.js'
import type { ErasureReceipts } from './erasure-receipts.js'
import { RETENTION_CLASSES, type RetentionClass } from './retention-classes.js'
import type { RemovedCounts, RetentionStore } from './retention-store.js'
import { retentionClasses, retentionSeconds } from './retention-times.js'

/** How long a class is kept, and what of it has just gone. */
export type RetainedClass = {
  readonly class: RetentionClass
  readonly keptSeconds: number
  /** From when that counts. */
  readonly since: string
  readonly tables: readonly string[]
}

export type RetentionReport = {
  readonly removed: readonly (RetainedClass & { readonly removed: number })[]
  /** Whether the bytes are gone from the database files, too; the next run tries again. */
  readonly finished: boolean
}

/** What ends by time: how long each class is kept, and the job that sees to it. */
export type RetentionDesk = {
  /** Every class and its time, as the configuration has them. */
  list(): readonly RetainedClass[]
  /**
   * Removes everything whose time is over. It is a job: nobody has to be there for it.
   *
   * @param options.dryRun - Says what would go, and changes nothing.
   */
  run(options: { readonly dryRun: boolean }): Promise<RetentionReport>
  /** The same at each tick; it builds the database file anew at most once a day. */
  enforce(): Promise<RetentionReport>
  /** What ends by the minute; cheap enough for every minute, and on record with the next run. */
  sweep(): Promise<void>
}

export type RetentionParts = {
  readonly store: RetentionStore
  readonly receipts: Pick<ErasureReceipts, 'finish' | 'rewrite'>
  readonly audit: AuditTrail
  readonly config: Pick<IssuerConfig, 'retention' | 'cooldown_days'>
  readonly clock: () => Date
}

const DAY_SECONDS = 86_400

/** The retention of an issuer. */
export function createRetention(parts: RetentionParts): RetentionDesk {
  const { clock, store } = parts
  // What the sweeps of this process removed since the last entry of the audit log.
  const swept = new Map<RetentionClass, number>()
  const byMinute = retentionClasses().filter((name) => RETENTION_CLASSES[name].every === 'minute')
  return {
    list: () => retentionClasses().map((name) => retained(parts, name)),
    run: ({ dryRun }) => enforce(parts, { dryRun, swept, rewriteAfterSeconds: 0 }),
    enforce: () => enforce(parts, { dryRun: false, swept, rewriteAfterSeconds: DAY_SECONDS }),
    async sweep() {
      const bounds = boundsOf(parts, byMinute, clock())
      const removed = await store.remove(bounds, { dryRun: false, also: async () => {} })
      for (const [name, count] of removed) swept.set(name, (swept.get(name) ?? 0) + count)
      await parts.receipts.finish()
    },
  }
}

type EnforceOptions = {
  readonly dryRun: boolean
  readonly swept: Map<RetentionClass, number>
  readonly rewriteAfterSeconds: number
}

async function enforce(parts: RetentionParts, options: EnforceOptions): Promise<RetentionReport> {
  const { store, audit } = parts
  const { dryRun, swept } = options
  const now = parts.clock()
  const before = new Map(swept)
  const removed = await store.remove(boundsOf(parts, retentionClasses(), now), {
    dryRun,
    also: async (trx, counts) => {
      const details = Object.fromEntries(sums(counts, before))
      if (Object.keys(details).length === 0) return
      await audit.append(trx, { event: 'retention_enforced', details })
    },
  })
  const finished = dryRun || (await settle(parts, options, { before, now }))
  const rows = [...removed].map(([name, count]) => ({ ...retained(parts, name), removed: count }))
  return { removed: rows, finished }
}

/** After the transaction: the record outside the database, and the bytes. */
async function settle(
  { audit, receipts }: RetentionParts,
  { swept, rewriteAfterSeconds }: EnforceOptions,
  { before, now }: { readonly before: RemovedCounts; readonly now: Date },
): Promise<boolean> {
  // What was swept while this ran stays for the next entry.
  for (const [name, count] of before) subtract(swept, name, count)
  await audit.settle()
  return receipts.rewrite(now, new Date(now.getTime() - rewriteAfterSeconds * 1000))
}

function boundsOf(
  { config }: RetentionParts,
  names: readonly RetentionClass[],
  now: Date,
): ReadonlyMap<RetentionClass, number> {
  const at = epochSeconds(now)
  return new Map(names.map((name) => [name, at - boundSeconds(name, config)]))
}

/** Rows of these classes hold their own end, which counts from the time that held when they were made. */
function boundSeconds(name: RetentionClass, config: RetentionParts['config']): number {
  const isInRow = name === 'cool_downs' || name === 'erasure_receipts'
  return isInRow ? 0 : retentionSeconds(name, config)
}

function retained({ config }: RetentionParts, name: RetentionClass): RetainedClass {
  const { since, tables } = RETENTION_CLASSES[name]
  return { class: name, keptSeconds: retentionSeconds(name, config), since, tables }
}

function sums(one: RemovedCounts, other: RemovedCounts): ReadonlyMap<RetentionClass, number> {
  const names = retentionClasses().filter((name) => one.has(name) || other.has(name))
  return new Map(names.map((name) => [name, (one.get(name) ?? 0) + (other.get(name) ?? 0)]))
}

function subtract(counts: Map<RetentionClass, number>, name: RetentionClass, less: number): void {
  const left = (counts.get(name) ?? 0) - less
  if (left > 0) counts.set(name, left)
  else counts.delete(name)
}
