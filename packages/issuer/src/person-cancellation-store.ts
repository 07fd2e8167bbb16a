import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import { type ErasedPerson, erasePerson, type ErasureTerms } from './erasure/erase-person-store.js'
import type { IssuerSchema } from './issuer-schema-store.js'
import type { StoredPerson } from './person-store.js'

type Inside = Transaction<IssuerSchema>

/** Who cancels: by the reference in the authentic source, or by the tag of their network number. */
export type CancelledBy = { readonly citizen: string } | { readonly numberTag: string }

export type CancellationParts = {
  readonly by: CancelledBy
  /** How this person is erased. */
  readonly terms: (person: StoredPerson) => ErasureTerms
  /** Committed together with it, after everything else; may run again after a conflict. */
  readonly also: (trx: Inside, person: StoredPerson, erased: ErasedPerson) => Promise<void>
}

/** All SQL of cancelling a person: one transaction, whole or not at all. */
export type CancellationStore = {
  /** `undefined` when nobody of that reference or number is enrolled. */
  cancel(parts: CancellationParts): Promise<ErasedPerson | undefined>
}

/** All that goes with a person goes in one transaction, or nothing does. */
export function createCancellationStore(database: Database<IssuerSchema>): CancellationStore {
  return {
    cancel: ({ by, terms, also }) =>
      database.transaction(async (trx) => {
        const lock = trx
          .selectFrom('persons')
          .selectAll()
          .where((build) =>
            'citizen' in by
              ? build('citizen', '=', by.citizen)
              : build('number_tag', '=', by.numberTag),
          )
        // SQLite has one writer at a time; PostgreSQL is told that no plan may begin meanwhile.
        const held = database.engine === 'postgres' ? lock.forUpdate() : lock
        const person = await held.executeTakeFirst()
        if (person === undefined) return undefined
        const erased = await erasePerson(trx, person, terms(person))
        await also(trx, person, erased)
        return erased
      }),
  }
}
