import { createHash, timingSafeEqual } from 'node:crypto'
import { epochSeconds } from '@netcert/credential'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { sessionsFull } from './memory-sessions.js'
import { SESSION_CAPACITY } from './session.js'
import {
  type Delivery,
  type FoundSession,
  RESULT_SECONDS,
  type SessionProgress,
  type Settlement,
  type VpSession,
  type VpSessionStore,
} from './vp-session.js'

/** Requests over OpenID4VP. What is in them and what they led to is sealed. */
export type VpTables = {
  verifier_requests: {
    /** SHA-256 of the request id. */
    request_hash: string
    /** SHA-256 of the transaction id: whoever reads the database cannot fetch a result. */
    session_hash: string
    /** The session, its encryption key included, sealed. */
    sealed: string
    expires_at: number
    answered_at: number | null
    /** The outcome, sealed; null before the answer and again after it was handed out. */
    outcome: string | null
    /** SHA-256 of the response code; null where none is needed. */
    code_hash: string | null
    delivered_at: number | null
  }
}

/** The steps of the schema, after those of `verifierMigrations`. */
export const vpMigrations = [
  {
    name: '0002-verifier-requests',
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('verifier_requests')
        .addColumn('request_hash', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('session_hash', 'varchar(64)', (column) => column.notNull().unique())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('answered_at', 'bigint')
        .addColumn('outcome', 'text')
        .addColumn('code_hash', 'varchar(64)')
        .addColumn('delivered_at', 'bigint')
        .execute()
      await db.schema
        .createIndex('verifier_requests_by_end')
        .on('verifier_requests')
        .column('expires_at')
        .execute()
    },
  },
] as const

/** What seals a row for its place: the vault of the data folder. */
export type RowSeal = {
  seal(plain: Uint8Array, context: string): string
  unseal(sealed: string, context: string): Uint8Array
}

/** Options of {@link databaseVpSessions}. */
export type VpStoreOptions = {
  readonly kysely: Kysely<VpTables>
  readonly vault: RowSeal
  readonly clock: () => Date
  readonly capacity?: number
}

type Row = VpTables['verifier_requests']

/** Sessions in a database: they survive a restart and serve several processes. */
export function databaseVpSessions(options: VpStoreOptions): VpSessionStore {
  const { kysely, clock } = options
  const now = () => epochSeconds(clock())
  const rowOf = (column: 'request_hash' | 'session_hash', hash: string) =>
    kysely
      .selectFrom('verifier_requests')
      .selectAll()
      .where(column, '=', hash)
      .where('expires_at', '>', now() - RESULT_SECONDS)
      .executeTakeFirst()
  return {
    put: (session) => insertBelow(options, session),
    async find(requestId): Promise<FoundSession> {
      const row = await rowOf('request_hash', sha256(requestId))
      const state = stateOf(row, now())
      if (row === undefined || state !== 'open') {
        return { state: state === 'open' ? 'unknown' : state }
      }
      return { state, session: openRow(options.vault, row) }
    },
    async settle(requestId, settlement) {
      const hash = sha256(requestId)
      if (await settleRow(options, hash, settlement)) return 'settled'
      const state = stateOf(await rowOf('request_hash', hash), now())
      return state === 'open' ? 'unknown' : state
    },
    progress: async (id) => progressOf(await rowOf('session_hash', sha256(id)), now()),
    async deliver(id, responseCode) {
      const row = await rowOf('session_hash', sha256(id))
      return deliverRow(options, row, responseCode)
    },
  }
}

