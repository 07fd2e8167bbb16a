import type { Database } from '@netcert/agent'
import { type AlsoRecorded, nothingElse } from './audit/audit-trail.js'
import type { IssuerSchema } from './issuer-schema-store.js'

/** A presence check of an enrolled person. */
export type StoredPresence = Pick<IssuerSchema['presence_checks'], 'person' | 'checked_at' | 'face'>

/** All SQL about presence checks. Times in seconds since 1970. */
export type PresenceStore = {
  /** Takes the place of an earlier check of the same person; `also` commits with it. */
  put(check: StoredPresence, also?: AlsoRecorded): Promise<void>
  /**
   * The check of a person, if it is later than `since`, for one batch: whoever asks for another
   * batch finds none any more.
   */
  claim(options: {
    readonly person: string
    readonly batch: string
    readonly since: number
  }): Promise<StoredPresence | undefined>
  /** Forgets the check that went into a batch. */
  deleteUsed(batch: string): Promise<void>
}

/** The table of presence checks behind {@link PresenceStore}. */
export function createPresenceStore(database: Database<IssuerSchema>): PresenceStore {
  const { kysely } = database
  return {
    put: (check, also = nothingElse) =>
      database.transaction(async (trx) => {
        const fresh = { ...check, batch: null }
        await trx
          .insertInto('presence_checks')
          .values(fresh)
          .onConflict((conflict) => conflict.column('person').doUpdateSet(fresh))
          .execute()
        await also(trx)
      }),
    claim: ({ person, batch, since }) =>
      kysely
        .updateTable('presence_checks')
        .set({ batch })
        .where('person', '=', person)
        .where('checked_at', '>', since)
        .where((build) => build.or([build('batch', 'is', null), build('batch', '=', batch)]))
        .returning(['person', 'checked_at', 'face'])
        .executeTakeFirst(),
    async deleteUsed(batch) {
      await kysely.deleteFrom('presence_checks').where('batch', '=', batch).execute()
    },
  }
}
