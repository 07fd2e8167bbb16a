import type { Database } from '@netcert/agent'
import type { IssuerSchema } from './issuer-schema-store.js'

export type StoredOfficer = IssuerSchema['number_officers']
export type StoredCase = IssuerSchema['number_cases']

/** All SQL about officers and the cases they approved. Rows stay. */
export type OfficerStore = {
  /** `false` when the key or the name code is registered already. */
  put(officer: StoredOfficer): Promise<boolean>
  get(id: string): Promise<StoredOfficer | undefined>
  list(): Promise<readonly StoredOfficer[]>
  /** `false` when there is none of that name code, or it is revoked already. */
  revoke(nameCode: string, at: number): Promise<boolean>
  /** Before anything is searched, so that a search that breaks off is on record too. */
  putCase(opened: Omit<StoredCase, 'found'>): Promise<void>
  closeCase(id: string, found: boolean): Promise<void>
  /** The newest first. */
  cases(limit: number): Promise<readonly StoredCase[]>
}

type Cases = 'putCase' | 'closeCase' | 'cases'

/** The tables of officers and their cases behind {@link OfficerStore}. */
export function createOfficerStore({ kysely }: Database<IssuerSchema>): OfficerStore {
  const officers = kysely.selectFrom('number_officers').selectAll()
  return {
    async put(officer) {
      const result = await kysely
        .insertInto('number_officers')
        .values(officer)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return Number(result.numInsertedOrUpdatedRows) === 1
    },
    get: (id) => officers.where('id', '=', id).executeTakeFirst(),
    list: () => officers.orderBy('registered_at').orderBy('name_code').execute(),
    async revoke(nameCode, at) {
      const result = await kysely
        .updateTable('number_officers')
        .set({ revoked_at: at })
        .where('name_code', '=', nameCode)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return Number(result.numUpdatedRows) === 1
    },
    ...caseStore({ kysely }),
  }
}

function caseStore({ kysely }: Pick<Database<IssuerSchema>, 'kysely'>): Pick<OfficerStore, Cases> {
  return {
    async putCase(opened) {
      const row = { ...opened, found: null }
      await kysely.insertInto('number_cases').values(row).execute()
    },
    async closeCase(id, found) {
      await kysely
        .updateTable('number_cases')
        .set({ found: found ? 1 : 0 })
        .where('id', '=', id)
        .execute()
    },
    cases: (limit) =>
      kysely
        .selectFrom('number_cases')
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute(),
  }
}
