import type { Database } from '@netcert/agent'
import type { Kysely, Transaction } from 'kysely'
import type { IssuerSchema } from './issuer-schema-store.js'

export type StoredPerson = IssuerSchema['persons']
export type NewPerson = Omit<StoredPerson, 'suspended_at' | 'suspended_until'> & {
  /** Keyed hashes of every document the person is found by, `identity_tag` among them. */
  readonly identity_tags: readonly string[]
}

/**
 * Throws when what somebody is asked for under no longer stands. It is looked at inside the
 * transaction that writes on the strength of it, and uses nothing but `trx`.
 */
export type Stands = (trx: Transaction<IssuerSchema>) => Promise<void>

/** All SQL about enrolled people. */
export type PersonStore = {
  getByCitizen(citizen: string): Promise<StoredPerson | undefined>
  /** The person that one of these documents is of. */
  getByTags(identityTags: readonly string[]): Promise<StoredPerson | undefined>
  get(id: string): Promise<StoredPerson | undefined>
  /** `false` when the person, or somebody with that number, is enrolled already. */
  put(person: NewPerson): Promise<boolean>
  /** The authentic source was built anew and knows the person by another reference. */
  putCitizen(id: string, citizen: string): Promise<void>
  /** The authentic source knows of more documents of the person; those of others stay theirs. */
  addDocuments(id: string, identityTags: readonly string[]): Promise<void>
  /** Replaces the sealed record; `false` when it is not, or no longer, the one it was read as. */
  replaceRecord(
    before: Pick<StoredPerson, 'id' | 'sealed'>,
    record: { readonly wrappedKey: string; readonly sealed: string },
  ): Promise<boolean>
  /** Inside a transaction that holds the row: whether the record is still the one it was read as. */
  isAsRead(
    trx: Transaction<IssuerSchema>,
    before: Pick<StoredPerson, 'id' | 'sealed'>,
  ): Promise<boolean>
  /** The next people in the order of their references; those after `after`. */
  page(after: string, limit: number): Promise<readonly StoredPerson[]>
  count(): Promise<number>
}

/** The table `persons` behind {@link PersonStore}. */
export function createPersonStore(database: Database<IssuerSchema>): PersonStore {
  const { kysely } = database
  const by = (column: 'id' | 'citizen', value: string) =>
    kysely.selectFrom('persons').selectAll().where(column, '=', value).executeTakeFirst()
  return {
    get: (id) => by('id', id),
    getByCitizen: (citizen) => by('citizen', citizen),
    getByTags: (identityTags) =>
      kysely
        .selectFrom('persons')
        .innerJoin('person_documents', 'person_documents.person', 'persons.id')
        .selectAll('persons')
        .where('person_documents.tag', 'in', identityTags)
        .executeTakeFirst(),
    ...personChanges(database),
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

type Changes = 'put' | 'addDocuments' | 'putCitizen' | 'replaceRecord' | 'isAsRead'

function personChanges(database: Database<IssuerSchema>): Pick<PersonStore, Changes> {
  const { kysely } = database
  return {
    put: (person) =>
      database
        .transaction((trx) => insertPerson(trx, person))
        .catch((error: unknown) => {
          if (error instanceof EnrolledElsewhere) return false
          throw error
        }),
    addDocuments: (id, identityTags) => addDocuments(database, id, identityTags),
    putCitizen: (id, citizen) => database.transaction((trx) => putCitizen(trx, id, citizen)),
    async replaceRecord(before, { wrappedKey, sealed }) {
      const result = await kysely
        .updateTable('persons')
        .set({ wrapped_key: wrappedKey, sealed })
        .where('id', '=', before.id)
        .where('sealed', '=', before.sealed)
        .executeTakeFirst()
      return Number(result.numUpdatedRows) === 1
    },
    async isAsRead(trx, before) {
      const row = await trx
        .selectFrom('persons')
        .select('sealed')
        .where('id', '=', before.id)
        .executeTakeFirst()
      return row?.sealed === before.sealed
    },
  }
}

/** Ends a transaction without keeping anything of it: one of the documents is somebody's already. */
export class EnrolledElsewhere extends Error {}

/**
 * Part of a transaction. `false` when the person, or somebody with that number, is enrolled already.
 *
 * @throws EnrolledElsewhere when one of the documents is an enrolled person's; it ends the transaction.
 */
export async function insertPerson(
  trx: Transaction<IssuerSchema>,
  { identity_tags, ...person }: NewPerson,
): Promise<boolean> {
  const result = await trx
    .insertInto('persons')
    .values({ ...person, suspended_at: null, suspended_until: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (Number(result.numInsertedOrUpdatedRows) !== 1) return false
  const put = await putDocuments(trx, person.id, identity_tags)
  if (put !== identity_tags.length) throw new EnrolledElsewhere()
  return true
}

/** Devices and the revocation code are found by the reference, too. */
async function putCitizen(
  trx: Transaction<IssuerSchema>,
  id: string,
  citizen: string,
): Promise<void> {
  const before = trx.selectFrom('persons').select('citizen').where('id', '=', id)
  await trx.updateTable('devices').set({ citizen }).where('citizen', '=', before).execute()
  // One made under the new reference already is the newer one.
  const made = trx.selectFrom('revocation_codes').select('citizen').where('citizen', '=', citizen)
  await trx
    .updateTable('revocation_codes')
    .set({ citizen })
    .where('citizen', '=', before)
    .where((build) => build.not(build.exists(made)))
    .execute()
  await trx.updateTable('persons').set({ citizen }).where('id', '=', id).execute()
}

/** Nothing of somebody who cancels meanwhile: a document of nobody would keep them from coming back. */
async function addDocuments(
  database: Database<IssuerSchema>,
  id: string,
  identityTags: readonly string[],
): Promise<void> {
  await database.transaction(async (trx) => {
    const person = trx.selectFrom('persons').select('id').where('id', '=', id)
    // SQLite has one writer at a time.
    const held = database.engine === 'postgres' ? person.forShare() : person
    if ((await held.executeTakeFirst()) !== undefined) await putDocuments(trx, id, identityTags)
  })
}

/** Tells how many were nobody's before. In one order, so that two who do it wait for one another. */
async function putDocuments(
  executor: Kysely<IssuerSchema>,
  person: string,
  tags: readonly string[],
): Promise<number> {
  if (tags.length === 0) return 0
  const result = await executor
    .insertInto('person_documents')
    .values(tags.toSorted().map((tag) => ({ tag, person })))
    .onConflict((conflict) => conflict.column('tag').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows)
}
