import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import { setPersonStatus, type StatusChange, type StatusCounts } from './batch-store.js'
import type { CoolDownRow } from './cool-down.js'
import type { IssuerSchema } from './issuer-schema-store.js'
import type { StoredPerson } from './person-store.js'

type Inside = Transaction<IssuerSchema>

export type CancellationParts = {
  /** Reference in the authentic source. */
  readonly citizen: string
  readonly change: StatusChange
  /** Whose a record of the authorization server is. */
  readonly subjectTag: string
  /** Whether a record from before there were subject tags is this citizen's. */
  readonly isTheirs: (record: IssuerSchema['as_records']) => boolean
  /** What of the person outlives them for a while; acts on nothing. */
  readonly coolDown: (person: StoredPerson) => CoolDownRow | null
}

export type Cancelled = StatusCounts & { readonly coolDownUntil: number | null }

/** All SQL of cancelling a person: one transaction, whole or not at all. */
export type CancellationStore = {
  /** `undefined` when nobody of that reference is enrolled. */
  cancel(parts: CancellationParts): Promise<Cancelled | undefined>
}

/** All that goes with a person goes in one transaction, or nothing does. */
export function createCancellationStore(database: Database<IssuerSchema>): CancellationStore {
  return {
    cancel: (parts) =>
      database.transaction(async (trx) => {
        const lock = trx.selectFrom('persons').selectAll().where('citizen', '=', parts.citizen)
        // SQLite has one writer at a time; PostgreSQL is told that no plan may begin meanwhile.
        const held = database.engine === 'postgres' ? lock.forUpdate() : lock
        const person = await held.executeTakeFirst()
        if (person === undefined) return undefined
        const counts = await setPersonStatus(trx, person.id, parts.change)
        await deleteGrants(trx, parts)
        await deleteIssuance(trx, parts.citizen, person.id)
        await forgetBatches(trx, person.id)
        const row = parts.coolDown(person)
        if (row !== null) await putCoolDown(trx, row)
        await trx.deleteFrom('persons').where('id', '=', person.id).execute()
        return { ...counts, coolDownUntil: row?.until ?? null }
      }),
  }
}

/** Sign-ins, consents, codes and tokens, with everything that hangs on the same grants. */
async function deleteGrants(trx: Inside, { subjectTag, isTheirs }: CancellationParts) {
  const unmarked = await trx
    .selectFrom('as_records')
    .selectAll()
    .where('subject_tag', 'is', null)
    .execute()
  for (const { model, id } of unmarked.filter(isTheirs)) {
    await trx
      .updateTable('as_records')
      .set({ subject_tag: subjectTag })
      .where('model', '=', model)
      .where('id', '=', id)
      .execute()
  }
  // A grant's own row has for its name what the rows of the grant name it by.
  const grants = trx
    .selectFrom('as_records')
    .select('id')
    .where('model', '=', 'Grant')
    .where('subject_tag', '=', subjectTag)
  for (const table of ['vci_notifications', 'vci_deferred'] as const) {
    await trx.deleteFrom(table).where('grant_id', 'in', grants).execute()
  }
  const ids = (await grants.execute()).map(({ id }) => id)
  await trx.deleteFrom('as_records').where('subject_tag', '=', subjectTag).execute()
  for (const id of ids) {
    await trx
      .deleteFrom('as_records')
      .where((build) => build.or([build('grant_id', '=', id), build('id', '=', id)]))
      .execute()
  }
}

async function deleteIssuance(trx: Inside, citizen: string, person: string): Promise<void> {
  for (const table of ['as_login_codes', 'vci_offers', 'vci_deferred'] as const) {
    await trx.deleteFrom(table).where('citizen', '=', citizen).execute()
  }
  await trx.deleteFrom('presence_checks').where('person', '=', person).execute()
}

/** Batches stay, as anonymous places on status lists. */
async function forgetBatches(trx: Inside, person: string): Promise<void> {
  const theirs = trx.selectFrom('batches').select('id').where('person', '=', person)
  await trx.deleteFrom('vci_notifications').where('batch', 'in', theirs).execute()
  await trx.updateTable('batches').set({ person: null }).where('person', '=', person).execute()
}

async function putCoolDown(trx: Inside, row: CoolDownRow): Promise<void> {
  await trx
    .insertInto('number_cool_downs')
    .values(row)
    .onConflict((conflict) => conflict.column('tag').doUpdateSet(row))
    .execute()
}
