import type { Database } from '@netcert/agent'
import type { IssuerSchema } from './issuer-schema-store.js'

export type StoredPerson = IssuerSchema['persons']

/** All SQL about enrolled people. */
export type PersonStore = {
  getByCitizen(citizen: string): Promise<StoredPerson | undefined>
  getByTag(identityTag: string): Promise<StoredPerson | undefined>
  get(id: string): Promise<StoredPerson | undefined>
  /** `false` when the person, or somebody with that number, is enrolled already. */
  put(person: Omit<StoredPerson, 'suspended_at'>): Promise<boolean>
  /** The authentic source was built anew and knows the person by another reference. */
  putCitizen(id: string, citizen: string): Promise<void>
  count(): Promise<number>
}

export function createPersonStore({ kysely }: Database<IssuerSchema>): PersonStore {
  const by = (column: 'id' | 'citizen' | 'identity_tag', value: string) =>
    kysely.selectFrom('persons').selectAll().where(column, '=', value).executeTakeFirst()
  return {
    get: (id) => by('id', id),
    getByCitizen: (citizen) => by('citizen', citizen),
    getByTag: (identityTag) => by('identity_tag', identityTag),
    async put(person) {
      const result = await kysely
        .insertInto('persons')
        .values({ ...person, suspended_at: null })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return Number(result.numInsertedOrUpdatedRows) === 1
    },
    async putCitizen(id, citizen) {
      await kysely.updateTable('persons').set({ citizen }).where('id', '=', id).execute()
    },
    async count() {
      const row = await kysely
        .selectFrom('persons')
        .select((build) => build.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return row.count
    },
  }
}
