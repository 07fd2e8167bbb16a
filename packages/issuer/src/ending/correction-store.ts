import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'
import type { StoredPerson } from '../person-store.js'
import type { SealedRecord } from '../sealed-record.js'

type Inside = Transaction<IssuerSchema>

/**
 * Part of a transaction: the person's record as it is from now on, and a further document they are
 * found by. `false` when the record is not, or no longer, the one it was read as.
 */
export async function replacePerson(
  trx: Inside,
  before: StoredPerson,
  after: { readonly record: SealedRecord; readonly identityTag: string },
): Promise<boolean> {
  const { wrappedKey, sealed } = after.record
  const result = await trx
    .updateTable('persons')
    .set({ wrapped_key: wrappedKey, sealed })
    .where('id', '=', before.id)
    .where('sealed', '=', before.sealed)
    .executeTakeFirst()
  if (Number(result.numUpdatedRows) !== 1) return false
  await trx
    .insertInto('person_documents')
    .values({ tag: after.identityTag, person: before.id })
    .onConflict((conflict) => conflict.column('tag').doNothing())
    .execute()
  return true
}
