import type { Database } from '@netcert/agent'
import { sql, type Transaction } from 'kysely'
import type { IssuerSchema } from './issuer-schema-store.js'

export type StoredIssuerKey = IssuerSchema['issuer_keys']

type Inside = Transaction<IssuerSchema>

/** Rows of the first keys, written when there is more to say of them than that they are the first. */
export type FirstKeys = readonly StoredIssuerKey[]

/** All SQL about the states of keys. */
export type IssuerKeyStore = {
  /** From the oldest. */
  keys(): Promise<readonly StoredIssuerKey[]>
  /**
   * Takes in the next key of a use, and ends the windows of retired ones where the last certificate
   * they signed ends. `false` when there is a next one already.
   */
  putNext(first: FirstKeys, next: StoredIssuerKey, retiredLiveSeconds: number): Promise<boolean>
  /** Retires the active key and makes the next one active; `false` when there is no next one. */
  activate(use: string, at: number): Promise<boolean>
  /** `false` when it is revoked already, or unknown. */
  revoke(first: FirstKeys, alias: string, at: number): Promise<boolean>
  /** Notes that verifiers can fetch a trust list with these keys. */
  putPublished(dids: readonly string[], at: number): Promise<void>
}

export function createIssuerKeyStore(database: Database<IssuerSchema>): IssuerKeyStore {
  const { kysely } = database
  return {
    keys: () =>
      kysely.selectFrom('issuer_keys').selectAll().orderBy('not_before').orderBy('alias').execute(),
    putNext: (first, next, retiredLiveSeconds) =>
      unlessTaken(
        database.transaction(async (trx) => {
          await putFirst(trx, first)
          const result = await trx
            .insertInto('issuer_keys')
            .values(next)
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirst()
          if (Number(result.numInsertedOrUpdatedRows) !== 1) throw new StepTaken()
          await endRetired(trx, retiredLiveSeconds)
        }),
      ),
    activate: (use, at) => unlessTaken(database.transaction((trx) => activate(trx, use, at))),
    revoke: (first, alias, at) =>
      unlessTaken(
        database.transaction(async (trx) => {
          await putFirst(trx, first)
          await revoke(trx, alias, at)
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

async function putFirst(trx: Inside, first: FirstKeys): Promise<void> {
  if (first.length === 0) return
  await trx
    .insertInto('issuer_keys')
    .values([...first])
    .onConflict((conflict) => conflict.column('alias').doNothing())
    .execute()
}

/** Left as it is until the trust list has to be signed anew anyhow. */
async function endRetired(trx: Inside, liveSeconds: number): Promise<void> {
  const end = sql<number>`retired_at + ${liveSeconds}`
  await trx
    .updateTable('issuer_keys')
    .set({ not_after: end })
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

async function revoke(trx: Inside, alias: string, at: number): Promise<void> {
  const result = await trx
    .updateTable('issuer_keys')
    .set({ state: 'revoked', revoked_at: at })
    .where('alias', '=', alias)
    .where('state', '<>', 'revoked')
    .executeTakeFirst()
  if (Number(result.numUpdatedRows) !== 1) throw new StepTaken()
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
