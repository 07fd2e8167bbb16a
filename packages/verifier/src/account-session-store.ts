import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { AccountKey } from './account-key.js'
import {
  accountRefusals,
  type AccountSessions,
  type AccountSession,
  type Claimant,
  type NewSession,
} from './accounts.js'
import {
  type AccountParts,
  instant,
  rowOf,
  seconds,
  sha256,
  writeEvent,
} from './account-event-store.js'
import type { AccountTables } from './account-schema-store.js'

/** Without a request for this long, a session ends. */
const IDLE_SECONDS = 30 * 60
/** And in any case after this long. */
const SESSION_SECONDS = 12 * 3600
/** A ticket lasts for the way to a counter. */
const TICKET_SECONDS = 3600
/** How exactly is kept when somebody was last here. */
const SEEN_STEP_SECONDS = 60
/** Sessions of one account; the oldest ends for the next one. */
const MOST_SESSIONS = 20
/** 256 random bits as base64url. */
const TOKEN = /^[\w-]{43}$/

/** Sessions of accounts in a database. */
export function databaseAccountSessions(parts: AccountParts): AccountSessions {
  const { kysely } = parts.database
  const of = (token: string) =>
    kysely.deleteFrom('verifier_account_sessions').where('token_hash', '=', sha256(token))
  return {
    begin: (account) => begin(parts, account),
    find: (token) => find(parts, token),
    async end(token) {
      if (TOKEN.test(token)) await of(token).execute()
    },
    endAll: (account) => endSessions(kysely, account),
  }
}

/** Ends the sessions and tickets of an account. */
export async function endSessions(db: Kysely<AccountTables>, account: string): Promise<void> {
  await db.deleteFrom('verifier_account_sessions').where('account', '=', account).execute()
}

async function begin(parts: AccountParts, account: string): Promise<NewSession> {
  const now = parts.clock()
  const token = randomBytes(32).toString('base64url')
  const endsAt = instant(seconds(now) + SESSION_SECONDS)
  await parts.database.transaction(async (trx) => {
    const row = await rowOf(trx, account)
    if (row === undefined) throw accountRefusals.unknown()
    if (row.flagged_at !== null) throw accountRefusals.flagged()
    await sweep(trx, seconds(now))
    await insert(trx, { account, token, kind: 'session', sealed: '', now, endsAt })
    await keepNewest(trx, account)
    await writeEvent(trx, row, { event: 'signed_in', at: now })
  })
  return { account, token, since: now, endsAt }
}

/** Joined with the account: one that was flagged in the same moment has no session either. */
async function find(
  { database: { kysely }, clock }: AccountParts,
  token: string,
): Promise<AccountSession | null> {
  if (!TOKEN.test(token)) return null
  const now = seconds(clock())
  const row = await kysely
    .selectFrom('verifier_account_sessions as session')
    .innerJoin('verifier_accounts as owner', 'owner.account', 'session.account')
    .select(['session.account', 'session.created_at', 'session.seen_at', 'session.ends_at'])
    .where('session.token_hash', '=', sha256(token))
    .where('session.kind', '=', 'session')
    .where('session.ends_at', '>', now)
    .where('session.seen_at', '>', now - IDLE_SECONDS)
    .where('owner.flagged_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) return null
  if (row.seen_at <= now - SEEN_STEP_SECONDS) {
    const seen = kysely.updateTable('verifier_account_sessions').set({ seen_at: now })
    await seen.where('token_hash', '=', sha256(token)).execute()
  }
  return { account: row.account, since: instant(row.created_at), endsAt: instant(row.ends_at) }
}

/** A ticket for the holder of a flagged account. */
export async function giveTicket(parts: AccountParts, { account, key }: Claimant): Promise<string> {
  const now = parts.clock()
  const token = randomBytes(32).toString('base64url')
  const sealed = parts.vault.seal(new TextEncoder().encode(key), contextOf(sha256(token)))
  const endsAt = instant(seconds(now) + TICKET_SECONDS)
  await parts.database.transaction(async (trx) => {
    await sweep(trx, seconds(now))
    await insert(trx, { account, token, kind: 'ticket', sealed, now, endsAt })
    await keepNewest(trx, account)
  })
  return token
}

/** Whose ticket it is, while the account is flagged. */
export async function readTicket(
  { database: { kysely }, clock, vault }: AccountParts,
  token: string,
): Promise<Claimant | null> {
  if (!TOKEN.test(token)) return null
  const row = await kysely
    .selectFrom('verifier_account_sessions as session')
    .innerJoin('verifier_accounts as owner', 'owner.account', 'session.account')
    .select(['session.account', 'session.sealed', 'session.token_hash'])
    .where('session.token_hash', '=', sha256(token))
    .where('session.kind', '=', 'ticket')
    .where('session.ends_at', '>', seconds(clock()))
    .where('owner.flagged_at', 'is not', null)
    .executeTakeFirst()
  if (row === undefined) return null
  const key = new TextDecoder().decode(vault.unseal(row.sealed, contextOf(row.token_hash)))
  // Sealed by giveTicket alone, from a key that accountKeyOf made.
  return { account: row.account, key: key as AccountKey }
}

const contextOf = (hash: string) => `netcert/verifier-account-ticket/v1|${hash}`

type Made = Pick<NewSession, 'account' | 'token' | 'endsAt'> & {
  readonly kind: 'session' | 'ticket'
  readonly sealed: string
  readonly now: Date
}

async function insert(db: Kysely<AccountTables>, { account, token, kind, ...made }: Made) {
  const { sealed, now, endsAt } = made
  const times = { created_at: seconds(now), seen_at: seconds(now), ends_at: seconds(endsAt) }
  const values = { token_hash: sha256(token), account, kind, sealed, ...times }
  await db.insertInto('verifier_account_sessions').values(values).execute()
}

async function sweep(db: Kysely<AccountTables>, now: number): Promise<void> {
  await db
    .deleteFrom('verifier_account_sessions')
    .where((eb) =>
      eb.or([
        eb('ends_at', '<=', now),
        eb.and([eb('kind', '=', 'session'), eb('seen_at', '<=', now - IDLE_SECONDS)]),
      ]),
    )
    .execute()
}

async function keepNewest(db: Kysely<AccountTables>, account: string): Promise<void> {
  const rows = await db
    .selectFrom('verifier_account_sessions')
    .select('token_hash')
    .where('account', '=', account)
    .orderBy('created_at', 'desc')
    .offset(MOST_SESSIONS)
    .limit(100)
    .execute()
  if (rows.length === 0) return
  const hashes = rows.map(({ token_hash }) => token_hash)
  await db.deleteFrom('verifier_account_sessions').where('token_hash', 'in', hashes).execute()
}
