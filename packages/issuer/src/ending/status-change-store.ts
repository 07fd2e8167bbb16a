import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { StatusChange, StatusCounts } from '../batch-store.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { isAskedFor, STATUSES } from '../status-change.js'

type Inside = Transaction<IssuerSchema>
type Which = (build: ExpressionBuilder<IssuerSchema, 'batches'>) => Expression<SqlBool>

/** Since when a person is paused, and until when; seconds since 1970, `null`: nobody said. */
export type StandingPause = { readonly since: number; readonly until: number | null }

/**
 * Sets the status of one batch; `true` when it changed: it has a list, another status, and is not
 * revoked. Nothing of a paused person or device becomes valid.
 */
export async function setBatchStatus(
  executor: Kysely<IssuerSchema>,
  id: string,
  change: StatusChange,
): Promise<boolean> {
  const until = untilOf(change)
  const update = changed(executor, change)
    .where('id', '=', id)
    .where((build) =>
      build.or([
        build('status', '<>', change.status),
        // The same pause with another end is a change.
        build('suspended_until', 'is distinct from', until),
      ]),
    )
  const result = await (change.status === STATUSES.valid ? update.where(unpaused) : update)
    .set({ suspended_until: until })
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/**
 * Part of a transaction: all unexpired batches about a person or held by them as a guardian and, for
 * a pause, the person. The update also takes the person's row: no plan is written meanwhile.
 * Revoking ends what is out there; it neither begins nor ends a pause.
 */
export async function setPersonStatus(
  trx: Inside,
  person: string,
  change: StatusChange,
): Promise<StatusCounts> {
  await pausePerson(trx, person, change)
  return changeBatches(trx, change, (build) =>
    build.or([
      build('person', '=', person),
      build(
        'guardian',
        'in',
        build.selectFrom('persons').select('persons.citizen').where('persons.id', '=', person),
      ),
    ]),
  )
}

async function pausePerson(trx: Inside, person: string, change: StatusChange): Promise<void> {
  const paused = pauseOf(change)
  const until = sql`cast(${untilOf(change)} as bigint)`
  // Whoever only asks for a pause ends nobody else's sooner: that is for an operator to do.
  const prolonged = {
    suspended_at: sql<number>`coalesce(suspended_at, cast(${change.at} as bigint))`,
    suspended_until: sql<number | null>`case
      when suspended_at is null then ${until}
      when suspended_until is null or ${until} is null then null
      when suspended_until > ${until} then suspended_until else ${until} end`,
  }
  const isAsked = paused !== undefined && isAskedFor(change.reason)
  await trx
    .updateTable('persons')
    .set((build) =>
      isAsked && paused.suspended_at !== null
        ? prolonged
        : (paused ?? { suspended_at: build.ref('suspended_at') }),
    )
    .where('id', '=', person)
    .execute()
}

/**
 * Part of a transaction: the pause of a person as it stands, and until the transaction ends nobody else
 * changes it; `undefined` while there is none.
 */
export async function standingPause(
  trx: Inside,
  person: string,
): Promise<StandingPause | undefined> {
  // An update that changes nothing holds the row: of two pauses at once the second sees the first.
  const row = await trx
    .updateTable('persons')
    .set((build) => ({ suspended_at: build.ref('suspended_at') }))
    .where('id', '=', person)
    .returning(['suspended_at', 'suspended_until'])
    .executeTakeFirst()
  if (row === undefined || row.suspended_at === null) return undefined
  const { suspended_at: since, suspended_until: until } = row
  return { since: Number(since), until: until === null ? null : Number(until) }
}

/** Part of a transaction that holds the device's row: all unexpired batches fetched with it. */
export function setDeviceBatches(
  trx: Inside,
  device: string,
  change: StatusChange,
): Promise<StatusCounts> {
  return changeBatches(trx, change, (build) => build('device', '=', device))
}

/** The columns of a pause as a change leaves them; `undefined` where it leaves them alone. */
export function pauseOf(
  change: StatusChange,
): { suspended_at: number | null; suspended_until: number | null } | undefined {
  if (change.status === STATUSES.revoked) return undefined
  const begins = change.status === STATUSES.suspended
  return { suspended_at: begins ? change.at : null, suspended_until: untilOf(change) }
}

async function changeBatches(
  trx: Inside,
  change: StatusChange,
  which: Which,
): Promise<StatusCounts> {
  const before = await trx
    .selectFrom('batches')
    .select(['list', 'status'])
    .where(which)
    .where('expires_at', '>', change.at)
    .execute()
  if (change.status === STATUSES.suspended) await prolongPauses(trx, change, which)
  const update = changed(trx, change)
    .set({ suspended_until: untilOf(change) })
    .where(which)
    .where('expires_at', '>', change.at)
    .where('status', '<>', change.status)
  const result = await (change.status === STATUSES.valid
    ? update.where(unpaused)
    : update
  ).executeTakeFirst()
  const listed = before.filter((batch) => batch.list !== null)
  const { revoked } = STATUSES
  return {
    changed: Number(result.numUpdatedRows),
    unchanged: listed.filter((batch) => batch.status === change.status).length,
    final: listed.filter(({ status }) => status === revoked && change.status !== revoked).length,
    withoutStatus: before.length - listed.length,
  }
}

/** A batch paused before stays so at least as long as what it belongs to. */
async function prolongPauses(trx: Inside, change: StatusChange, which: Which): Promise<void> {
  const until = sql<number | null>`cast(${untilOf(change)} as bigint)`
  await trx
    .updateTable('batches')
    .set({
      suspended_until: sql<number | null>`case
        when suspended_until is null or ${until} is null then null
        when suspended_until > ${until} then suspended_until else ${until} end`,
    })
    .where(which)
    .where('status', '=', STATUSES.suspended)
    .execute()
}

function changed(executor: Kysely<IssuerSchema>, change: StatusChange) {
  return executor
    .updateTable('batches')
    .set({ status: change.status, status_reason: change.reason, status_at: change.at })
    .where('list', 'is not', null)
    .where('status', '<>', STATUSES.revoked)
}

/** Neither the person, nor the guardian who holds the batch, nor the device is paused. */
export function unpaused(build: ExpressionBuilder<IssuerSchema, 'batches'>): Expression<SqlBool> {
  const person = build
    .selectFrom('persons')
    .select('persons.id')
    .where('persons.suspended_at', 'is not', null)
    .where((of) =>
      of.or([
        of('persons.id', '=', of.ref('batches.person')),
        of('persons.citizen', '=', of.ref('batches.guardian')),
      ]),
    )
  const device = build
    .selectFrom('devices')
    .select('devices.id')
    .whereRef('devices.id', '=', 'batches.device')
    .where('devices.suspended_at', 'is not', null)
  return build.and([build.not(build.exists(person)), build.not(build.exists(device))])
}

function untilOf({ status, until }: StatusChange): number | null {
  return status === STATUSES.suspended ? (until ?? null) : null
}
