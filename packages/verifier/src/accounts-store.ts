import { randomBytes } from 'node:crypto'
import type { AccountKey } from './account-key.js'
import { type Account, accountRefusals, type Accounts, assertAccountId } from './accounts.js'
import {
  type AccountParts,
  accountOf,
  rowOf,
  seconds,
  tagOf,
  writeEvent,
} from './account-event-store.js'
import { databaseAccountFlags } from './account-flag-store.js'
import { databaseAccountSessions, endSessions } from './account-session-store.js'

/** Accounts in the verifier's database. */
export function databaseAccounts(parts: AccountParts): Accounts {
  const { kysely } = parts.database
  return {
    find: (key) => find(parts, key),
    async read(id) {
      const row = await rowOf(kysely, id)
      return row === undefined ? null : accountOf(row)
    },
    create: async (key, id) => create(parts, key, assertAccountId(id)),
    link: async (key, id) => link(parts, key, assertAccountId(id)),
    unlink: (id) => unlink(parts, id),
    forget: (key) => forget(parts, key),
    sessions: databaseAccountSessions(parts),
    flags: databaseAccountFlags(parts),
  }
}

async function find(parts: AccountParts, key: AccountKey): Promise<Account | null> {
  const row = await parts.database.kysely
    .selectFrom('verifier_accounts')
    .selectAll()
    .where('tag', '=', tagOf(parts, key))
    .executeTakeFirst()
  return row === undefined ? null : accountOf(row)
}

function newRow(parts: AccountParts, key: AccountKey, account: string) {
  const now = seconds(parts.clock())
  return {
    ...{ account, log_mark: randomBytes(16).toString('hex'), tag: tagOf(parts, key) },
    ...{ created_at: now, linked_at: now, flagged_at: null, flag_reason: null },
  }
}

async function create(parts: AccountParts, key: AccountKey, id: string): Promise<Account> {
  const row = newRow(parts, key, id)
  const made = await parts.database.transaction(async (trx) => {
    const inserted = await trx
      .insertInto('verifier_accounts')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning('account')
      .executeTakeFirst()
    if (inserted !== undefined) await writeEvent(trx, row, { event: 'created', at: parts.clock() })
    return inserted !== undefined
  })
  if (made) return accountOf(row)
  // Somebody with the same certificate was faster, or the id is in use.
  const found = await find(parts, key)
  if (found === null) throw accountRefusals.elsewhere()
  return found
}

async function link(parts: AccountParts, key: AccountKey, id: string): Promise<Account> {
  const held = await find(parts, key)
  if (held !== null && held.id !== id) throw accountRefusals.elsewhere()
  const present = await rowOf(parts.database.kysely, id)
  if (present === undefined) return created(await create(parts, key, id), id)
  if (present.flagged_at !== null) throw accountRefusals.flagged()
  if (held !== null) return held
  const set = { tag: tagOf(parts, key), linked_at: seconds(parts.clock()) }
  return parts.database
    .transaction(async (trx) => {
      const linked = await trx
        .updateTable('verifier_accounts')
        .set(set)
        .where('account', '=', id)
        .where('tag', 'is', null)
        .where('flagged_at', 'is', null)
        .returning('account')
        .executeTakeFirst()
      if (linked === undefined) throw accountRefusals.elsewhere()
      await writeEvent(trx, present, { event: 'linked', at: parts.clock() })
      return accountOf({ ...present, ...set })
    })
    .catch((error: unknown) => {
      throw isTaken(error) ? accountRefusals.elsewhere() : error
    })
}

/** Of two that link one certificate at once, the slower one meets the other's account. */
function created(account: Account, id: string): Account {
  if (account.id === id) return account
  throw accountRefusals.elsewhere()
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'unique_violation'
}

async function unlink(parts: AccountParts, id: string): Promise<void> {
  await parts.database.transaction(async (trx) => {
    const row = await rowOf(trx, id)
    if (row === undefined) throw accountRefusals.unknown()
    const unlinked = await trx
      .updateTable('verifier_accounts')
      .set({ tag: null, linked_at: null })
      .where('account', '=', id)
      // Else whoever is flagged, at this moment even, would come back with a clean account.
      .where('flagged_at', 'is', null)
      .returning('account')
      .executeTakeFirst()
    if (unlinked === undefined) throw accountRefusals.flagged()
    await endSessions(trx, id)
    await writeEvent(trx, row, { event: 'unlinked', at: parts.clock() })
  })
}

async function forget(parts: AccountParts, key: AccountKey): Promise<boolean> {
  const account = await find(parts, key)
  if (account === null) return false
  const { id } = account
  await parts.database.transaction(async (trx) => {
    const row = await rowOf(trx, id)
    if (row === undefined) return
    await trx.deleteFrom('verifier_account_appeals').where('account', '=', id).execute()
    await endSessions(trx, id)
    const deleted = await trx
      .deleteFrom('verifier_accounts')
      .where('account', '=', id)
      .where('flagged_at', 'is', null)
      .returning('account')
      .executeTakeFirst()
    // With everything before it taken back.
    if (deleted === undefined) throw accountRefusals.flagged()
    await writeEvent(trx, row, { event: 'deleted', at: parts.clock() })
  })
  // Deleted pages stand in the log until it is cut.
  await parts.database.checkpoint()
  return true
}
