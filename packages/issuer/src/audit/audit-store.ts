import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { type AuditEntry, type AuditStatement, entryHash } from './audit-entry.js'

type Inside = Transaction<IssuerSchema>

/** All SQL about the audit log. */
export type AuditStore = {
  transaction<T>(work: (trx: Inside) => Promise<T>): Promise<T>
  /**
   * Adds to the chain inside the transaction that does what it says. Call it last: from here on other
   * writers wait for the end of this transaction.
   */
  append(trx: Inside, statement: AuditStatement): Promise<AuditEntry>
  /** Entries after `after`, from the oldest. */
  page(after: number, limit: number): Promise<readonly AuditEntry[]>
  tail(): Promise<{ readonly sequence: number; readonly hash: string }>
}

/** The tables of the audit log behind {@link AuditStore}. */
export function createAuditStore(database: Database<IssuerSchema>): AuditStore {
  const { kysely } = database
  return {
    transaction: (work) => database.transaction(work),
    append: appendEntry,
    page: (after, limit) =>
      kysely
        .selectFrom('audit_log')
        .selectAll()
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute(),
    tail: () =>
      kysely
        .selectFrom('audit_tail')
        .select(['sequence', 'hash'])
        .where('id', '=', 1)
        .executeTakeFirstOrThrow(),
  }
}

async function appendEntry(trx: Inside, statement: AuditStatement): Promise<AuditEntry> {
  // The update also takes the row's lock: of two that append at once the second sees the first.
  const { sequence, hash: previous } = await trx
    .updateTable('audit_tail')
    .set((build) => ({ sequence: build('sequence', '+', 1) }))
    .where('id', '=', 1)
    .returning(['sequence', 'hash'])
    .executeTakeFirstOrThrow()
  const placed = { ...statement, sequence, previous }
  const entry = { ...placed, hash: entryHash(placed) }
  await trx.insertInto('audit_log').values(entry).execute()
  await trx.updateTable('audit_tail').set({ hash: entry.hash }).where('id', '=', 1).execute()
  return entry
}
