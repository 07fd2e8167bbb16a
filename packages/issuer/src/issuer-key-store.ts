import type { Database } from '@netcert/agent'
import { sql, type Transaction } from 'kysely'
import type { IssuerSchema } from './issuer-schema-store.js'

export type StoredIssuerKey = IssuerSchema['issuer_keys']

type Inside = Transaction<IssuerSchema>

/** Rows of the first keys, written when there is more to say of them than that they are the first. */
export type FirstKeys = readonly StoredIssuerKey[]

/** What is committed together with a step; last in its transaction. */
export type WithStep = (trx: Inside) => Promise<void>

/** How a key is taken back. */
export type KeyRevocation = {
  readonly alias: string
  readonly at: number
  /** Nothing from then on is believed; of a key that is revoked already, an earlier one than before. */
  readonly since: number
}

/** All SQL about the states of keys. */
export type IssuerKeyStore = {
  /** From the oldest. */
  keys(): Promise<readonly StoredIssuerKey[]>
  /**
   * Takes in the next key of a use, and ends the windows of retired ones where the last certificate
   * they signed ends. `false` when there is a next one already.
   */
  putNext(next: NextKey, also: WithStep): Promise<boolean>
  /** Retires the active key and makes the next one active; `false` when there is no next one. */
  activate(use: string, at: number, also: WithStep): Promise<boolean>
  /** `false` when it is revoked already, from as early on, or unknown. */
  revoke(first: FirstKeys, revocation: KeyRevocation, also: WithStep): Promise<boolean>
  /** Notes that verifiers can fetch a trust list with these keys. */
  putPublished(dids: readonly string[], at: number): Promise<void>
}

/** A key that will sign next. */
export type NextKey = {
  readonly first: FirstKeys
  readonly row: StoredIssuerKey
  /** How long what a retired key signed can be good. */
  readonly retiredLiveSeconds: number
}

/** The table `issuer_keys` behind {@link IssuerKeyStore}. */
export function createIssuerKeyStore(database: Database<IssuerSchema>): IssuerKeyStore {
  const { kysely } = database
  return {
    keys: () =>
      kysely.selectFrom('issuer_keys').selectAll().orderBy('not_before').orderBy('alias').execute(),
    putNext: (next, also) => unlessTaken(database.transaction((trx) => putNext(trx, next, also))),
    activate: (use, at, also) =>
      unlessTaken(
        database.transaction(async (trx) => {
          await activate(trx, use, at)
          await also(trx)
        }),
      ),
    revoke: (first, revocation, also) =>
      unlessTaken(
        database.transaction(async (trx) => {
          await putFirst(trx, first)
          await revoke(trx, revocation)
          await also(trx)
        }),
      ),
    async putPublished(dids, at) {
      if (dids.length === 0) return
      await kysely
        .updateTable('issuer_keys')
        .set({ published_at: at })
        .where('did', 'in', [...dids])
        .where('published_at', 'is', null)
        .execute()
    },
  }
}

/** The step is another's, or there is nothing to take it with: nothing of it is kept. */
class StepTaken extends Error {}

async function putNext(trx: Inside, next: NextKey, also: WithStep): Promise<void> {
  await putFirst(trx, next.first)
  const result = await trx
    .insertInto('issuer_keys')
    .values(next.row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (Number(result.numInsertedOrUpdatedRows) !== 1) throw new StepTaken()
  await endRetired(trx, next.row.key_use, next.retiredLiveSeconds)
  await also(trx)
}

async function putFirst(trx: Inside, first: FirstKeys): Promise<void> {
  if (first.length === 0) return
  await trx
    .insertInto('issuer_keys')
    .values([...first])
    .onConflict((conflict) => conflict.column('alias').doNothing())
    .execute()
}

/** Left as it is until the trust list has to be signed anew anyhow. */
async function endRetired(trx: Inside, use: string, liveSeconds: number): Promise<void> {
  const end = sql<number>`retired_at + ${liveSeconds}`
  await trx
    .updateTable('issuer_keys')
    .set({ not_after: end })
    .where('key_use', '=', use)
    .where('state', '=', 'retired')
    .where('not_after', '>', end)
    .execute()
}

async function activate(trx: Inside, use: string, at: number): Promise<void> {
  await trx
    .updateTable('issuer_keys')
    .set({ state: 'retired', retired_at: at })
    .where('key_use', '=', use)
    .where('state', '=', 'active')
    .execute()
  const result = await trx
    .updateTable('issuer_keys')
    .set({ state: 'active', activated_at: at })
    .where('key_use', '=', use)
    .where('state', '=', 'next')
    .executeTakeFirst()
  if (Number(result.numUpdatedRows) !== 1) throw new StepTaken()
}

async function revoke(trx: Inside, { alias, at, since }: KeyRevocation): Promise<void> {
  const key = trx.updateTable('issuer_keys').where('alias', '=', alias)
  // Older verifiers know windows alone: it ends where the key is no longer believed.
  const end = since - 1
  const ends = sql<number>`case when not_after <= ${end} then not_after
    when not_before > ${end} then not_before else ${end} end`
  const first = await key
    .set({ state: 'revoked', revoked_at: at, revoked_since: since, not_after: ends })
    .where('state', '<>', 'revoked')
    .executeTakeFirst()
  if (Number(first.numUpdatedRows) === 1) return
  const earlier = await key
    .set({ revoked_since: since, not_after: ends })
    .where('revoked_since', '>', since)
    .executeTakeFirst()
  if (Number(earlier.numUpdatedRows) !== 1) throw new StepTaken()
}

async function unlessTaken(step: Promise<void>): Promise<boolean> {
  try {
    await step
    return true
  } catch (error) {
    if (error instanceof StepTaken) return false
    throw error
  }
}
