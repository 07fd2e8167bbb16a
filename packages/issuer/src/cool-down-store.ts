import type { Database } from '@netcert/agent'
import type { IssuerSchema } from './issuer-schema-store.js'
import { insertPerson, type NewPerson, type Stands } from './person-store.js'

/** What enrolling found of an earlier enrolment, and still has to hold when it is committed. */
export type SeenCoolDown = {
  readonly tag: string
  /** The sealed salt; `undefined` where there is no cool-down. */
  readonly sealed: string | undefined
  /** Seconds since 1970. */
  readonly at: number
}

/** All SQL about what outlives a cancelled person for a while. */
export type CoolDownStore = {
  /** The sealed salt of somebody who cancelled not long ago. */
  get(tag: string, at: number): Promise<string | undefined>
  /**
   * Enrols somebody and ends their cool-down, in one transaction. `false` when they are enrolled by
   * now, or their cool-down is another than what was seen. Throws what `stands` throws.
   */
  enrol(person: NewPerson, seen: SeenCoolDown, stands: Stands): Promise<boolean>
  /** Tells how many ended. */
  deleteExpired(at: number): Promise<number>
}

/** Ends a transaction without keeping anything of it. */
class SeenOtherwise extends Error {}

/** The table `number_cool_downs` behind {@link CoolDownStore}. */
export function createCoolDownStore(database: Database<IssuerSchema>): CoolDownStore {
  const { kysely } = database
  return {
    async get(tag, at) {
      const row = await kysely
        .selectFrom('number_cool_downs')
        .select('sealed')
        .where('tag', '=', tag)
        .where('until', '>', at)
        .executeTakeFirst()
      return row?.sealed
    },
    enrol: (person, seen, stands) => enrol(database, person, seen, stands),
    async deleteExpired(at) {
      const result = await kysely
        .deleteFrom('number_cool_downs')
        .where('until', '<=', at)
        .executeTakeFirst()
      return Number(result.numDeletedRows)
    },
  }
}

/**
 * The person comes first: the unique tag makes this wait for whoever enrols or cancels the same one,
 * so that cool-down and grant are looked at as they are after them.
 */
async function enrol(
  database: Database<IssuerSchema>,
  person: NewPerson,
  { tag, sealed, at }: SeenCoolDown,
  stands: Stands,
): Promise<boolean> {
  try {
    return await database.transaction(async (trx) => {
      if (!(await insertPerson(trx, person))) return false
      await stands(trx)
      const row = await trx
        .deleteFrom('number_cool_downs')
        .where('tag', '=', tag)
        .returning(['sealed', 'until'])
        .executeTakeFirst()
      const found = row !== undefined && row.until > at ? row.sealed : undefined
      if (found !== sealed) throw new SeenOtherwise()
      return true
    })
  } catch (error) {
    if (error instanceof SeenOtherwise) return false
    throw error
  }
}
