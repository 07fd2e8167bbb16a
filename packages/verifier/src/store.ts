import { createHash } from 'node:crypto'
import { epochSeconds } from '@netcert/credential'
import type { Query } from '@netcert/protocol'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { sessionsFull } from './memory-sessions.js'
import type { ReplayCache } from './replay.js'
import { REPLAY_CAPACITY, replaysFull } from './replay.js'
import type { Session, SessionStore, TakenSession } from './session.js'
import { SESSION_CAPACITY, SESSION_SECONDS } from './session.js'

/** The tables of a verifier. Neither presentations nor claims are ever stored. */
export type VerifierTables = {
  verifier_sessions: {
    /** SHA-256 of the session id: whoever reads the database cannot answer for a wallet. */
    id_hash: string
    /** JSON of nonce, audience and query. */
    request: string
    expires_at: number
    used_at: number | null
  }
  verifier_replays: {
    /** SHA-256 of holder key and nonce. */
    seen_hash: string
    until_at: number
  }
}

/** The steps of the schema; hand them to the database when it is opened. */
export const verifierMigrations = [
  {
    name: '0001-verifier',
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('verifier_sessions')
        .addColumn('id_hash', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('request', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('used_at', 'bigint')
        .execute()
      await db.schema
        .createIndex('verifier_sessions_by_end')
        .on('verifier_sessions')
        .column('expires_at')
        .execute()
      await db.schema
        .createTable('verifier_replays')
        .addColumn('seen_hash', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('until_at', 'bigint', (column) => column.notNull())
        .execute()
      await db.schema
        .createIndex('verifier_replays_by_end')
        .on('verifier_replays')
        .column('until_at')
        .execute()
    },
  },
] as const

/** Options of {@link databaseSessions} and {@link databaseReplays}. */
export type VerifierStoreOptions = {
  readonly kysely: Kysely<VerifierTables>
  readonly clock: () => Date
  readonly capacity?: number
}

/** How often, at most, what has ended is deleted. */
const SWEEP_SECONDS = 10

/**
 * Sessions in a database: they survive a restart and serve several processes.
 *
 * On PostgreSQL simultaneous requests may pass the capacity by as many as run at once.
 */
export function databaseSessions(options: VerifierStoreOptions): SessionStore {
  const { kysely, clock, capacity = SESSION_CAPACITY } = options
  const sweep = onceIn(SWEEP_SECONDS, async (now) => {
    // A used session stays a while longer, so that a second response is told what happened.
    await kysely
      .deleteFrom('verifier_sessions')
      .where('expires_at', '<', now - SESSION_SECONDS)
      .execute()
  })
  return {
    async put(session) {
      const now = epochSeconds(clock())
      await sweep(now)
      if (!(await insertBelow(kysely, capacity, session, now))) throw sessionsFull(capacity)
    },
    async take(id) {
      const now = epochSeconds(clock())
      const idHash = sha256(id)
      // One conditional statement: of parallel responses exactly one finds used_at empty.
      const row = await kysely
        .updateTable('verifier_sessions')
        .set({ used_at: now })
        .where('id_hash', '=', idHash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .returning(['request', 'expires_at'])
        .executeTakeFirst()
      if (row === undefined) return whyNotTaken(kysely, idHash)
      return { state: 'taken', session: readSession(id, row) }
    },
  }
}

async function insertBelow(
  kysely: Kysely<VerifierTables>,
  capacity: number,
  session: Session,
  now: number,
): Promise<boolean> {
  const { nonce, audience, query } = session
  const waiting = sql`(select count(*) from verifier_sessions
    where used_at is null and expires_at > ${now})`
  // The casts tell PostgreSQL the types, which it cannot infer in a select list.
  const inserted = await kysely
    .insertInto('verifier_sessions')
    .columns(['id_hash', 'request', 'expires_at'])
    .expression(
      kysely
        .selectNoFrom([
          sql<string>`cast(${sha256(session.id)} as text)`.as('id_hash'),
          sql<string>`cast(${JSON.stringify({ nonce, audience, query })} as text)`.as('request'),
          sql<number>`cast(${epochSeconds(session.expiresAt)} as bigint)`.as('expires_at'),
        ])
        .where(sql<boolean>`${waiting} < ${capacity}`),
    )
    .returning('id_hash')
    .executeTakeFirst()
  return inserted !== undefined
}

async function whyNotTaken(kysely: Kysely<VerifierTables>, idHash: string): Promise<TakenSession> {
  const row = await kysely
    .selectFrom('verifier_sessions')
    .select('used_at')
    .where('id_hash', '=', idHash)
    .executeTakeFirst()
  if (row === undefined) return { state: 'unknown' }
  return { state: row.used_at === null ? 'expired' : 'used' }
}

function readSession(id: string, row: { request: string; expires_at: number }): Session {
  const { nonce, audience, query } = JSON.parse(row.request) as Record<
    'nonce' | 'audience',
    string
  > & {
    query: Query
  }
  return { id, nonce, audience, query, expiresAt: new Date(row.expires_at * 1000) }
}

/** A replay cache in a database: it survives a restart and serves several processes. */
export function databaseReplays(options: VerifierStoreOptions): ReplayCache {
  const { kysely, clock, capacity = REPLAY_CAPACITY } = options
  // Counted at each sweep and carried on between: counting a million rows each time would not do.
  let remembered = 0
  const sweep = onceIn(SWEEP_SECONDS, async (now) => {
    await kysely.deleteFrom('verifier_replays').where('until_at', '<=', now).execute()
    const { count } = await kysely
      .selectFrom('verifier_replays')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    remembered = Number(count)
  })
  return {
    async remember({ holderKey, nonce, until }) {
      const now = epochSeconds(clock())
      await sweep(now)
      if (remembered >= capacity) throw replaysFull(capacity)
      const fresh = await kysely
        .insertInto('verifier_replays')
        .values({ seen_hash: sha256(`${holderKey} ${nonce}`), until_at: epochSeconds(until) })
        .onConflict((conflict) =>
          conflict
            .column('seen_hash')
            .doUpdateSet((eb) => ({ until_at: eb.ref('excluded.until_at') }))
            .where('verifier_replays.until_at', '<=', now),
        )
        .returning('seen_hash')
        .executeTakeFirst()
      if (fresh === undefined) return false
      remembered += 1
      return true
    },
  }
}

/** Runs `work` on the first call and then at most once in so many seconds of the caller's clock. */
function onceIn(interval: number, work: (now: number) => Promise<void>) {
  let next = Number.NEGATIVE_INFINITY
  return async (now: number): Promise<void> => {
    if (now < next) return
    next = now + interval
    await work(now)
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
