import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import {
  type Account,
  type AccountFlags,
  accountRefusals,
  type Appeal,
  assertAppeal,
  assertReason,
  type ReleasedBy,
} from './accounts.js'
import {
  type AccountParts,
  accountOf,
  instant,
  readEvents,
  rowOf,
  seconds,
  writeEvent,
} from './account-event-store.js'
import type { AccountTables } from './account-schema-store.js'
import { endSessions, giveTicket, readTicket } from './account-session-store.js'

/** Appeals of one account that nobody has decided yet. */
const MOST_APPEALS = 3

/** Flags, appeals and releases in a database. */
export function databaseAccountFlags(parts: AccountParts): AccountFlags {
  const { kysely } = parts.database
  return {
    flag: async (account, { reason }) => flag(parts, account, assertReason(reason)),
    release: (account, { by }) => release(parts, account, by),
    list: () => list(kysely),
    admit: (claimant) => admit(parts, claimant),
    claimant: (ticket) => readTicket(parts, ticket),
    appeal: async (account, text) => appeal(parts, account, assertAppeal(text)),
    appeals: (account) => readAppeals(parts, account),
    async events(account) {
      return readEvents(kysely, await rowOrThrow(kysely, account))
    },
  }
}

async function rowOrThrow(db: Kysely<AccountTables>, account: string) {
  const row = await rowOf(db, account)
  if (row === undefined) throw accountRefusals.unknown()
  return row
}

async function flag(parts: AccountParts, account: string, reason: string): Promise<Account> {
  const at = parts.clock()
  return parts.database.transaction(async (trx) => {
    const row = await rowOrThrow(trx, account)
    // A second anomaly is written down; the account has been closed since the first.
    const first = row.flagged_at ?? seconds(at)
    const set = { flagged_at: first, flag_reason: row.flag_reason ?? reason }
    await trx.updateTable('verifier_accounts').set(set).where('account', '=', account).execute()
    if (row.flagged_at === null) await endSessions(trx, account)
    await writeEvent(trx, row, { event: 'flagged', detail: reason, at })
    return accountOf({ ...row, ...set })
  })
}

async function release(parts: AccountParts, account: string, by: ReleasedBy): Promise<Account> {
  const at = parts.clock()
  return parts.database.transaction(async (trx) => {
    const row = await rowOrThrow(trx, account)
    const set = { flagged_at: null, flag_reason: null }
    // The condition decides between two at once; the loser finds nothing flagged.
    const released = await trx
      .updateTable('verifier_accounts')
      .set(set)
      .where('account', '=', account)
      .where('flagged_at', 'is not', null)
      .returning('account')
      .executeTakeFirst()
    if (released === undefined) throw accountRefusals.notFlagged()
    await endSessions(trx, account)
    await trx
      .updateTable('verifier_account_appeals')
      .set({ decided_at: seconds(at) })
      .where('account', '=', account)
      .where('decided_at', 'is', null)
      .execute()
    await writeEvent(trx, row, { event: 'released', detail: by, at })
    return accountOf({ ...row, ...set })
  })
}

/** Refused at the door, with a ticket for the ways out. */
async function admit(
  parts: AccountParts,
  claimant: Parameters<AccountFlags['admit']>[0],
): Promise<string> {
  const { kysely } = parts.database
  const row = await rowOrThrow(kysely, claimant.account)
  await writeEvent(kysely, row, { event: 'refused', at: parts.clock() })
  return giveTicket(parts, claimant)
}

async function list(db: Kysely<AccountTables>) {
  const rows = await db
    .selectFrom('verifier_accounts')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('verifier_account_appeals as appeal')
        .whereRef('appeal.account', '=', 'verifier_accounts.account')
        .where('appeal.decided_at', 'is', null)
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('appeals'),
    )
    .where('flagged_at', 'is not', null)
    .orderBy('flagged_at')
    .execute()
  return rows.map((row) => ({ ...accountOf(row), appeals: Number(row.appeals) }))
}

async function appeal(parts: AccountParts, account: string, text: string) {
  const at = parts.clock()
  const id = randomBytes(16).toString('hex')
  const sealed = parts.vault.seal(new TextEncoder().encode(text), contextOf(id))
  await parts.database.transaction(async (trx) => {
    const row = await rowOrThrow(trx, account)
    if (row.flagged_at === null) throw accountRefusals.notFlagged()
    if ((await openAppeals(trx, account)).length >= MOST_APPEALS) {
      throw accountRefusals.appealPending()
    }
    const values = { id, account, sealed, filed_at: seconds(at), decided_at: null }
    await trx.insertInto('verifier_account_appeals').values(values).execute()
    await writeEvent(trx, row, { event: 'appealed', at })
  })
  return { id }
}

async function readAppeals(
  { database, vault }: AccountParts,
  account: string | undefined,
): Promise<readonly Appeal[]> {
  const rows = await openAppeals(database.kysely, account)
  return rows.map(({ id, account: of, sealed, filed_at }) => ({
    ...{ id, account: of, filedAt: instant(filed_at) },
    text: new TextDecoder().decode(vault.unseal(sealed, contextOf(id))),
  }))
}

function openAppeals(db: Kysely<AccountTables>, account: string | undefined) {
  const open = db
    .selectFrom('verifier_account_appeals')
    .selectAll()
    .where('decided_at', 'is', null)
    .orderBy('filed_at')
  return (account === undefined ? open : open.where('account', '=', account)).execute()
}

const contextOf = (id: string) => `netcert/verifier-appeal/v1|${id}`
