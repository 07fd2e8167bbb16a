import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'

type Inside = Transaction<IssuerSchema>

/** SQL about whether a guardian's own certificate still counts at the moment it is relied on. */
export type GuardianStandingStore = {
  /** Inside a transaction: the batch is not revoked or paused, and neither is the guardian. */
  stands(
    trx: Inside,
    guardian: { readonly person: string; readonly batch: string },
  ): Promise<boolean>
}

/** The tables `persons` and `batches` behind {@link GuardianStandingStore}. */
export function createGuardianStandingStore({
  engine,
}: Database<IssuerSchema>): GuardianStandingStore {
  return {
    async stands(trx, { person, batch }) {
      const active = trx
        .selectFrom('persons')
        .select('id')
        .where('id', '=', person)
        .where('suspended_at', 'is', null)
      // SQLite has one writer at a time.
      const held = engine === 'postgres' ? active.forShare() : active
      if ((await held.executeTakeFirst()) === undefined) return false
      const row = await trx
        .selectFrom('batches')
        .select('id')
        .where('id', '=', batch)
        .where('person', '=', person)
        .where('status', '=', 0)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}
