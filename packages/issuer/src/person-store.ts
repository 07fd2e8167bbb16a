import type { Database } from '@netcert/agent'
import type { Kysely, Transaction } from 'kysely'
import type { IssuerSchema } from './issuer-schema-store.js'

export type StoredPerson = IssuerSchema['persons']
export type NewPerson = Omit<StoredPerson, 'suspended_at' | 'suspended_until'>

/**
 * Throws when what somebody is asked for under no longer stands. It is looked at inside the
 * transaction that writes on the strength of it, and uses nothing but `trx`.
 */
export type Stands = (trx: Transaction<IssuerSchema>) => Promise<void>

/** All SQL about enrolled people. */
export type PersonStore = {
  getByCitizen(citizen: string): Promise<StoredPerson | undefined>
  getByTag(identityTag: string): Promise<StoredPerson | undefined>
  get(id: string): Promise<StoredPerson | undefined>
  /** `false` when the person, or somebody with that number, is enrolled already. */
  put(person: NewPerson): Promise<boolean>
  /** The authentic source was built anew and knows the person by another reference. */
  putCitizen(id: string, citizen: string): Promise<void>
  /** Replaces the sealed record; `false` when it is not, or no longer, the one it was read as. */
  replaceRecord(
    before: Pick<StoredPerson, 'id' | 'sealed'>,
    record: { readonly wrappedKey: string; readonly sealed: string },
  ): Promise<boolean>
  /** The next people in the order of their references; those after `after`. */
  page(after: string, limit: number): Promise<readonly StoredPerson[]>
  count(): Promise<number>
}

/** The table `persons` behind {@link PersonStore}. */
export function createPersonStore({ kysely }: Database<IssuerSchema>): PersonStore {
  const by = (column: 'id' | 'citizen' | 'identity_tag', value: string) =>
    kysely.selectFrom('persons').selectAll().where(column, '=', value).executeTakeFirst()
  return {
    get: (id) => by('id', id),
    getByCitizen: (citizen) => by('citizen', citizen),
    getByTag: (identityTag) => by('identity_tag', identityTag),
    put: (person) => insertPerson(kysely, person),
    async putCitizen(id, citizen) {
      await kysely.updateTable('persons').set({ citizen }).where('id', '=', id).execute()
    },
    async replaceRecord(before, { wrappedKey, sealed }) {
      const result = await kysely
        .updateTable('persons')
        .set({ wrapped_key: wrappedKey, sealed })
        .where('id', '=', before.id)
        .where('sealed', '=', before.sealed)
        .executeTakeFirst()
      return Number(result.numUpdatedRows) === 1
    },
    page: (after, limit) =>
      kysely
        .selectFrom('persons')
        .selectAll()
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute(),
    async count() {
      const row = await kysely
        .selectFrom('persons')
        .select((build) => build.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return row.count
    },
  }
}

/** `false` when the person, or somebody with that number, is enrolled already. */
export async function insertPerson(
  executor: Kysely<IssuerSchema>,
  person: NewPerson,
): Promise<boolean> {
  const result = await executor
    .insertInto('persons')
    .values({ ...person, suspended_at: null, suspended_until: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) === 1
}
