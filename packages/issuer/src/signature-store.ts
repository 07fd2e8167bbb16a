import type { Database } from '@netcert/agent'
import { type Kysely, sql } from 'kysely'
import { type AlsoRecorded, nothingElse } from './audit/audit-trail.js'
import type { IssuerSchema } from './issuer-schema-store.js'

/** What a signer has to know before it signs a batch. */
export type SigningState = {
  readonly signed: boolean
  readonly halted: boolean
  /** The deferred transaction that waits for the batch; its result is kept until it was delivered. */
  readonly deferred: string | null
}

/** Signatures that no plan accounts for. */
export type SignatureMismatch = {
  /** Batches that were signed without a plan. */
  readonly unplanned: number
  /** Batches with more signatures than copies were planned. */
  readonly exceeding: number
  /** The first of them, by reference. */
  readonly batches: readonly string[]
}

export type CountedSignatures = {
  readonly batch: string
  readonly copies: number
  /** What a deferred transaction is to be answered with, sealed. */
  readonly kept: { readonly deferred: string; readonly sealed: string } | null
}

/** All SQL about what was signed. */
export type SignatureStore = {
  state(batch: string): Promise<SigningState>
  /**
   * Counts a batch as signed, and keeps the result of a deferred one with it; on disk when it
   * resolves. `false` when it was counted before: then nothing of this may leave.
   */
  put(counted: CountedSignatures): Promise<boolean>
  /** Compares what was signed with the plans: all of it, or what was counted after a number. */
  mismatch(after?: number): Promise<SignatureMismatch>
  /** The highest number that was counted; 0 before the first. */
  lastNumber(): Promise<number>
  /** Mismatches an operator has looked into. */
  accepted(): Promise<number>
  haltedAt(): Promise<number | null>
  /** Lets nothing more be signed, by any process. */
  halt(at: number): Promise<void>
  /** Takes the mismatches as looked into, and lets signing go on; `also` commits with it. */
  resume(accepted: number, also?: AlsoRecorded): Promise<void>
}

const SHOWN_BATCHES = 5

/** The tables of signatures behind {@link SignatureStore}: counted before a certificate leaves. */
export function createSignatureStore(database: Database<IssuerSchema>): SignatureStore {
  const { kysely } = database
  return {
    state: (batch) => stateOf(kysely, batch),
    put: (counted) => putCounted(database, counted),
    mismatch: (after = 0) => findMismatch(kysely, after),
    async lastNumber() {
      const { last } = await kysely
        .selectFrom('signatures')
        .select((build) => build.fn.max('number').as('last'))
        .executeTakeFirstOrThrow()
      return Number(last ?? 0)
    },
    async accepted() {
      return (await signingState(kysely)).accepted
    },
    async haltedAt() {
      return (await signingState(kysely)).halted_at
    },
    async halt(at) {
      await kysely
        .updateTable('signing_state')
        .set({ halted_at: at })
        .where('halted_at', 'is', null)
        .execute()
    },
    resume: (accepted, also = nothingElse) =>
      database.transaction(async (trx) => {
        await trx.updateTable('signing_state').set({ halted_at: null, accepted }).execute()
        await also(trx)
      }),
  }
}

function signingState(kysely: Kysely<IssuerSchema>) {
  return kysely.selectFrom('signing_state').selectAll().executeTakeFirstOrThrow()
}

async function stateOf(kysely: Kysely<IssuerSchema>, batch: string): Promise<SigningState> {
  const row = await kysely
    .selectFrom('signing_state')
    .select((build) => [
      'halted_at',
      build
        .selectFrom('signatures')
        .select('copies')
        .where('signatures.batch', '=', batch)
        .as('signed'),
      build
        .selectFrom('vci_deferred')
        .select('id_hash')
        .where('vci_deferred.batch', '=', batch)
        .where('delivered_at', 'is', null)
        .as('deferred'),
    ])
    .executeTakeFirstOrThrow()
  return { signed: row.signed !== null, halted: row.halted_at !== null, deferred: row.deferred }
}

/** Ends a transaction without keeping anything of it. */
class CountedBefore extends Error {}

async function putCounted(
  database: Database<IssuerSchema>,
  { batch, copies, kept }: CountedSignatures,
): Promise<boolean> {
  if (kept === null) return insertCount(database.kysely, batch, copies)
  try {
    await database.transaction(async (trx) => {
      if (!(await insertCount(trx, batch, copies))) throw new CountedBefore()
      const result = await trx
        .updateTable('vci_deferred')
        .set({ credentials: kept.sealed })
        .where('id_hash', '=', kept.deferred)
        .where('delivered_at', 'is', null)
        .where('credentials', 'is', null)
        .executeTakeFirst()
      if (Number(result.numUpdatedRows) !== 1) throw new CountedBefore()
    })
    return true
  } catch (error) {
    if (error instanceof CountedBefore) return false
    throw error
  }
}

async function insertCount(
  kysely: Kysely<IssuerSchema>,
  batch: string,
  copies: number,
): Promise<boolean> {
  const result = await kysely
    .insertInto('signatures')
    .values({ batch, copies })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) === 1
}

async function findMismatch(
  kysely: Kysely<IssuerSchema>,
  after: number,
): Promise<SignatureMismatch> {
  const wrong = kysely
    .selectFrom('signatures')
    .leftJoin('batches', 'batches.id', 'signatures.batch')
    .where('signatures.number', '>', after)
    .where((build) =>
      build.or([
        build('batches.id', 'is', null),
        build('signatures.copies', '>', build.ref('batches.copies')),
      ]),
    )
  const counts = await wrong
    .select([
      sql<number>`sum(case when batches.id is null then 1 else 0 end)`.as('unplanned'),
      sql<number>`sum(case when batches.id is null then 0 else 1 end)`.as('exceeding'),
    ])
    .executeTakeFirst()
  const [unplanned, exceeding] = [Number(counts?.unplanned ?? 0), Number(counts?.exceeding ?? 0)]
  if (unplanned + exceeding === 0) return { unplanned, exceeding, batches: [] }
  const rows = await wrong.select('signatures.batch').limit(SHOWN_BATCHES).execute()
  return { unplanned, exceeding, batches: rows.map(({ batch }) => batch) }
}
