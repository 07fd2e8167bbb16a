import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import { type AlsoRecorded, nothingElse } from './audit/audit-trail.js'
import type { IssuerSchema } from './issuer-schema-store.js'
import { createListVersionStore, type ListVersionStore } from './list-version-store.js'
import { type Revocation, revokeAll } from './platform-store.js'

export type StoredAccreditation = IssuerSchema['accreditations']
export type RegistrarList = IssuerSchema['registrar_lists']

/**
 * Accreditations stand on short lists in the order they were made: who is accredited is public, so
 * there is nothing that an order could give away.
 */
export const REGISTRAR_LIST_SIZE = 65_536

/** A place that no other accreditation has or will have. */
export type RegistrarPlace = { readonly list: number; readonly sequence: number }

/** What is stored of a new accreditation. */
export type AccreditationRow = Omit<StoredAccreditation, 'revoked_at' | 'revoked_reason'>

/** What must still be so when an accreditation is stored. */
export type AccreditationGuard = {
  readonly renews: string | null
  /** The text of the registration that was signed. */
  readonly signedFor: string
}

/** All SQL about accreditations and the registrar's status lists. `also` commits with the change. */
export type AccreditationStore = ListVersionStore & {
  /** A place on a list of the registrar's key of that alias. */
  takePlace(registrar: string): Promise<RegistrarPlace>
  /**
   * `false` when the platform is removed at that moment or registered otherwise than it was `signedFor`,
   * or the accreditation it `renews` is revoked or not the newest any more.
   */
  put(row: AccreditationRow, guard: AccreditationGuard, also?: AlsoRecorded): Promise<boolean>
  get(id: string): Promise<StoredAccreditation | undefined>
  /** Neither expired nor revoked; of one platform, or of all. Newest first. */
  current(at: number, platform?: string): Promise<readonly StoredAccreditation[]>
  /** The newest of each platform and purpose, whatever became of it. */
  newest(): Promise<readonly StoredAccreditation[]>
  /** Gives how many were revoked now. */
  revoke(
    platform: string,
    revocation: Revocation & { readonly purpose?: string },
    also?: AlsoRecorded,
  ): Promise<number>
  revokedOn(list: number): Promise<readonly number[]>
  lists(): Promise<readonly RegistrarList[]>
}

/** The tables `accreditations` and `registrar_lists` behind {@link AccreditationStore}. */
export function createAccreditationStore(database: Database<IssuerSchema>): AccreditationStore {
  return { ...accreditationRows(database), ...listRows(database) }
}

type Rows = Pick<AccreditationStore, 'put' | 'get' | 'current' | 'newest' | 'revoke'>

function accreditationRows(database: Database<IssuerSchema>): Rows {
  const { kysely } = database
  const rows = kysely.selectFrom('accreditations').selectAll()
  return {
    put: (row, guard, also = nothingElse) =>
      database.transaction(async (trx) => {
        if (!(await putAccreditation(trx, row, guard))) return false
        await also(trx)
        return true
      }),
    get: (id) => rows.where('id', '=', id).executeTakeFirst(),
    current(at, platform) {
      const current = rows
        .where('expires_at', '>', at)
        .where('revoked_at', 'is', null)
        .orderBy('issued_at', 'desc')
        .orderBy('list', 'desc')
        .orderBy('sequence', 'desc')
      return (platform === undefined ? current : current.where('platform', '=', platform)).execute()
    },
    async newest() {
      const all = await rows.orderBy('list').orderBy('sequence').execute()
      // Numbers only grow: of two accreditations for one purpose the later one is the newer.
      const newest = new Map(all.map((row) => [`${row.platform} ${row.purpose}`, row]))
      return [...newest.values()]
    },
    revoke: (platform, revocation, also = nothingElse) =>
      database.transaction(async (trx) => {
        await lockPlatform(trx, platform)
        const revoked = await revokeAll(trx, platform, revocation)
        if (revoked > 0) await also(trx)
        return revoked
      }),
  }
}

async function putAccreditation(
  trx: Transaction<IssuerSchema>,
  row: AccreditationRow,
  { renews, signedFor }: AccreditationGuard,
): Promise<boolean> {
  // Whoever removes, revokes or changes holds the same row: it comes before, and is seen, or after.
  if ((await lockPlatform(trx, row.platform)) !== signedFor) return false
  if (renews !== null) {
    const newest = await trx
      .selectFrom('accreditations')
      .select(['id', 'revoked_at'])
      .where('platform', '=', row.platform)
      .where('purpose', '=', row.purpose)
      .orderBy('list', 'desc')
      .orderBy('sequence', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (newest?.id !== renews || newest.revoked_at !== null) return false
  }
  await trx
    .insertInto('accreditations')
    .values({ ...row, revoked_at: null, revoked_reason: null })
    .execute()
  return true
}

/** Holds the row of a platform until the transaction ends; `null` when it is removed or unknown. */
async function lockPlatform(trx: Transaction<IssuerSchema>, id: string): Promise<string | null> {
  const locked = await trx
    .updateTable('platforms')
    .set((build) => ({ changed_at: build.ref('changed_at') }))
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .returning('registration')
    .executeTakeFirst()
  return locked?.registration ?? null
}

type Lists = Omit<AccreditationStore, keyof Rows>

function listRows(database: Database<IssuerSchema>): Lists {
  const { kysely } = database
  return {
    takePlace: (registrar) => takePlace(kysely, registrar),
    async revokedOn(list) {
      const rows = await kysely
        .selectFrom('accreditations')
        .select('sequence')
        .where('list', '=', list)
        .where('revoked_at', 'is not', null)
        .execute()
      return rows.map(({ sequence }) => sequence)
    },
    lists: () => kysely.selectFrom('registrar_lists').selectAll().orderBy('list').execute(),
    ...createListVersionStore(database, 'registrar_lists'),
  }
}

/** One conditional statement counts and reads: a number taken is never given again. */
async function takePlace(
  kysely: Database<IssuerSchema>['kysely'],
  registrar: string,
): Promise<RegistrarPlace> {
  for (;;) {
    const row = await kysely
      .updateTable('registrar_lists')
      .set((build) => ({ next_sequence: build('next_sequence', '+', 1) }))
      .where('list', '=', (build) =>
        build
          .selectFrom('registrar_lists')
          .select((inner) => inner.fn.max('list').as('newest'))
          .where('registrar', '=', registrar),
      )
      .where('next_sequence', '<', REGISTRAR_LIST_SIZE)
      .returning(['list', 'next_sequence'])
      .executeTakeFirst()
    if (row !== undefined) return { list: row.list, sequence: row.next_sequence - 1 }
    await openNextList(kysely, registrar)
  }
}

/** Another process may have opened one meanwhile: it is not full, so it is used. */
async function openNextList(
  kysely: Database<IssuerSchema>['kysely'],
  registrar: string,
): Promise<void> {
  const lists = await kysely
    .selectFrom('registrar_lists')
    .select(['list', 'registrar', 'next_sequence'])
    .orderBy('list', 'desc')
    .execute()
  const newest = lists.find((list) => list.registrar === registrar)
  if (newest !== undefined && newest.next_sequence < REGISTRAR_LIST_SIZE) return
  const empty = { next_sequence: 0, version: 0, published_at: 0 }
  await kysely
    .insertInto('registrar_lists')
    .values({ list: (lists[0]?.list ?? 0) + 1, registrar, ...empty })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
