import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import type { StatusChange } from '../batch-store.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { unpaused } from './status-change-store.js'
import { STATUSES } from '../status-change.js'

type Inside = Transaction<IssuerSchema>

/** All SQL about pauses that end by themselves. */
export type SuspensionStore = {
  /** References of people, devices and batches whose pause is over at `at`, in this order. */
  due(at: number): Promise<readonly string[]>
}

/** The reason on record for a pause that nobody took back. */
export const SUSPENSION_ENDED = 'suspension_ended'

const TABLES = { p_: 'persons', d_: 'devices' } as const

/** Pauses in `persons`, `devices` and `batches` behind {@link SuspensionStore}. */
export function createSuspensionStore({ kysely }: Database<IssuerSchema>): SuspensionStore {
  return {
    async due(at) {
      const people = kysely.selectFrom('persons').select('id').where('suspended_until', '<=', at)
      const devices = kysely.selectFrom('devices').select('id').where('suspended_until', '<=', at)
      const batches = kysely
        .selectFrom('batches')
        .select('id')
        .where('status', '=', STATUSES.suspended)
        .where('suspended_until', '<=', at)
      const rows = [
        ...(await people.execute()),
        ...(await devices.execute()),
        ...(await batches.execute()),
      ]
      return rows.map(({ id }) => id)
    },
  }
}

/** Part of a transaction: `true` when the pause of that reference really was over, and ended now. */
export function endPause(trx: Inside, subject: string, change: StatusChange): Promise<boolean> {
  return subject.startsWith('b_') ? endBatch(trx, subject, change) : endHolder(trx, subject, change)
}

/** Looked at again in the statement: whoever prolonged the pause meanwhile has done so. */
async function endHolder(trx: Inside, subject: string, { at }: StatusChange): Promise<boolean> {
  const table = TABLES[subject.startsWith('p_') ? 'p_' : 'd_']
  const result = await trx
    .updateTable(table)
    .set({ suspended_at: null, suspended_until: null })
    .where('id', '=', subject)
    .where('suspended_until', '<=', at)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

async function endBatch(trx: Inside, batch: string, change: StatusChange): Promise<boolean> {
  const { status, reason: status_reason, at: status_at } = change
  const result = await trx
    .updateTable('batches')
    .set({ status, status_reason, status_at, suspended_until: null })
    .where('id', '=', batch)
    .where('status', '=', STATUSES.suspended)
    .where('suspended_until', '<=', change.at)
    .where(unpaused)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}
