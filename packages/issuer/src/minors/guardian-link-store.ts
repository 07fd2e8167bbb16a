import type { Database } from '@netcert/agent'
import type { SourceSchema } from '../source-store.js'

/** All SQL about who is guardian of whom in the authentic source. */
export type GuardianLinkStore = {
  guardiansOf(reference: string): Promise<readonly string[]>
  /** Whom somebody is guardian of. */
  wardsOf(reference: string): Promise<readonly string[]>
  /** Replaces the guardians of somebody, and the fingerprint of their row with them. */
  replaceGuardians(change: {
    readonly ward: string
    readonly guardians: readonly string[]
    readonly fingerprint: string
  }): Promise<void>
}

/** The table `guardian_links` behind {@link GuardianLinkStore}. */
export function createGuardianLinkStore(database: Database<SourceSchema>): GuardianLinkStore {
  const { kysely } = database
  return {
    async guardiansOf(reference) {
      const rows = await kysely
        .selectFrom('guardian_links')
        .select('guardian')
        .where('ward', '=', reference)
        .orderBy('position')
        .execute()
      return rows.map((row) => row.guardian)
    },
    async wardsOf(reference) {
      const rows = await kysely
        .selectFrom('guardian_links')
        .select('ward')
        .where('guardian', '=', reference)
        .orderBy('ward')
        .execute()
      return rows.map((row) => row.ward)
    },
    replaceGuardians: ({ ward, guardians, fingerprint }) =>
      database.transaction(async (trx) => {
        // The row of the person first: of two changes at once one comes after the other.
        await trx
          .updateTable('citizens')
          .set({ fingerprint })
          .where('reference', '=', ward)
          .execute()
        await trx.deleteFrom('guardian_links').where('ward', '=', ward).execute()
        const links = guardians.map((guardian, position) => ({ ward, guardian, position }))
        if (links.length > 0) await trx.insertInto('guardian_links').values(links).execute()
      }),
  }
}
