import type { Transaction } from 'kysely'
import type { StatusChange, StatusCounts } from '../batch-store.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { endDeviceRows, setDeviceStatus } from './device-store.js'
import { setBatchStatus, setPersonStatus } from './status-change-store.js'
import { endsDevices, STATUSES } from '../status-change.js'
import { endPause, SUSPENSION_ENDED } from './suspension-store.js'

type Inside = Transaction<IssuerSchema>

/**
 * Does again what a `status_set` entry of the audit log says, inside a transaction: for a batch
 * (`b_…`), a person (`p_…`) or a device (`d_…`). `undefined` where there is no such thing, or nothing
 * to change. Grants and tokens are the caller's: after a restore none of them is left.
 */
export async function applyStatus(
  trx: Inside,
  subject: string,
  change: StatusChange,
): Promise<StatusCounts | undefined> {
  const one = { changed: 1, unchanged: 0, final: 0, withoutStatus: 0 }
  if (change.reason === SUSPENSION_ENDED) {
    return (await endPause(trx, subject, change)) ? one : undefined
  }
  if (subject.startsWith('d_')) return setDeviceStatus(trx, subject, change)
  if (subject.startsWith('p_')) return applyToPerson(trx, subject, change)
  return (await setBatchStatus(trx, subject, change)) ? one : undefined
}

async function applyToPerson(
  trx: Inside,
  person: string,
  change: StatusChange,
): Promise<StatusCounts | undefined> {
  const row = await trx
    .selectFrom('persons')
    .select('citizen')
    .where('id', '=', person)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const counts = await setPersonStatus(trx, person, change)
  if (change.status === STATUSES.revoked && endsDevices(change.reason)) {
    await endDeviceRows(trx, row.citizen, change)
  }
  return counts
}
