import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'

const THE_ROW = 1

export type StoredPack = IssuerSchema['packs']

/** The number of a pack and its date, in seconds since 1970. */
export type PackNumber = { readonly sequence: number; readonly issuedAt: number }

/** All SQL about offline packs. */
export type PackStore = {
  /** The next number, which nobody else has or will have; dated now, but before no other pack. */
  take(trx: Transaction<IssuerSchema>, now: number): Promise<PackNumber>
  putBuilt(trx: Transaction<IssuerSchema>, pack: StoredPack): Promise<void>
  newest(): Promise<StoredPack | undefined>
}

/** The tables `pack_counter` and `packs` behind {@link PackStore}. */
export function createPackStore({ kysely }: Database<IssuerSchema>): PackStore {
  return {
    async take(trx, now) {
      const row = await trx
        .insertInto('pack_counter')
        .values({ id: THE_ROW, sequence: 1, issued_at: now })
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet((build) => ({
            sequence: build('pack_counter.sequence', '+', 1),
            issued_at: build
              .case()
              .when('pack_counter.issued_at', '<', now)
              .then(now)
              .else(build.ref('pack_counter.issued_at'))
              .end(),
          })),
        )
        .returning(['sequence', 'issued_at'])
        .executeTakeFirstOrThrow()
      return { sequence: row.sequence, issuedAt: row.issued_at }
    },
    async putBuilt(trx, pack) {
      await trx.insertInto('packs').values(pack).execute()
    },
    newest: () =>
      kysely
        .selectFrom('packs')
        .selectAll()
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst(),
  }
}

/** Packs that were built after the last one on record are known to nobody: their numbers are left out. */
const NUMBER_GAP = 1000

/**
 * After a restore: the next pack has a number above all that anybody can have seen.
 *
 * @param known - The highest that the audit log or a kept pack names; 0 where neither does.
 */
export async function raisePackCounter(
  trx: Transaction<IssuerSchema>,
  known: number,
): Promise<void> {
  const row = await trx
    .selectFrom('pack_counter')
    .select('sequence')
    .where('id', '=', THE_ROW)
    .executeTakeFirst()
  const sequence = Math.max(row?.sequence ?? 0, known) + NUMBER_GAP
  await trx
    .insertInto('pack_counter')
    .values({ id: THE_ROW, sequence, issued_at: 0 })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ sequence }))
    .execute()
}
