import type { Database } from '@netcert/agent'
import { sql, type Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'

type Inside = Transaction<IssuerSchema>

export type StoredOperator = IssuerSchema['operators']

/** All SQL about operators. Rows stay. */
export type OperatorStore = {
  transaction<T>(work: (trx: Inside) => Promise<T>): Promise<T>
  list(trx?: Inside): Promise<readonly StoredOperator[]>
  get(id: string, trx?: Inside): Promise<StoredOperator | undefined>
  /** `false` when the key or the name code is registered already. */
  put(trx: Inside, operator: StoredOperator): Promise<boolean>
  revoke(trx: Inside, id: string, at: number): Promise<void>
}

/** The table of operators behind {@link OperatorStore}. */
export function createOperatorStore(database: Database<IssuerSchema>): OperatorStore {
  const { kysely, engine } = database
  return {
    transaction: (work) => database.transaction(work),
    async list(trx) {
      // Whoever changes operators decides by all of them: PostgreSQL is told to keep others out.
      if (trx !== undefined && engine === 'postgres') {
        await sql`lock table operators in share row exclusive mode`.execute(trx)
      }
      const rows = await (trx ?? kysely).selectFrom('operators').selectAll().execute()
      return rows.sort(
        (one, other) =>
          one.registered_at - other.registered_at || (one.name_code < other.name_code ? -1 : 1),
      )
    },
    get: (id, trx) =>
      (trx ?? kysely).selectFrom('operators').selectAll().where('id', '=', id).executeTakeFirst(),
    async put(trx, operator) {
      const result = await trx
        .insertInto('operators')
        .values(operator)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return Number(result.numInsertedOrUpdatedRows) === 1
    },
    async revoke(trx, id, at) {
      await trx.updateTable('operators').set({ revoked_at: at }).where('id', '=', id).execute()
    },
  }
}
