import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Database } from '@netcert/agent'
import type { Kysely } from 'kysely'
import type { AccountKey } from './account-key.js'
import type { Account, AccountEvent, AccountEventName } from './accounts.js'
import type { AccountTables } from './account-schema-store.js'
import type { RowSeal } from './vp-store.js'

/** What accounts are kept with. */
export type AccountParts = {
  readonly database: Pick<Database<AccountTables>, 'kysely' | 'transaction' | 'checkpoint'>
  readonly vault: RowSeal & { deriveKey(info: string): Uint8Array }
  readonly clock: () => Date
}

type Row = AccountTables['verifier_accounts']

let lines = 0

/** Writes a line of the log; inside the transaction of what happened. */
export async function writeEvent(
  db: Kysely<AccountTables>,
  { log_mark }: Pick<Row, 'log_mark'>,
  line: { readonly event: AccountEventName; readonly detail?: string; readonly at: Date },
): Promise<void> {
  const { event, detail = null, at } = line
  lines += 1
  // Lines of one process keep their order within one instant, too.
  const order = [String(at.getTime()).padStart(15, '0'), String(lines).padStart(12, '0')]
  const id = `${order.join('-')}-${randomBytes(6).toString('hex')}`
  const values = { id, log_mark, event, detail, at: seconds(at) }
  await db.insertInto('verifier_account_events').values(values).execute()
}

/** What happened to an account, oldest first. */
export async function readEvents(
  db: Kysely<AccountTables>,
  { log_mark }: Pick<Row, 'log_mark'>,
): Promise<readonly AccountEvent[]> {
  const rows = await db
    .selectFrom('verifier_account_events')
    .select(['event', 'detail', 'at'])
    .where('log_mark', '=', log_mark)
    .orderBy('id')
    .execute()
  return rows.map(({ event, detail, at }) => ({
    at: instant(at),
    event: event as AccountEventName,
    detail,
  }))
}

export function rowOf(db: Kysely<AccountTables>, account: string): Promise<Row | undefined> {
  return db
    .selectFrom('verifier_accounts')
    .selectAll()
    .where('account', '=', account)
    .executeTakeFirst()
}

export function accountOf(row: Row): Account {
  const { account, created_at, linked_at, flagged_at, flag_reason } = row
  return {
    id: account,
    createdAt: instant(created_at),
    linkedAt: linked_at === null ? null : instant(linked_at),
    flag:
      flagged_at === null
        ? null
        : { reason: flag_reason ?? 'unspecified', since: instant(flagged_at) },
  }
}

/** What stands for a certificate in the database: nobody without the master key can make or try it. */
export function tagOf({ vault }: AccountParts, key: AccountKey): string {
  return createHmac('sha256', vault.deriveKey('netcert/verifier-accounts/v1'))
    .update(key)
    .digest('hex')
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}

export function instant(at: number): Date {
  return new Date(at * 1000)
}
