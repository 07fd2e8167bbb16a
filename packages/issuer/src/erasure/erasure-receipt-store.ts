import type { Database } from '@netcert/agent'
import type { Kysely, Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'

type Inside = Transaction<IssuerSchema>

export type StoredReceipt = IssuerSchema['erasure_receipts']

/** SQL about receipts of erasures, and about erasures whose bytes may still lie in a file. */
export type ErasureReceiptStore = {
  /** With the cancellation it is about: it is there from that moment, or neither is. */
  put(trx: Inside, receipt: StoredReceipt): Promise<void>
  /** The newest one of a citizen, or the one of a network number, that has not ended at `at`. */
  find(
    by: { readonly citizenTag: string } | { readonly numberTag: string },
    at: number,
  ): Promise<StoredReceipt | undefined>
  /** Erasures committed, and those whose bytes are gone from the files. */
  state(): Promise<{ readonly asked: number; readonly finished: number }>
  /** All erasures up to that one are gone from the files. */
  putFinished(upTo: number): Promise<void>
  /** Up to which erasure the file was built anew, and when that was. */
  rewritten(): Promise<{ readonly upTo: number; readonly at: number }>
  putRewritten(upTo: number, at: number): Promise<void>
}

/** The row that says when the file was built anew (`asked`), and up to which erasure. */
const REWRITTEN = 2

/** The tables of receipts behind {@link ErasureReceiptStore}. */
export function createErasureReceiptStore({ kysely }: Database<IssuerSchema>): ErasureReceiptStore {
  return {
    async put(trx, receipt) {
      await trx.insertInto('erasure_receipts').values(receipt).execute()
      await askErasure(trx)
    },
    find: (by, at) =>
      kysely
        .selectFrom('erasure_receipts')
        .selectAll()
        .where((build) =>
          'citizenTag' in by
            ? build('citizen_tag', '=', by.citizenTag)
            : build('number_tag', '=', by.numberTag),
        )
        .where('until', '>', at)
        .orderBy('erased_at', 'desc')
        .executeTakeFirst(),
    ...progress(kysely),
  }
}

type Progress = 'state' | 'putFinished' | 'rewritten' | 'putRewritten'

/** How far the files follow the tables. */
function progress(kysely: Kysely<IssuerSchema>): Pick<ErasureReceiptStore, Progress> {
  return {
    state: () =>
      kysely
        .selectFrom('erasure_state')
        .select(['asked', 'finished'])
        .where('id', '=', 1)
        .executeTakeFirstOrThrow(),
    async putFinished(upTo) {
      await kysely
        .updateTable('erasure_state')
        .set({ finished: upTo })
        .where('id', '=', 1)
        .where('finished', '<', upTo)
        .execute()
    },
    async rewritten() {
      const row = await kysely
        .selectFrom('erasure_state')
        .select(['asked', 'finished'])
        .where('id', '=', REWRITTEN)
        .executeTakeFirst()
      return { upTo: row?.finished ?? 0, at: row?.asked ?? 0 }
    },
    async putRewritten(upTo, at) {
      const row = { asked: at, finished: upTo }
      await kysely
        .insertInto('erasure_state')
        .values({ id: REWRITTEN, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute()
    },
  }
}

/** Something was deleted whose bytes must leave the files, too. */
async function askErasure(trx: Inside): Promise<void> {
  await trx
    .updateTable('erasure_state')
    .set((build) => ({ asked: build('asked', '+', 1) }))
    .where('id', '=', 1)
    .execute()
}
