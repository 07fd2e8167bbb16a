import { createHash } from 'node:crypto'
import type { Database, Vault } from '@netcert/agent'
import {
  openContent,
  type RecordContent,
  sealContent,
  subjectOf,
  subjectTagOf,
} from './as-record-content.js'
import type { IssuerSchema } from './issuer-schema-store.js'

export type FoundRecord = {
  readonly content: Readonly<Record<string, unknown>>
  readonly expiresAt: number
  readonly consumedAt: number | null
}

export type RecordKey = { readonly model: string; readonly id: string }

/** All SQL about what the authorization server remembers. Times in seconds since 1970. */
export type RecordStore = {
  /** Writes a record, over one of the same name. Whether it was consumed stays as it is. */
  put(key: RecordKey, content: RecordContent, expiresAt: number): Promise<void>
  /** `false` when there is one of that name: of many callers one gets `true`. */
  putOnce(key: RecordKey, expiresAt: number): Promise<boolean>
  get(key: RecordKey): Promise<FoundRecord | undefined>
  getByUid(model: string, uid: string): Promise<FoundRecord | undefined>
  /** `true` for exactly one caller, ever. */
  consume(key: RecordKey, at: number): Promise<boolean>
  remove(key: RecordKey): Promise<void>
  /** Removes what belongs to a grant: codes and tokens alike. */
  removeByGrant(model: string, grantId: string): Promise<void>
}

/** Records of one sort last no longer than a fortnight; this bounds those without an end. */
const LONGEST_SECONDS = 400 * 24 * 3600

/** The name a secret has in the database. It is random and long, so its hash says nothing. */
export function recordHash(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('base64url')
}

/** Records lie sealed under hashes of their names: whoever reads the table can use none of them. */
export function createRecordStore(options: {
  readonly database: Database<IssuerSchema>
  readonly vault: Vault
}): RecordStore {
  const { database, vault } = options
  return {
    ...recordQueries(database, vault),
    ...recordWrites(database, vault),
    ...recordEnds(database),
  }
}

type Queries = 'get' | 'getByUid'
type Writes = 'put' | 'putOnce'

function recordQueries(
  { kysely }: Database<IssuerSchema>,
  vault: Vault,
): Pick<RecordStore, Queries> {
  const records = kysely.selectFrom('as_records').selectAll()
  const open = (row: IssuerSchema['as_records']): FoundRecord => ({
    content: openContent(vault, row),
    expiresAt: row.expires_at,
    consumedAt: row.consumed_at,
  })
  return {
    async get({ model, id }) {
      const row = await records
        .where('model', '=', model)
        .where('id', '=', recordHash(id))
        .executeTakeFirst()
      return row === undefined ? undefined : open(row)
    },
    async getByUid(model, uid) {
      const row = await records
        .where('model', '=', model)
        .where('uid', '=', recordHash(uid))
        .executeTakeFirst()
      return row === undefined ? undefined : open(row)
    },
  }
}

function recordWrites({ kysely }: Database<IssuerSchema>, vault: Vault): Pick<RecordStore, Writes> {
  const rowOf = (key: RecordKey, content: RecordContent, expiresAt: number) => {
    const id = recordHash(key.id)
    const subject = subjectOf(content)
    return {
      model: key.model,
      id,
      grant_id: content.grantId === undefined ? null : recordHash(content.grantId),
      uid: content.uid === undefined ? null : recordHash(content.uid),
      // Empty where it is about nobody, so that none is mistaken for one from before.
      subject_tag: subject === undefined ? '' : subjectTagOf(vault, subject),
      sealed: sealContent(vault, { model: key.model, id }, content),
      expires_at: expiresAt,
      consumed_at: null,
    }
  }
  return {
    async put(key, content, expiresAt) {
      const { model, id, consumed_at, ...rest } = rowOf(key, content, expiresAt)
      await kysely
        .insertInto('as_records')
        .values({ model, id, consumed_at, ...rest })
        .onConflict((conflict) => conflict.columns(['model', 'id']).doUpdateSet(rest))
        .execute()
    },
    async putOnce(key, expiresAt) {
      const result = await kysely
        .insertInto('as_records')
        .values(rowOf(key, {}, expiresAt))
        .onConflict((conflict) => conflict.columns(['model', 'id']).doNothing())
        .executeTakeFirst()
      return Number(result.numInsertedOrUpdatedRows ?? 0) === 1
    },
  }
}

function recordEnds({ kysely }: Database<IssuerSchema>): Omit<RecordStore, Queries | Writes> {
  return {
    async consume({ model, id }, at) {
      const result = await kysely
        .updateTable('as_records')
        .set({ consumed_at: at })
        .where('model', '=', model)
        .where('id', '=', recordHash(id))
        .where('consumed_at', 'is', null)
        .executeTakeFirst()
      return Number(result.numUpdatedRows) === 1
    },
    async remove({ model, id }) {
      await kysely
        .deleteFrom('as_records')
        .where('model', '=', model)
        .where('id', '=', recordHash(id))
        .execute()
    },
    async removeByGrant(model, grantId) {
      await kysely
        .deleteFrom('as_records')
        .where('model', '=', model)
        .where('grant_id', '=', recordHash(grantId))
        .execute()
    },
  }
}

/** When a record ends; one without an end of its own gets a far one. */
export function recordEnd(now: number, lifetimeSeconds: number | undefined): number {
  return now + Math.min(lifetimeSeconds ?? LONGEST_SECONDS, LONGEST_SECONDS)
}
