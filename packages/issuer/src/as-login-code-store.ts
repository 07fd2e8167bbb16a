import type { Database } from '@netcert/agent'
import type { IssuerSchema } from './issuer-schema-store.js'

export type StoredLoginCode = IssuerSchema['as_login_codes']

export type LoginCodeKey = { readonly interaction: string; readonly attempt: number }

/** All SQL about one-time codes of people who are logging in. */
export type LoginCodeStore = {
  /** `false` when another request has just put one of that number. */
  put(code: StoredLoginCode): Promise<boolean>
  /** The code in force: the last one sent. */
  newest(interaction: string): Promise<StoredLoginCode | undefined>
  /** How many codes went to this person since then. */
  countSince(citizen: string, since: number): Promise<number>
  /**
   * Counts a guess before it is looked at, so that parallel ones are counted too. `false` when no
   * guess is left, or the code has ended or was used.
   */
  countGuess(
    key: LoginCodeKey,
    options: { readonly at: number; readonly limit: number },
  ): Promise<boolean>
  /** `true` for exactly one caller. */
  use(key: LoginCodeKey, at: number): Promise<boolean>
}

export function createLoginCodeStore({ kysely }: Database<IssuerSchema>): LoginCodeStore {
  const codes = kysely.selectFrom('as_login_codes')
  return {
    async put(code) {
      const result = await kysely
        .insertInto('as_login_codes')
        .values(code)
        .onConflict((conflict) => conflict.columns(['interaction', 'attempt']).doNothing())
        .executeTakeFirst()
      return Number(result.numInsertedOrUpdatedRows ?? 0) === 1
    },
    newest: (interaction) =>
      codes
        .selectAll()
        .where('interaction', '=', interaction)
        .orderBy('attempt', 'desc')
        .limit(1)
        .executeTakeFirst(),
    async countSince(citizen, since) {
      const row = await codes
        .select((build) => build.fn.countAll<number>().as('count'))
        .where('citizen', '=', citizen)
        .where('sent_at', '>=', since)
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },
    ...codeChanges({ kysely }),
  }
}

type Changes = 'countGuess' | 'use'

function codeChanges({
  kysely,
}: Pick<Database<IssuerSchema>, 'kysely'>): Pick<LoginCodeStore, Changes> {
  return {
    async countGuess({ interaction, attempt }, { at, limit }) {
      const result = await kysely
        .updateTable('as_login_codes')
        .set((build) => ({ guesses: build('guesses', '+', 1) }))
        .where('interaction', '=', interaction)
        .where('attempt', '=', attempt)
        .where('guesses', '<', limit)
        .where('expires_at', '>', at)
        .where('used_at', 'is', null)
        .executeTakeFirst()
      return Number(result.numUpdatedRows) === 1
    },
    async use({ interaction, attempt }, at) {
      const result = await kysely
        .updateTable('as_login_codes')
        .set({ used_at: at })
        .where('interaction', '=', interaction)
        .where('attempt', '=', attempt)
        .where('used_at', 'is', null)
        .executeTakeFirst()
      return Number(result.numUpdatedRows) === 1
    },
  }
}
