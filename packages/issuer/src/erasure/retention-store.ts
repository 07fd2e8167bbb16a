import type { Database } from '@netcert/agent'
import { sql, type Transaction, type UpdateResult } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { deletedRows } from '../deleted-rows-store.js'
import type { RetentionClass } from './retention-classes.js'

type Inside = Transaction<IssuerSchema>

/** What ended, and before when: seconds since 1970, by class. */
export type RetentionBounds = ReadonlyMap<RetentionClass, number>

/** Rows that went, by class; classes without any are left out. */
export type RemovedCounts = ReadonlyMap<RetentionClass, number>

/** All SQL of retention. */
export type RetentionStore = {
  /**
   * Removes what ended before its bound, in one transaction together with `also`.
   *
   * @param options.dryRun - Counts, and changes nothing.
   */
  remove(
    bounds: RetentionBounds,
    options: {
      readonly dryRun: boolean
      readonly also: (trx: Inside, removed: RemovedCounts) => Promise<void>
    },
  ): Promise<RemovedCounts>
}

/** Ends a transaction without keeping anything of it, and brings what it counted. */
class OnlyCounted extends Error {
  readonly removed: RemovedCounts

  constructor(removed: RemovedCounts) {
    super('nothing was changed')
    this.removed = removed
  }
}

/** The tables of everything that ends by time, behind {@link RetentionStore}. */
export function createRetentionStore(database: Database<IssuerSchema>): RetentionStore {
  return {
    async remove(bounds, { dryRun, also }) {
      try {
        return await database.transaction(async (trx) => {
          const removed = new Map<RetentionClass, number>()
          for (const [name, before] of bounds) {
            const count = await REMOVALS[name](trx, before)
            if (count > 0) removed.set(name, count)
          }
          if (dryRun) throw new OnlyCounted(removed)
          await also(trx, removed)
          return removed
        })
      } catch (error) {
        if (error instanceof OnlyCounted) return error.removed
        throw error
      }
    },
  }
}

type Removal = (trx: Inside, before: number) => Promise<number>

const REMOVALS: Readonly<Record<RetentionClass, Removal>> = {
  login_codes: (trx, before) =>
    deletedRows(trx.deleteFrom('as_login_codes').where('sent_at', '<', before)),
  grants_and_tokens: async (trx, before) => {
    const wards = await deletedRows(trx.deleteFrom('ward_grants').where('expires_at', '<', before))
    return (
      wards + (await deletedRows(trx.deleteFrom('as_records').where('expires_at', '<', before)))
    )
  },
  offers: (trx, before) =>
    deletedRows(trx.deleteFrom('vci_offers').where('expires_at', '<', before)),
  deferred_issuances: (trx, before) =>
    deletedRows(trx.deleteFrom('vci_deferred').where('expires_at', '<', before)),
  notifications: (trx, before) =>
    deletedRows(trx.deleteFrom('vci_notifications').where('expires_at', '<', before)),
  used_nonces: (trx, before) =>
    deletedRows(trx.deleteFrom('vci_used_nonces').where('expires_at', '<', before)),
  presence_checks: (trx, before) =>
    deletedRows(trx.deleteFrom('presence_checks').where('checked_at', '<=', before)),
  code_tries: (trx, before) =>
    deletedRows(trx.deleteFrom('code_tries').where('since', '<', before)),
  contact_requests: (trx, before) =>
    deletedRows(
      trx
        .deleteFrom('recovery_contacts')
        .where('agreed_at', 'is', null)
        .where('expires_at', '<', before),
    ),
  devices_ended: (trx, before) =>
    deletedRows(trx.deleteFrom('devices').where('ended_at', '<', before)),
  applications_open: (trx, before) =>
    removeApplications(trx, ['submitted', 'checked', 'approved', 'offered'], before),
  applications_refused: (trx, before) => removeApplications(trx, ['refused', 'withdrawn'], before),
  applications_issued: (trx, before) => removeApplications(trx, ['issued'], before),
  batch_holders: forgetHolders,
  cool_downs: (trx, before) =>
    deletedRows(trx.deleteFrom('number_cool_downs').where('until', '<=', before)),
  erasure_receipts: (trx, before) =>
    deletedRows(trx.deleteFrom('erasure_receipts').where('until', '<=', before)),
  platform_reports: (trx, before) =>
    deletedRows(trx.deleteFrom('platform_reports').where('reported_at', '<', before)),
  trust_lists: (trx, before) =>
    deletedRows(
      trx
        .deleteFrom('trust_lists')
        .where('expires_at', '<', before)
        .where('sequence', '<', sql<number>`(select max(sequence) from trust_lists)`),
    ),
}

async function removeApplications(
  trx: Inside,
  states: readonly string[],
  before: number,
): Promise<number> {
  const ended = trx
    .selectFrom('applications')
    .select('id')
    .where('state', 'in', states)
    .where('changed_at', '<', before)
  for (const table of ['application_evidence', 'application_offers'] as const) {
    await trx.deleteFrom(table).where('application', 'in', ended).execute()
  }
  await trx.deleteFrom('application_offers').where('application', 'in', ended).execute()
  return deletedRows(
    trx.deleteFrom('applications').where('state', 'in', states).where('changed_at', '<', before),
  )
}

/** The row stays, so that its places on the list are never anybody else's. */
function forgetHolders(trx: Inside, before: number): Promise<number> {
  return updated(
    trx
      .updateTable('batches')
      .set({ person: null, device: null, guardian: null })
      .where('expires_at', '<', before)
      .where((build) =>
        build.or([
          build('person', 'is not', null),
          build('device', 'is not', null),
          build('guardian', 'is not', null),
        ]),
      ),
  )
}

async function updated(query: { executeTakeFirst(): Promise<UpdateResult> }): Promise<number> {
  return Number((await query.executeTakeFirst()).numUpdatedRows)
}
