import type { Database } from '@netcert/agent'
import { type Kysely, sql, type Transaction } from 'kysely'
import { setBatchStatus } from './ending/status-change-store.js'
import type { IssuerSchema } from './issuer-schema-store.js'

export type StoredBatch = IssuerSchema['batches']

/** What is committed before anything of a batch is signed. */
export type BatchPlan = Omit<
  StoredBatch,
  'person' | 'status' | 'status_reason' | 'status_at' | 'suspended_until'
> & {
  readonly person: string
}

export type StatusChange = {
  readonly status: number
  readonly reason: string
  /** Seconds since 1970. */
  readonly at: number
  /** When a suspension ends by itself; nothing for one that does not. */
  readonly until?: number | null
}

/** Batches by what became of them. */
export type StatusCounts = {
  readonly changed: number
  /** Had the status already. */
  readonly unchanged: number
  /** Revoked before, and that is final. */
  readonly final: number
  /** Carry no status: their lifetime is the bound. */
  readonly withoutStatus: number
}

/**
 * What is committed together with the plan of a batch. It may run again after a conflict, and uses
 * nothing but `trx`.
 */
export type AlsoCommitted = (trx: Transaction<IssuerSchema>, batch: string) => Promise<void>

/** All SQL about batches and their status. */
export type BatchStore = {
  /** `false` when the person is unknown or suspended at that moment. */
  put(plan: BatchPlan): Promise<boolean>
  /**
   * `put` in one transaction with what else has to become true at that moment; when `also` throws,
   * or the person may not have it, nothing of both is kept.
   */
  putWith(plan: BatchPlan, also: AlsoCommitted): Promise<boolean>
  get(id: string): Promise<StoredBatch | undefined>
  /** `true` when the batch changed: it has a list, another status, and is not revoked. */
  setStatus(id: string, change: StatusChange): Promise<boolean>
  /** Everything on a list that is not valid, expired or not: a bit once set stays. */
  notValid(
    list: number,
  ): Promise<readonly Pick<StoredBatch, 'first_sequence' | 'copies' | 'status'>[]>
  /** Unexpired, valid or suspended batches of a type, with their people. */
  current(
    vct: string,
    at: number,
  ): Promise<readonly { readonly id: string; readonly person: string }[]>
  /** One past the highest sequence number a batch of the list holds. */
  plannedUpTo(list: number): Promise<number>
  newestIssuedAt(): Promise<number>
}

const REVOKED = 1

/** The table `batches` behind {@link BatchStore}. */
export function createBatchStore(database: Database<IssuerSchema>): BatchStore {
  return { ...batchQueries(database), ...batchChanges(database) }
}

type Changes = 'put' | 'putWith' | 'setStatus'

function batchChanges(database: Database<IssuerSchema>): Pick<BatchStore, Changes> {
  return {
    put: (plan) => putPlan(database.kysely, database.engine, plan),
    putWith: (plan, also) => putPlanWith(database, plan, also),
    setStatus: (id, change) => setBatchStatus(database.kysely, id, change),
  }
}

function batchQueries({ kysely }: Database<IssuerSchema>): Omit<BatchStore, Changes> {
  const batches = kysely.selectFrom('batches')
  return {
    get: (id) => batches.selectAll().where('id', '=', id).executeTakeFirst(),
    notValid: (list) =>
      batches
        .select(['first_sequence', 'copies', 'status'])
        .where('list', '=', list)
        .where('status', '<>', 0)
        .execute(),
    async current(vct, at) {
      const rows = await batches
        .select(['id', 'person'])
        .where('vct', '=', vct)
        .where('expires_at', '>', at)
        .where('status', '<>', REVOKED)
        .execute()
      return rows.flatMap(({ id, person }) => (person === null ? [] : [{ id, person }]))
    },
    async plannedUpTo(list) {
      const row = await batches
        .select(sql<number | null>`max(first_sequence + copies)`.as('end'))
        .where('list', '=', list)
        .executeTakeFirst()
      return row?.end ?? 0
    },
    async newestIssuedAt() {
      const row = await batches
        .select((build) => build.fn.max('issued_at').as('newest'))
        .executeTakeFirst()
      return row?.newest ?? 0
    },
  }
}

/**
 * One statement, so that a pause of the person, or of a guardian who is to hold the copies, either
 * comes before and refuses the plan, or after and finds it.
 * The casts tell PostgreSQL what it cannot infer of a parameter in a select list.
 */
async function putPlan(
  kysely: Kysely<IssuerSchema>,
  engine: Database<IssuerSchema>['engine'],
  plan: BatchPlan,
): Promise<boolean> {
  // SQLite has one writer at a time; PostgreSQL is told to wait for a pause under way.
  const lock = sql.raw(engine === 'postgres' ? 'for share' : '')
  const result = await sql`
    insert into batches (id, person, vct, kind, list, first_sequence, copies, issued_at,
      expires_at, status, device, guardian)
    with holder as (
      select suspended_at from persons where citizen = cast(${plan.guardian} as text) ${lock})
    select cast(${plan.id} as text), id, cast(${plan.vct} as text), cast(${plan.kind} as text),
      cast(${plan.list} as integer), cast(${plan.first_sequence} as integer),
      cast(${plan.copies} as integer), cast(${plan.issued_at} as bigint),
      cast(${plan.expires_at} as bigint), 0, cast(${plan.device} as text),
      cast(${plan.guardian} as text)
    from persons where id = ${plan.person} and suspended_at is null
      and not exists (select 1 from holder where suspended_at is not null) ${lock}`.execute(kysely)
  return Number(result.numAffectedRows) === 1
}

/** Ends a transaction without keeping anything of it. */
class NotPlanned extends Error {}

async function putPlanWith(
  database: Database<IssuerSchema>,
  plan: BatchPlan,
  also: AlsoCommitted,
): Promise<boolean> {
  try {
    await database.transaction(async (trx) => {
      // The person's row first, as whoever cancels them takes it first.
      if (!(await putPlan(trx, database.engine, plan))) throw new NotPlanned()
      await also(trx, plan.id)
    })
    return true
  } catch (error) {
    if (error instanceof NotPlanned) return false
    throw error
  }
}
