import type { Database } from '@netcert/agent'
import { sql, type Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'

type Inside = Transaction<IssuerSchema>
export type StoredRevocationCode = IssuerSchema['revocation_codes']

/** A name under which tries are counted, and how many there may be in a window. */
export type CountedName = { readonly name: string; readonly limit: number }

/** Whom a code is of; `person` only where they are enrolled. */
export type CodeHolder = { readonly citizen: string; readonly person: string | null }

/** All SQL about revocation codes and the tries at them. */
export type RevocationCodeStore = {
  has(citizen: string): Promise<boolean>
  /**
   * Counts one try under every name, before it is looked at, in one statement: all of them, or none
   * where one of the names has none left. `false` then.
   */
  countTry(names: readonly CountedName[], at: number): Promise<boolean>
  /** Forgets tries of windows that are over. */
  sweepTries(at: number): Promise<void>
}

/** Tries are counted by the hour. */
const TRY_WINDOW_SECONDS = 3600

/** Ends a transaction without keeping anything of it. */
class NoneLeft extends Error {}

/** The tables `revocation_codes` and `code_tries` behind {@link RevocationCodeStore}. */
export function createRevocationCodeStore(database: Database<IssuerSchema>): RevocationCodeStore {
  const { kysely } = database
  return {
    async has(citizen) {
      const row = await kysely
        .selectFrom('revocation_codes')
        .select('locator')
        .where('citizen', '=', citizen)
        .executeTakeFirst()
      return row !== undefined
    },
    async countTry(names, at) {
      try {
        await database.transaction((trx) => countTry(trx, names, at))
        return true
      } catch (error) {
        if (error instanceof NoneLeft) return false
        throw error
      }
    },
    async sweepTries(at) {
      await kysely
        .deleteFrom('code_tries')
        .where('since', '<=', at - TRY_WINDOW_SECONDS)
        .execute()
    },
  }
}

async function countTry(trx: Inside, names: readonly CountedName[], at: number): Promise<void> {
  const over = at - TRY_WINDOW_SECONDS
  // In one order: of two tries at once neither waits for the other in turn.
  const rows = names
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, limit }) => ({ name, since: at, tries_left: limit - 1 }))
  const result = await trx
    .insertInto('code_tries')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({
          since: sql`case when code_tries.since <= ${over} then excluded.since
            else code_tries.since end`,
          tries_left: sql`case when code_tries.since <= ${over} then excluded.tries_left
            else code_tries.tries_left - 1 end`,
        })
        .where((build) =>
          build.or([build('code_tries.since', '<=', over), build('code_tries.tries_left', '>', 0)]),
        ),
    )
    .executeTakeFirst()
  if (Number(result.numInsertedOrUpdatedRows) !== rows.length) throw new NoneLeft()
}

/** Part of a transaction: the try was rightful and does not count. */
export async function giveBackTry(trx: Inside, names: readonly CountedName[]): Promise<void> {
  await trx
    .updateTable('code_tries')
    .set((build) => ({ tries_left: build('tries_left', '+', 1) }))
    .where(
      'name',
      'in',
      names.map(({ name }) => name),
    )
    .execute()
}

/** Part of a transaction: the citizen's only code from now on; `false` when its locator is taken. */
export async function putRevocationCode(trx: Inside, code: StoredRevocationCode): Promise<boolean> {
  await trx.deleteFrom('revocation_codes').where('citizen', '=', code.citizen).execute()
  const result = await trx
    .insertInto('revocation_codes')
    .values(code)
    .onConflict((conflict) => conflict.column('locator').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) === 1
}

/**
 * Part of a transaction: whose code that is, `undefined` where it is nobody's. With `spend` the code
 * works no more.
 */
export async function holderOfCode(
  trx: Inside,
  { locator, codeTag, spend }: { locator: string; codeTag: string; spend: boolean },
): Promise<CodeHolder | undefined> {
  const row = spend
    ? await trx
        .deleteFrom('revocation_codes')
        .where('locator', '=', locator)
        .where('code_tag', '=', codeTag)
        .returning('citizen')
        .executeTakeFirst()
    : await trx
        .selectFrom('revocation_codes')
        .select('citizen')
        .where('locator', '=', locator)
        .where('code_tag', '=', codeTag)
        .executeTakeFirst()
  if (row === undefined) return undefined
  return { citizen: row.citizen, person: (await personOf(trx, row.citizen)) ?? null }
}

/** Part of a transaction: the person of a citizen, as the audit log may name them. */
export async function personOf(trx: Inside, citizen: string): Promise<string | undefined> {
  const row = await trx
    .selectFrom('persons')
    .select('id')
    .where('citizen', '=', citizen)
    .executeTakeFirst()
  return row?.id
}
