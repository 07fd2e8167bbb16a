import type { Database } from '@netcert/agent'
import type { SourceSchema, StoredCitizen } from '../source-store.js'

/** All SQL of correcting a row of the authentic source. */
export type SourceCorrectionStore = {
  get(reference: string): Promise<StoredCitizen | undefined>
  /** First documents of people, by reference. */
  guardiansOf(reference: string): Promise<readonly StoredCitizen[]>
  /**
   * Replaces a row, in one transaction with the number it is found by; the number before keeps
   * leading to the same person. `overtaken` when the row is another by now.
   */
  replace(before: StoredCitizen, after: StoredCitizen): Promise<'done' | 'overtaken' | 'taken'>
}

/** Ends a transaction without keeping anything of it. */
class NotReplaced extends Error {
  readonly why: 'overtaken' | 'taken'
  constructor(why: 'overtaken' | 'taken') {
    super(why)
    this.why = why
  }
}

/** The tables `citizens` and `citizen_numbers` behind {@link SourceCorrectionStore}. */
export function createSourceCorrectionStore(
  database: Database<SourceSchema>,
): SourceCorrectionStore {
  const { kysely } = database
  return {
    get: (reference) =>
      kysely
        .selectFrom('citizens')
        .selectAll()
        .where('reference', '=', reference)
        .executeTakeFirst(),
    guardiansOf: (reference) =>
      kysely
        .selectFrom('guardian_links')
        .innerJoin('citizens', 'citizens.reference', 'guardian_links.guardian')
        .selectAll('citizens')
        .where('guardian_links.ward', '=', reference)
        .orderBy('guardian_links.position')
        .execute(),
    async replace(before, after) {
      try {
        await replace(database, before, after)
        return 'done'
      } catch (error) {
        if (error instanceof NotReplaced) return error.why
        throw error
      }
    },
  }
}

function replace(
  database: Database<SourceSchema>,
  before: StoredCitizen,
  { number_tag, fingerprint, wrapped_key, sealed }: StoredCitizen,
): Promise<void> {
  return database.transaction(async (trx) => {
    const { reference } = before
    const taken = await trx
      .insertInto('citizen_numbers')
      // The first document's type and number stand in the person's own row.
      .values({ number_tag, reference, wrapped_key: null, sealed: null })
      .onConflict((conflict) =>
        conflict
          .column('number_tag')
          .doUpdateSet({ wrapped_key: null, sealed: null })
          .where('citizen_numbers.reference', '=', reference),
      )
      .executeTakeFirst()
    if (Number(taken.numInsertedOrUpdatedRows) !== 1) throw new NotReplaced('taken')
    const result = await trx
      .updateTable('citizens')
      .set({ number_tag, fingerprint, wrapped_key, sealed })
      .where('reference', '=', reference)
      .where('sealed', '=', before.sealed)
      .executeTakeFirst()
    if (Number(result.numUpdatedRows) !== 1) throw new NotReplaced('overtaken')
  })
}
