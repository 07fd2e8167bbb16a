import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import type { GrantHolder } from '../as-record-content.js'
import type { StatusChange, StatusCounts } from '../batch-store.js'
import { IssuerError } from '../issuer-error.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { createReference } from '../reference.js'
import { endGrant, endGrants } from './grant-end-store.js'
import { pauseOf, setDeviceBatches } from './status-change-store.js'

type Inside = Transaction<IssuerSchema>
export type StoredDevice = IssuerSchema['devices']

/** What a batch is fetched with. */
export type FetchedWith = {
  readonly citizen: string
  /** Hash of the grant. */
  readonly grantHash: string
  readonly kind: 'wallet' | 'attested_wallet'
  /** Seconds since 1970, to the hour. */
  readonly at: number
}

/** A device, and how many of its batches are not over. */
export type ListedDevice = StoredDevice & { readonly batches: number }

/** All SQL about the devices of citizens. */
export type DeviceStore = {
  /**
   * Inside the transaction that plans a batch: the device of the grant, made now if this is its
   * first, has fetched it.
   *
   * @throws IssuerError `device_suspended`; the plan is not kept then.
   */
  noteBatch(trx: Inside, batch: string, fetched: FetchedWith): Promise<void>
  get(id: string): Promise<StoredDevice | undefined>
  /** Newest first, ended ones included. */
  list(citizen: string, at: number): Promise<readonly ListedDevice[]>
}

/** The table `devices` behind {@link DeviceStore}. */
export function createDeviceStore({ kysely }: Database<IssuerSchema>): DeviceStore {
  return {
    noteBatch,
    get: (id) => kysely.selectFrom('devices').selectAll().where('id', '=', id).executeTakeFirst(),
    list: (citizen, at) =>
      kysely
        .selectFrom('devices')
        .selectAll()
        .select((build) =>
          build
            .selectFrom('batches')
            .select((of) => of.fn.countAll<number>().as('count'))
            .whereRef('batches.device', '=', 'devices.id')
            .where('batches.expires_at', '>', at)
            .where('batches.status', '<>', 1)
            .as('batches'),
        )
        .where('citizen', '=', citizen)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute()
        .then((rows) => rows.map((row) => ({ ...row, batches: Number(row.batches ?? 0) }))),
  }
}

async function noteBatch(trx: Inside, batch: string, fetched: FetchedWith): Promise<void> {
  const { citizen, grantHash, kind, at } = fetched
  // One statement makes the device or holds its row: a pause comes before this, or finds the batch.
  const device = await trx
    .insertInto('devices')
    .values({
      id: createReference('d'),
      citizen,
      grant_hash: grantHash,
      kind,
      created_at: at,
      last_issued_at: at,
      suspended_at: null,
      suspended_until: null,
      ended_at: null,
      ended_reason: null,
    })
    .onConflict((conflict) => conflict.column('grant_hash').doUpdateSet({ last_issued_at: at }))
    .returning(['id', 'suspended_at'])
    .executeTakeFirstOrThrow()
  if (device.suspended_at !== null) throw deviceSuspended()
  await trx.updateTable('batches').set({ device: device.id }).where('id', '=', batch).execute()
}

/** Part of a transaction: the device of a grant; `undefined` before its first certificate. */
export function deviceOfGrant(
  trx: Inside,
  grantHash: string,
): Promise<Pick<StoredDevice, 'id' | 'suspended_at'> | undefined> {
  return trx
    .selectFrom('devices')
    .select(['id', 'suspended_at'])
    .where('grant_hash', '=', grantHash)
    .executeTakeFirst()
}

/** @returns an IssuerError `device_suspended` */
export function deviceSuspended(): IssuerError {
  const text = 'The device this is asked with is paused; it fetches again when that is over.'
  return new IssuerError('device_suspended', text)
}

/**
 * Part of a transaction: pauses, reinstates or ends one device with all that it fetched; ended, it
 * fetches nothing more. `undefined` when there is no such device, or it is ended already.
 */
export async function setDeviceStatus(
  trx: Inside,
  id: string,
  change: StatusChange,
): Promise<StatusCounts | undefined> {
  const open = trx.updateTable('devices').where('id', '=', id).where('ended_at', 'is', null)
  const pause = pauseOf(change)
  if (pause === undefined) await endGrantOf(trx, id)
  const held = await open.set(pause ?? endedColumns(change)).executeTakeFirst()
  return Number(held.numUpdatedRows) === 1 ? setDeviceBatches(trx, id, change) : undefined
}

/** Before the device, as a plan under way takes the two rows: neither waits for the other in turn. */
async function endGrantOf(trx: Inside, id: string): Promise<void> {
  const device = await trx
    .selectFrom('devices')
    .select('grant_hash')
    .where('id', '=', id)
    .executeTakeFirst()
  if (device !== undefined && device.grant_hash !== null) await endGrant(trx, device.grant_hash)
}

/**
 * Part of a transaction: every device of a citizen, their grants, tokens, codes and open offers.
 * Tells how many devices ended.
 */
export async function endDevices(
  trx: Inside,
  citizen: string,
  ending: { readonly change: StatusChange; readonly holder: GrantHolder },
): Promise<number> {
  await endGrants(trx, ending.holder)
  for (const table of ['as_login_codes', 'vci_offers', 'vci_deferred'] as const) {
    await trx.deleteFrom(table).where('citizen', '=', citizen).execute()
  }
  return endDeviceRows(trx, citizen, ending.change)
}

/** Part of a transaction that has ended the grants of a citizen already. */
export async function endDeviceRows(
  trx: Inside,
  citizen: string,
  change: StatusChange,
): Promise<number> {
  const ended = await trx
    .updateTable('devices')
    .set(endedColumns(change))
    .where('citizen', '=', citizen)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return Number(ended.numUpdatedRows)
}

function endedColumns({ at, reason }: StatusChange) {
  const none = { grant_hash: null, suspended_at: null, suspended_until: null }
  return { ...none, ended_at: at, ended_reason: reason }
}
