import { NETWORK_CERTIFICATE } from '@netcert/credential'
import type { CopyKind } from '@netcert/issuer'
import { afterEach, beforeEach } from 'vitest'
import type { IssuerSchema } from '../packages/issuer/src/issuer-schema-store.js'
import type { PlannedBatch } from '../packages/issuer/src/minting.js'
import { type OpenedIssuerGround, openIssuerGround } from '../packages/issuer/src/open.js'
import type { TestDatabases } from './database-engines.js'
import { type IssuerFamily, issuerFamily } from './issuer-family.js'
import { holderKeys } from './issuer-ground.js'

/** An issuer whose plans can be made and tampered with before they are signed. */
export type SigningGround = {
  readonly family: IssuerFamily
  readonly opened: OpenedIssuerGround
  /** Commits a plan for the parent. */
  plan(copies?: CopyKind, keys?: number): Promise<PlannedBatch>
  /** Writes a plan that the issuer never makes, for the person of `like`; gives its reference. */
  forgePlan(like: PlannedBatch, changes: Partial<IssuerSchema['batches']>): Promise<string>
  /** Batches that count as signed, with their copies. */
  counted(): Promise<ReadonlyMap<string, number>>
}

/** Call inside a `describe`; it is there within its tests. */
export function signingGround(databases: TestDatabases): SigningGround {
  const family = issuerFamily(databases)
  let opened: OpenedIssuerGround | undefined
  const started = () => {
    if (opened === undefined) throw new Error('the issuer is there within a test only')
    return opened
  }
  beforeEach(async () => {
    opened = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
  })
  afterEach(() => opened?.close())
  const database = () => started().ground.database.kysely
  return {
    family,
    get opened() {
      return started()
    },
    plan: async (copies = 'one-time', keys = 10) =>
      started().issuer.plan(
        {
          citizen: family.person('parent'),
          type: NETWORK_CERTIFICATE,
          copies,
          holderJwks: await holderKeys(keys),
        },
        { stands: async () => {}, also: async () => {} },
      ),
    async forgePlan(like, changes) {
      const row = await database()
        .selectFrom('batches')
        .selectAll()
        .where('id', '=', like.batch)
        .executeTakeFirstOrThrow()
      const id = changes.id ?? `b_${like.batch.slice(2).split('').reverse().join('')}`
      const first_sequence = row.first_sequence === null ? null : row.first_sequence + 1000
      await database()
        .insertInto('batches')
        .values({ ...row, first_sequence, ...changes, id })
        .execute()
      return id
    },
    async counted() {
      const rows = await database().selectFrom('signatures').selectAll().execute()
      return new Map(rows.map(({ batch, copies }) => [batch, copies]))
    },
  }
}
