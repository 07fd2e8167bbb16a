import type { Database } from '@netcert/agent'
import type { Kysely, Transaction } from 'kysely'
import { invalidToken } from './as-access-token.js'
import { IssuerError } from './issuer-error.js'
import type { IssuerSchema } from './issuer-schema-store.js'

type StoredDeferred = IssuerSchema['vci_deferred']
type StoredNotification = IssuerSchema['vci_notifications']
type Inside = Transaction<IssuerSchema>

export type UsedNonce = { readonly hash: string; readonly expiresAt: number }
export type NewNotification = Omit<StoredNotification, 'event' | 'event_at' | 'batch'>
export type NewDeferred = Omit<StoredDeferred, 'batch' | 'credentials' | 'delivered_at'>

/** All SQL about nonces of key proofs, deferred issuance and notifications. */
export type IssuanceStore = {
  isNonceUsed(hash: string): Promise<boolean>
  /** Used nonces on record, counted up to `most`. */
  countNonces(most: number): Promise<number>
  /** Inside the transaction that grants what the proof was for. @throws IssuerError `invalid_nonce` */
  useNonce(trx: Inside, nonce: UsedNonce): Promise<void>
  /**
   * Inside the transaction that writes on the strength of a grant: it waits for whoever ends the
   * grant, and whoever ends it then waits for this, and finds what was written.
   *
   * @throws IssuerError `access_token_invalid` when the grant is there no more.
   */
  assertGrant(trx: Inside, grantId: string): Promise<void>
  putNotification(trx: Inside, batch: string, notification: NewNotification): Promise<void>
  /** `false` when there is no such notification of that grant. Telling it twice changes nothing. */
  setEvent(told: {
    readonly idHash: string
    readonly grantId: string
    readonly event: string
    readonly at: number
  }): Promise<boolean>
  /**
   * A deferred transaction, and the nonce of its proofs with it.
   *
   * @throws IssuerError `invalid_nonce`, `access_token_invalid`
   */
  putDeferred(row: NewDeferred, nonce: UsedNonce): Promise<void>
  getDeferred(idHash: string): Promise<StoredDeferred | undefined>
  /** `false` when it has a plan already or was delivered. */
  setDeferredBatch(trx: Inside, idHash: string, batch: string): Promise<boolean>
  /** Ends it, and forgets keys and certificates. `false` when it was over already. */
  endDeferred(idHash: string, at: number): Promise<boolean>
}

/** The tables of nonces, put-off issuances and notifications behind {@link IssuanceStore}. */
export function createIssuanceStore(database: Database<IssuerSchema>): IssuanceStore {
  const { kysely } = database
  return {
    ...nonces(kysely),
    ...notifications(kysely),
    ...deferred(database),
    ...deferredSteps(kysely),
    assertGrant: (trx, grantId) => assertGrant(database, trx, grantId),
  }
}

async function assertGrant(
  { engine }: Database<IssuerSchema>,
  trx: Inside,
  grantId: string,
): Promise<void> {
  const grant = trx
    .selectFrom('as_records')
    .select('id')
    .where('model', '=', 'Grant')
    .where('id', '=', grantId)
  // SQLite has one writer at a time.
  const held = engine === 'postgres' ? grant.forShare() : grant
  if ((await held.executeTakeFirst()) === undefined) throw invalidToken()
}

async function useNonce(trx: Inside, { hash, expiresAt }: UsedNonce): Promise<void> {
  const result = await trx
    .insertInto('vci_used_nonces')
    .values({ nonce_hash: hash, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (Number(result.numInsertedOrUpdatedRows) === 1) return
  throw new IssuerError('invalid_nonce', 'The c_nonce was used already; take a fresh one.')
}

function nonces(
  kysely: Kysely<IssuerSchema>,
): Pick<IssuanceStore, 'isNonceUsed' | 'countNonces' | 'useNonce'> {
  return {
    async isNonceUsed(hash) {
      const row = await kysely
        .selectFrom('vci_used_nonces')
        .select('expires_at')
        .where('nonce_hash', '=', hash)
        .executeTakeFirst()
      return row !== undefined
    },
    async countNonces(most) {
      const some = kysely.selectFrom('vci_used_nonces').select('expires_at').limit(most)
      const { count } = await kysely
        .selectFrom(some.as('some'))
        .select((build) => build.fn.countAll().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    useNonce,
  }
}

function notifications(
  kysely: Kysely<IssuerSchema>,
): Pick<IssuanceStore, 'putNotification' | 'setEvent'> {
  return {
    async putNotification(trx, batch, notification) {
      const row = { ...notification, batch, event: null, event_at: null }
      await trx.insertInto('vci_notifications').values(row).execute()
    },
    async setEvent({ idHash, grantId, event, at }) {
      const mine = kysely
        .selectFrom('vci_notifications')
        .select('event')
        .where('id_hash', '=', idHash)
        .where('grant_id', '=', grantId)
      const row = await mine.executeTakeFirst()
      if (row === undefined) return false
      await kysely
        .updateTable('vci_notifications')
        .set({ event, event_at: at })
        .where('id_hash', '=', idHash)
        .where('grant_id', '=', grantId)
        .where((build) => build.or([build('event', 'is', null), build('event', '<>', event)]))
        .execute()
      return true
    },
  }
}

type DeferredOpening = 'putDeferred' | 'getDeferred'
type DeferredSteps = 'setDeferredBatch' | 'endDeferred'

function deferred(database: Database<IssuerSchema>): Pick<IssuanceStore, DeferredOpening> {
  const { kysely } = database
  return {
    putDeferred: (row, nonce) =>
      database.transaction(async (trx) => {
        await assertGrant(database, trx, row.grant_id)
        await useNonce(trx, nonce)
        const whole = { ...row, batch: null, credentials: null, delivered_at: null }
        await trx.insertInto('vci_deferred').values(whole).execute()
      }),
    getDeferred: (idHash) =>
      kysely
        .selectFrom('vci_deferred')
        .selectAll()
        .where('id_hash', '=', idHash)
        .executeTakeFirst(),
  }
}

/** Each step is taken once: a second attempt at it finds nothing left to do. */
function deferredSteps(kysely: Kysely<IssuerSchema>): Pick<IssuanceStore, DeferredSteps> {
  const open = (executor: Kysely<IssuerSchema>, idHash: string) =>
    executor
      .updateTable('vci_deferred')
      .where('id_hash', '=', idHash)
      .where('delivered_at', 'is', null)
  return {
    async setDeferredBatch(trx, idHash, batch) {
      const result = await open(trx, idHash)
        .set({ batch })
        .where('batch', 'is', null)
        .executeTakeFirst()
      return Number(result.numUpdatedRows) === 1
    },
    async endDeferred(idHash, at) {
      const result = await open(kysely, idHash)
        .set({ delivered_at: at, credentials: null, holder_keys: null })
        .executeTakeFirst()
      return Number(result.numUpdatedRows) === 1
    },
  }
}
