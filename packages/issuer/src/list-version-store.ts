import type { Database } from '@netcert/agent'
import type { IssuerSchema } from './issuer-schema-store.js'

/** The tables of lists that are published again and again under the same address. */
export type PublishedListTable = 'status_lists' | 'registrar_lists'

/** All SQL about how often a list was published. */
export type ListVersionStore = {
  /** The version a new publication of the list has. */
  nextVersion(list: number): Promise<number>
  versionOf(list: number): Promise<number>
  /** Notes `iat` of the newest published token. */
  putPublished(list: number, at: number): Promise<void>
}

/** Counts attempts to publish, so that an older snapshot never stays on top of a newer one. */
export function createListVersionStore(
  { kysely }: Database<IssuerSchema>,
  table: PublishedListTable,
): ListVersionStore {
  return {
    async nextVersion(list) {
      const row = await kysely
        .updateTable(table)
        .set((build) => ({ version: build('version', '+', 1) }))
        .where('list', '=', list)
        .returning('version')
        .executeTakeFirstOrThrow()
      return row.version
    },
    async versionOf(list) {
      const row = await kysely
        .selectFrom(table)
        .select('version')
        .where('list', '=', list)
        .executeTakeFirstOrThrow()
      return row.version
    },
    async putPublished(list, at) {
      await kysely
        .updateTable(table)
        .set({ published_at: at })
        .where('list', '=', list)
        .where('published_at', '<', at)
        .execute()
    },
  }
}
