import { epochSeconds } from '@netcert/credential'
import { type Kysely, sql } from 'kysely'
import { actKey } from './memory-minor-acts.js'
import { sessionsFull } from './memory-sessions.js'
import {
  ACT_CAPACITY,
  actGone,
  type ActName,
  type ActRecord,
  type FoundAct,
  type MinorActStore,
} from './minor-act.js'
import type { RowSeal } from './vp-store.js'

/** Acts that wait for two people's answers. What was answered is sealed. */
export type MinorActTables = {
  verifier_acts: {
    /** SHA-256 of the act's id: whoever reads the database cannot fetch a result. */
    act_key: string
    /** SHA-256 of the secret in a guardian's link. */
    handover_key: string
    /** The act and its answers, sealed; empty once it was handed out. */
    sealed: string
    /** Rises with every change: of two changes at once one finds it risen. */
    version: number
    ends_at: number
    delivered_at: number | null
  }
}

/** The steps of the schema, after those of `accountMigrations`. */
export const minorActMigrations = [
  {
    name: '0007-verifier-acts',
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('verifier_acts')
        .addColumn('act_key', 'varchar(43)', (column) => column.primaryKey())
        .addColumn('handover_key', 'varchar(43)', (column) => column.notNull().unique())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .addColumn('version', 'integer', (column) => column.notNull())
        .addColumn('ends_at', 'bigint', (column) => column.notNull())
        .addColumn('delivered_at', 'bigint')
        .execute()
      await db.schema
        .createIndex('verifier_acts_by_end')
        .on('verifier_acts')
        .column('ends_at')
        .execute()
    },
  },
] as const

/** Options of {@link databaseMinorActs}. */
export type MinorActStoreOptions = {
  readonly kysely: Kysely<MinorActTables>
  readonly vault: RowSeal
  readonly clock: () => Date
  readonly capacity?: number
}

type Row = MinorActTables['verifier_acts']

/** Acts in a database: they survive a restart and serve several processes. */
export function databaseMinorActs(options: MinorActStoreOptions): MinorActStore {
  const { kysely, vault, clock } = options
  const rowOf = ({ by, value }: ActName) =>
    kysely
      .selectFrom('verifier_acts')
      .selectAll()
      .where(
        by === 'handover' ? 'handover_key' : 'act_key',
        '=',
        by === 'key' ? value : actKey(value),
      )
      .executeTakeFirst()
  const find = async (name: ActName): Promise<FoundAct & { readonly version?: number }> => {
    const row = await rowOf(name)
    if (row === undefined) return { state: 'unknown' }
    if (row.delivered_at !== null) return { state: 'delivered' }
    if (row.ends_at <= epochSeconds(clock())) return { state: 'ended' }
    return { state: 'open', key: row.act_key, act: openRow(vault, row), version: row.version }
  }
  return {
    put: (names, act) => insertBelow(options, names, act),
    find,
    async change(key, change) {
      for (;;) {
        const found = await find({ by: 'key', value: key })
        if (found.state !== 'open') throw actGone(found.state)
        const act = change(found.act)
        // Each turn lost means that somebody else changed it; few can, so this ends.
        if (await update(options, { key, version: found.version ?? 0 }, act)) return act
      }
    },
    async take(key) {
      for (;;) {
        const row = await rowOf({ by: 'key', value: key })
        if (row === undefined || row.delivered_at !== null) return null
        const act = openRow(vault, row)
        if (await takeRow(options, row)) return act
      }
    },
  }
}

/** Of parallel callers exactly one finds delivered_at empty; the answers go with the same step. */
async function takeRow({ kysely, clock }: MinorActStoreOptions, row: Row): Promise<boolean> {
  const won = await kysely
    .updateTable('verifier_acts')
    .set({ delivered_at: epochSeconds(clock()), sealed: '' })
    .where('act_key', '=', row.act_key)
    .where('version', '=', row.version)
    .where('delivered_at', 'is', null)
    .returning('act_key')
    .executeTakeFirst()
  return won !== undefined
}

async function insertBelow(
  { kysely, vault, clock, capacity = ACT_CAPACITY }: MinorActStoreOptions,
  { id, handover }: { readonly id: string; readonly handover: string },
  act: ActRecord,
): Promise<void> {
  const now = epochSeconds(clock())
  await kysely.deleteFrom('verifier_acts').where('ends_at', '<=', now).execute()
  const key = actKey(id)
  // The casts tell PostgreSQL the types, which it cannot infer in a select list.
  const inserted = await kysely
    .insertInto('verifier_acts')
    .columns(['act_key', 'handover_key', 'sealed', 'version', 'ends_at'])
    .expression(
      kysely
        .selectNoFrom([
          sql<string>`cast(${key} as text)`.as('act_key'),
          sql<string>`cast(${actKey(handover)} as text)`.as('handover_key'),
          sql<string>`cast(${sealAct(vault, key, act)} as text)`.as('sealed'),
          sql<number>`cast(0 as integer)`.as('version'),
          sql<number>`cast(${epochSeconds(act.endsAt)} as bigint)`.as('ends_at'),
        ])
        .where(sql<boolean>`(select count(*) from verifier_acts) < ${capacity}`),
    )
    .returning('act_key')
    .executeTakeFirst()
  if (inserted === undefined) throw sessionsFull(capacity)
}

async function update(
  { kysely, vault }: MinorActStoreOptions,
  { key, version }: { readonly key: string; readonly version: number },
  act: ActRecord,
): Promise<boolean> {
  const changed = await kysely
    .updateTable('verifier_acts')
    .set({ sealed: sealAct(vault, key, act), version: version + 1 })
    .where('act_key', '=', key)
    .where('version', '=', version)
    .where('delivered_at', 'is', null)
    .returning('act_key')
    .executeTakeFirst()
  return changed !== undefined
}

function sealAct(vault: RowSeal, key: string, act: ActRecord): string {
  return vault.seal(new TextEncoder().encode(JSON.stringify(act)), contextOf(key))
}

function openRow(vault: RowSeal, row: Row): ActRecord {
  const plain = new TextDecoder().decode(vault.unseal(row.sealed, contextOf(row.act_key)))
  // Sealed by sealAct and authenticated by the vault, so its form is known; JSON knows no instants.
  const act = JSON.parse(plain) as ActRecord
  return { ...reviveAnswers(act), endsAt: new Date(row.ends_at * 1000) }
}

function reviveAnswers(act: ActRecord): ActRecord {
  const { minor, guardian } = act
  return {
    ...act,
    minor: minor && reviveAnswer(minor),
    guardian: guardian && reviveAnswer(guardian),
  }
}

function reviveAnswer(answer: NonNullable<ActRecord['minor']>): NonNullable<ActRecord['minor']> {
  const { result, retention } = answer
  const freshness = { ...result.freshness, asOf: new Date(result.freshness.asOf) }
  const kept = retention && { ...retention, endsAt: new Date(retention.endsAt) }
  return { ...answer, result: { ...result, freshness }, retention: kept }
}

const contextOf = (key: string) => `netcert/verifier-act/v1|${key}`
