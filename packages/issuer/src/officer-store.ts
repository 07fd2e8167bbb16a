import type { Database } from '@netcert/agent'
import { type AlsoRecorded, nothingElse } from './audit/audit-trail.js'
import type { IssuerSchema } from './issuer-schema-store.js'

export type StoredOfficer = IssuerSchema['number_officers']
export type StoredCase = IssuerSchema['number_cases']

/** All SQL about officers and the cases they approved. Rows stay. `also` commits with the change. */
export type OfficerStore = {
  /** `false` when the key or the name code is registered already. */
  put(officer: StoredOfficer, also?: AlsoRecorded): Promise<boolean>
  get(id: string): Promise<StoredOfficer | undefined>
  list(): Promise<readonly StoredOfficer[]>
  /** `false` when there is none of that name code, or it is revoked already. */
  revoke(nameCode: string, at: number, also?: AlsoRecorded): Promise<boolean>
  /** Before anything is searched, so that a search that breaks off is on record too. */
  putCase(opened: Omit<StoredCase, 'found'>, also?: AlsoRecorded): Promise<void>
  closeCase(id: string, found: boolean, also?: AlsoRecorded): Promise<void>
  /** The newest first. */
  cases(limit: number): Promise<readonly StoredCase[]>
}

type Cases = 'putCase' | 'closeCase' | 'cases'

/** The tables of officers and their cases behind {@link OfficerStore}. */
export function createOfficerStore(database: Database<IssuerSchema>): OfficerStore {
  const { kysely } = database
  const officers = kysely.selectFrom('number_officers').selectAll()
  return {
    put: (officer, also = nothingElse) =>
      database.transaction(async (trx) => {
        const result = await trx
          .insertInto('number_officers')
          .values(officer)
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst()
        if (Number(result.numInsertedOrUpdatedRows) !== 1) return false
        await also(trx)
        return true
      }),
    get: (id) => officers.where('id', '=', id).executeTakeFirst(),
    list: () => officers.orderBy('registered_at').orderBy('name_code').execute(),
    revoke: (nameCode, at, also = nothingElse) =>
      database.transaction(async (trx) => {
        const result = await trx
          .updateTable('number_officers')
          .set({ revoked_at: at })
          .where('name_code', '=', nameCode)
          .where('revoked_at', 'is', null)
          .executeTakeFirst()
        if (Number(result.numUpdatedRows) !== 1) return false
        await also(trx)
        return true
      }),
    ...caseStore(database),
  }
}

function caseStore(database: Database<IssuerSchema>): Pick<OfficerStore, Cases> {
  return {
    putCase: (opened, also = nothingElse) =>
      database.transaction(async (trx) => {
        await trx
          .insertInto('number_cases')
          .values({ ...opened, found: null })
          .execute()
        await also(trx)
      }),
    closeCase: (id, found, also = nothingElse) =>
      database.transaction(async (trx) => {
        await trx
          .updateTable('number_cases')
          .set({ found: found ? 1 : 0 })
          .where('id', '=', id)
          .execute()
        await also(trx)
      }),
    cases: (limit) =>
      database.kysely
        .selectFrom('number_cases')
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute(),
  }
}
