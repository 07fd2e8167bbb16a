import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'

type Inside = Transaction<IssuerSchema>
export type StoredContact = IssuerSchema['recovery_contacts']

/** Two people: who may be recovered, and who may confirm it. */
export type ContactPair = { readonly person: string; readonly contact: string }

/** All SQL about recovery contacts. */
export type RecoveryContactStore = {
  get(id: string): Promise<StoredContact | undefined>
  /** Contacts and open requests of a person, oldest first. */
  list(person: string, at: number): Promise<readonly StoredContact[]>
  isContact(pair: ContactPair): Promise<boolean>
  /** Part of a transaction: whether the pair still is one, and the contact neither gone nor paused. */
  stands(trx: Inside, pair: ContactPair): Promise<boolean>
}

/** The table `recovery_contacts` behind {@link RecoveryContactStore}. */
export function createRecoveryContactStore({
  kysely,
  engine,
}: Database<IssuerSchema>): RecoveryContactStore {
  const contacts = kysely.selectFrom('recovery_contacts')
  return {
    get: (id) => contacts.selectAll().where('id', '=', id).executeTakeFirst(),
    list: (person, at) =>
      contacts
        .selectAll()
        .where('person', '=', person)
        .where((build) => build.or([build('nonce', 'is', null), build('expires_at', '>', at)]))
        .orderBy('asked_at')
        .orderBy('id')
        .execute(),
    async isContact({ person, contact }) {
      const row = await contacts
        .select('id')
        .where('person', '=', person)
        .where('contact', '=', contact)
        .executeTakeFirst()
      return row !== undefined
    },
    stands: (trx, pair) => pairStands(engine, trx, pair),
  }
}

async function pairStands(
  engine: Database<IssuerSchema>['engine'],
  trx: Inside,
  { person, contact }: ContactPair,
): Promise<boolean> {
  const active = trx
    .selectFrom('persons')
    .select('id')
    .where('id', '=', contact)
    .where('suspended_at', 'is', null)
  // SQLite has one writer at a time.
  const held = engine === 'postgres' ? active.forShare() : active
  if ((await held.executeTakeFirst()) === undefined) return false
  const row = await trx
    .selectFrom('recovery_contacts')
    .select('id')
    .where('person', '=', person)
    .where('contact', '=', contact)
    .executeTakeFirst()
  return row !== undefined
}

/** Part of a transaction: a request to a contact to be. `false` when the person is gone. */
export async function askContact(trx: Inside, request: StoredContact): Promise<boolean> {
  const person = await trx
    .selectFrom('persons')
    .select('id')
    .where('id', '=', request.person)
    .executeTakeFirst()
  if (person === undefined) return false
  await trx.insertInto('recovery_contacts').values(request).execute()
  return true
}

/**
 * Part of a transaction: the contact agreed; nobody agrees to the same request twice. `false` when
 * the request is over, or the contact is gone or paused by now. Somebody who is a contact already stays the one they are.
 */
export async function agreeContact(
  trx: Inside,
  { id, contact, at }: { readonly id: string; readonly contact: string; readonly at: number },
): Promise<boolean> {
  // Holds their row: whoever is cancelled waits, and takes this along.
  const held = await trx
    .updateTable('persons')
    .set((build) => ({ suspended_at: build.ref('suspended_at') }))
    .where('id', '=', contact)
    .where('suspended_at', 'is', null)
    .executeTakeFirst()
  if (Number(held.numUpdatedRows) !== 1) return false
  const request = await trx
    .deleteFrom('recovery_contacts')
    .where('id', '=', id)
    .where('nonce', 'is not', null)
    .where('expires_at', '>', at)
    .returningAll()
    .executeTakeFirst()
  if (request === undefined) return false
  await trx
    .insertInto('recovery_contacts')
    .values({ ...request, contact, nonce: null, expires_at: null, agreed_at: at })
    .onConflict((conflict) => conflict.columns(['person', 'contact']).doNothing())
    .execute()
  return true
}

/** Part of a transaction: the contact, or the request, is none any more; whose it was. */
export async function removeContact(trx: Inside, id: string): Promise<string | undefined> {
  const row = await trx
    .deleteFrom('recovery_contacts')
    .where('id', '=', id)
    .returning('person')
    .executeTakeFirst()
  return row?.person
}
