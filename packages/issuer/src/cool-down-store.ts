import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import type { CoolDownRow } from './cool-down.js'
import type { IssuerSchema } from './issuer-schema-store.js'
import { EnrolledElsewhere, insertPerson, type NewPerson, type Stands } from './person-store.js'

type Inside = Transaction<IssuerSchema>

/** What enrolling found of an earlier enrolment, and still has to hold when it is committed. */
export type SeenCoolDown = {
  readonly tags: readonly string[]
  /** The sealed salt; `undefined` where there is no cool-down. */
  readonly sealed: string | undefined
  /** Seconds since 1970. */
  readonly at: number
}

/** All SQL about what outlives a cancelled person for a while. */
export type CoolDownStore = {
  /** The newest row under one of these tags, of somebody who cancelled not long ago. */
  get(tags: readonly string[], at: number): Promise<CoolDownRow | undefined>
  /**
   * Enrols somebody and ends their cool-down, in one transaction. `false` when they are enrolled by
   * now, or their cool-down is another than what was seen. Throws what `stands` throws.
   */
  enrol(person: NewPerson, seen: SeenCoolDown, stands: Stands): Promise<boolean>
}

/** Ends a transaction without keeping anything of it. */
class SeenOtherwise extends Error {}

/** The table `number_cool_downs` behind {@link CoolDownStore}. */
export function createCoolDownStore(database: Database<IssuerSchema>): CoolDownStore {
  const { kysely } = database
  return {
    get: async (tags, at) =>
      newest(
        await kysely
          .selectFrom('number_cool_downs')
          .selectAll()
          .where('tag', 'in', [...tags, ''])
          .execute(),
        at,
      ),
    enrol: (person, seen, stands) => enrol(database, person, seen, stands),
  }
}

/** One of them, the same for all who look: several documents have several rows. */
function newest(rows: readonly CoolDownRow[], at: number): CoolDownRow | undefined {
  return rows
    .filter(({ until }) => until > at)
    .toSorted((one, other) => other.until - one.until || (one.tag < other.tag ? -1 : 1))
    .at(0)
}

/**
 * The person comes first: the unique tag makes this wait for whoever enrols or cancels the same one,
 * so that cool-down and grant are looked at as they are after them.
 */
async function enrol(
  database: Database<IssuerSchema>,
  person: NewPerson,
  { tags, sealed, at }: SeenCoolDown,
  stands: Stands,
): Promise<boolean> {
  try {
    return await database.transaction(async (trx) => {
      if (!(await insertPerson(trx, person))) return false
      await stands(trx)
      const rows = await endCoolDown(trx, tags)
      if (newest(rows, at)?.sealed !== sealed) throw new SeenOtherwise()
      return true
    })
  } catch (error) {
    if (error instanceof SeenOtherwise || error instanceof EnrolledElsewhere) return false
    throw error
  }
}

async function endCoolDown(trx: Inside, tags: readonly string[]): Promise<CoolDownRow[]> {
  return trx
    .deleteFrom('number_cool_downs')
    .where('tag', 'in', [...tags, ''])
    .returningAll()
    .execute()
}