async function insertBelow(options: VpStoreOptions, session: VpSession): Promise<void> {
  const { kysely, vault, clock, capacity = SESSION_CAPACITY } = options
  const ended = epochSeconds(clock()) - RESULT_SECONDS
  await kysely.deleteFrom('verifier_requests').where('expires_at', '<=', ended).execute()
  const hash = sha256(session.requestId)
  const sealed = sealText(vault, JSON.stringify(session), sessionContext(hash))
  // The casts tell PostgreSQL the types, which it cannot infer in a select list.
  const inserted = await kysely
    .insertInto('verifier_requests')
    .columns(['request_hash', 'session_hash', 'sealed', 'expires_at'])
    .expression(
      kysely
        .selectNoFrom([
          sql<string>`cast(${hash} as text)`.as('request_hash'),
          sql<string>`cast(${sha256(session.id)} as text)`.as('session_hash'),
          sql<string>`cast(${sealed} as text)`.as('sealed'),
          sql<number>`cast(${epochSeconds(session.expiresAt)} as bigint)`.as('expires_at'),
        ])
        .where(
          sql<boolean>`(select count(*) from verifier_requests where delivered_at is null) < ${capacity}`,
        ),
    )
    .returning('request_hash')
    .executeTakeFirst()
  if (inserted === undefined) throw sessionsFull(capacity)
}

/** One conditional statement: of parallel answers exactly one finds answered_at empty. */
async function settleRow(
  { kysely, vault, clock }: VpStoreOptions,
  hash: string,
  { outcome, responseCode }: Settlement,
): Promise<boolean> {
  const now = epochSeconds(clock())
  const settled = await kysely
    .updateTable('verifier_requests')
    .set({
      answered_at: now,
      outcome: sealText(vault, outcome, outcomeContext(hash)),
      code_hash: responseCode === null ? null : sha256(responseCode),
      // The key of the request has done its work.
      sealed: '',
    })
    .where('request_hash', '=', hash)
    .where('answered_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('request_hash')
    .executeTakeFirst()
  return settled !== undefined
}

function stateOf(row: Row | undefined, now: number): 'open' | 'used' | 'expired' | 'unknown' {
  if (row === undefined) return 'unknown'
  if (row.answered_at !== null) return 'used'
  return row.expires_at <= now ? 'expired' : 'open'
}

function progressOf(row: Row | undefined, now: number): SessionProgress {
  if (row !== undefined && row.delivered_at !== null) return 'delivered'
  const state = stateOf(row, now)
  if (state === 'open') return 'waiting'
  return state === 'used' ? 'answered' : state
}

async function deliverRow(
  { kysely, vault, clock }: VpStoreOptions,
  row: Row | undefined,
  responseCode: string | null,
): Promise<Delivery> {
  const progress = progressOf(row, epochSeconds(clock()))
  if (row === undefined || progress === 'unknown') return { state: 'unknown' }
  if (progress === 'delivered') return { state: 'used' }
  if (progress !== 'answered') return { state: progress }
  if (row.code_hash !== null && !isSameHash(row.code_hash, responseCode)) {
    return { state: 'wrong_code' }
  }
  // Of parallel callers exactly one finds delivered_at empty; the outcome goes with the same step.
  const won = await kysely
    .updateTable('verifier_requests')
    .set({ delivered_at: epochSeconds(clock()), outcome: null })
    .where('request_hash', '=', row.request_hash)
    .where('delivered_at', 'is', null)
    .returning('request_hash')
    .executeTakeFirst()
  if (won === undefined || row.outcome === null) return { state: 'used' }
  const text = openText(vault, row.outcome, outcomeContext(row.request_hash))
  return { state: 'delivered', outcome: text }
}

function isSameHash(wanted: string, code: string | null): boolean {
  if (code === null) return false
  return timingSafeEqual(Buffer.from(wanted, 'hex'), Buffer.from(sha256(code), 'hex'))
}

function openRow(vault: RowSeal, row: Row): VpSession {
  const text = openText(vault, row.sealed, sessionContext(row.request_hash))
  const session = JSON.parse(text) as Omit<VpSession, 'expiresAt'>
  return { ...session, expiresAt: new Date(row.expires_at * 1000) }
}

function sealText(vault: RowSeal, text: string, context: string): string {
  return vault.seal(new TextEncoder().encode(text), context)
}

function openText(vault: RowSeal, sealed: string, context: string): string {
  return new TextDecoder().decode(vault.unseal(sealed, context))
}

const sessionContext = (hash: string) => `netcert/verifier-request/v1|${hash}`
const outcomeContext = (hash: string) => `netcert/verifier-outcome/v1|${hash}`

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
