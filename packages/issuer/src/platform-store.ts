import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import { type AlsoRecorded, nothingElse } from './audit/audit-trail.js'
import type { IssuerSchema } from './issuer-schema-store.js'

export type StoredPlatform = IssuerSchema['platforms']
export type StoredReport = IssuerSchema['platform_reports']

/** A platform as it is registered or changed. */
export type PlatformRow = Omit<StoredPlatform, 'removed_at' | 'removed_reason'>

/** What came of storing a platform. */
export type PutPlatform = 'stored' | 'id_taken' | 'key_taken'

/** All SQL about platforms and reports on them. `also` commits with the change. */
export type PlatformStore = {
  put(platform: PlatformRow, also?: AlsoRecorded): Promise<PutPlatform>
  /** Changes what is registered; `id_taken` when it is removed, or of another operator. */
  replace(platform: Omit<PlatformRow, 'registered_at'>, also?: AlsoRecorded): Promise<PutPlatform>
  get(id: string): Promise<StoredPlatform | undefined>
  /** Every platform that ever was, by id; removed ones too. */
  list(): Promise<readonly StoredPlatform[]>
  /** Platforms of others whose name, in one language, looks the same. */
  lookingLike(row: PlatformRow): Promise<readonly { readonly id: string }[]>
  /** Leaves the tombstone and revokes what was accredited; `false` when there is nothing to remove. */
  remove(id: string, at: number, reason: string, also?: AlsoRecorded): Promise<boolean>
  /** The id it has: that of the first report of the same request. */
  putReport(report: StoredReport): Promise<string>
  /** Newest first. */
  reports(options: {
    readonly limit: number
    readonly platform?: string
  }): Promise<readonly StoredReport[]>
}

/** The tables of platforms and reports behind {@link PlatformStore}. */
export function createPlatformStore(database: Database<IssuerSchema>): PlatformStore {
  return { ...platformRows(database), ...reportRows(database) }
}

type PlatformRows = Omit<PlatformStore, 'putReport' | 'reports'>

function platformRows(database: Database<IssuerSchema>): PlatformRows {
  const { kysely } = database
  return {
    put: (platform, also = nothingElse) =>
      database.transaction((trx) => putPlatform(trx, platform, also)),
    replace: (platform, also = nothingElse) =>
      database.transaction((trx) => replacePlatform(trx, platform, also)),
    get: (id) => kysely.selectFrom('platforms').selectAll().where('id', '=', id).executeTakeFirst(),
    list: () => kysely.selectFrom('platforms').selectAll().orderBy('id').execute(),
    lookingLike: (row) =>
      kysely
        .selectFrom('platforms')
        .select('id')
        .where('id', '<>', row.id)
        .where('operator', '<>', row.operator)
        .where('removed_at', 'is', null)
        .where((build) =>
          build.or([
            build('skeleton_zh', 'in', [row.skeleton_zh, row.skeleton_en]),
            build('skeleton_en', 'in', [row.skeleton_zh, row.skeleton_en]),
          ]),
        )
        .execute(),
    remove: (id, at, reason, also = nothingElse) =>
      database.transaction(async (trx) => {
        // The platform's row is locked first: nothing is accredited meanwhile.
        const removed = await trx
          .updateTable('platforms')
          .set({ removed_at: at, removed_reason: reason })
          .where('id', '=', id)
          .where('removed_at', 'is', null)
          .executeTakeFirst()
        if (Number(removed.numUpdatedRows) === 0) return false
        await revokeAll(trx, id, { at, reason })
        await also(trx)
        return true
      }),
  }
}

function reportRows({ kysely }: Database<IssuerSchema>) {
  return {
    async putReport(report: StoredReport): Promise<string> {
      await kysely
        .insertInto('platform_reports')
        .values(report)
        .onConflict((conflict) => conflict.column('request').doNothing())
        .execute()
      const first = kysely.selectFrom('platform_reports').select('id')
      return (await first.where('request', '=', report.request).executeTakeFirstOrThrow()).id
    },
    reports({ limit, platform }: { readonly limit: number; readonly platform?: string }) {
      const newest = kysely
        .selectFrom('platform_reports')
        .selectAll()
        .orderBy('reported_at', 'desc')
        .orderBy('id')
        .limit(limit)
      return (platform === undefined ? newest : newest.where('platform', '=', platform)).execute()
    },
  }
}

async function putPlatform(
  trx: Transaction<IssuerSchema>,
  platform: PlatformRow,
  also: AlsoRecorded,
): Promise<PutPlatform> {
  const values = { ...platform, removed_at: null, removed_reason: null }
  const result = await trx
    .insertInto('platforms')
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (Number(result.numInsertedOrUpdatedRows) === 1) {
    await also(trx)
    return 'stored'
  }
  const same = trx.selectFrom('platforms').select('id').where('id', '=', platform.id)
  return (await same.executeTakeFirst()) === undefined ? 'key_taken' : 'id_taken'
}

async function replacePlatform(
  trx: Transaction<IssuerSchema>,
  { id, operator, ...changed }: Omit<PlatformRow, 'registered_at'>,
  also: AlsoRecorded,
): Promise<PutPlatform> {
  const taken = await trx
    .selectFrom('platforms')
    .select('id')
    .where('request_key', '=', changed.request_key)
    .where('id', '<>', id)
    .executeTakeFirst()
  if (taken !== undefined) return 'key_taken'
  const update = trx
    .updateTable('platforms')
    .set(changed)
    .where('id', '=', id)
    .where('operator', '=', operator)
    .where('removed_at', 'is', null)
  if (Number((await update.executeTakeFirst()).numUpdatedRows) !== 1) return 'id_taken'
  await also(trx)
  return 'stored'
}

/** Why and when. */
export type Revocation = { readonly at: number; readonly reason: string }

/** Revokes what is not revoked yet, of one purpose or of all; gives how many. */
export async function revokeAll(
  trx: Transaction<IssuerSchema>,
  platform: string,
  { at, reason, purpose }: Revocation & { readonly purpose?: string },
): Promise<number> {
  const all = trx
    .updateTable('accreditations')
    .set({ revoked_at: at, revoked_reason: reason })
    .where('platform', '=', platform)
    .where('revoked_at', 'is', null)
  const update = purpose === undefined ? all : all.where('purpose', '=', purpose)
  return Number((await update.executeTakeFirst()).numUpdatedRows)
}
