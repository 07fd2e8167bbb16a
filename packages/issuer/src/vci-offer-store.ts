import type { Database } from '@netcert/agent'
import { sql } from 'kysely'
import { type AlsoRecorded, nothingElse } from './audit/audit-trail.js'
import type { IssuerSchema } from './issuer-schema-store.js'

export type StoredOffer = IssuerSchema['vci_offers']

/** Wrong transaction codes after which the right one is not taken any more. */
export const WRONG_CODES_ALLOWED = 5

export type Redemption = {
  readonly codeHash: string
  /** `null` where the request had no transaction code. */
  readonly txHash: string | null
  readonly at: number
}

/** All SQL about credential offers. */
export type OfferStore = {
  /** `also` commits with it. */
  put(offer: StoredOffer, also?: AlsoRecorded): Promise<void>
  get(id: string): Promise<StoredOffer | undefined>
  getByReference(hash: string): Promise<StoredOffer | undefined>
  getByCode(hash: string): Promise<StoredOffer | undefined>
  getByState(hash: string): Promise<StoredOffer | undefined>
  /**
   * One statement that redeems the code, or counts a wrong guess, or does nothing: the row as it is
   * then, `undefined` when nothing was done.
   */
  redeem(redemption: Redemption): Promise<StoredOffer | undefined>
}

export function createOfferStore(database: Database<IssuerSchema>): OfferStore {
  const { kysely } = database
  const by = (column: 'id' | 'reference_hash' | 'code_hash' | 'state_hash', value: string) =>
    kysely.selectFrom('vci_offers').selectAll().where(column, '=', value).executeTakeFirst()
  return {
    put: (offer, also = nothingElse) =>
      database.transaction(async (trx) => {
        await trx.insertInto('vci_offers').values(offer).execute()
        await also(trx)
      }),
    get: (id) => by('id', id),
    getByReference: (hash) => by('reference_hash', hash),
    getByCode: (hash) => by('code_hash', hash),
    getByState: (hash) => by('state_hash', hash),
    redeem: ({ codeHash, txHash, at }) =>
      kysely
        .updateTable('vci_offers')
        .set(txHash === null ? { redeemed_at: at } : judgeGuess(txHash, at))
        .where('code_hash', '=', codeHash)
        .where('redeemed_at', 'is', null)
        .where('expires_at', '>', at)
        .where('guesses', '<', WRONG_CODES_ALLOWED)
        .where('tx_hash', txHash === null ? 'is' : 'is not', null)
        .returningAll()
        .executeTakeFirst(),
  }
}

/** The casts tell PostgreSQL what it cannot infer of a parameter. */
function judgeGuess(txHash: string, at: number) {
  const right = sql<boolean>`tx_hash = cast(${txHash} as text)`
  return {
    redeemed_at: sql<number | null>`case when ${right} then cast(${at} as bigint) else null end`,
    guesses: sql<number>`case when ${right} then guesses else guesses + 1 end`,
  }
}
