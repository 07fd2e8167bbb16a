import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'
import {
  type AuditEntry,
  type AuditEventName,
  type AuditStatement,
  entryHash,
} from './audit-entry.js'
import { auditBroken, type StoredHead } from './audit-mirror.js'

type Inside = Transaction<IssuerSchema>

/** Where the chain ends. */
export type AuditTail = { readonly sequence: number; readonly hash: string }

/** All SQL about the audit log. */
export type AuditStore = {
  transaction<T>(work: (trx: Inside) => Promise<T>): Promise<T>
  /**
   * Adds to the chain inside the transaction that does what it says. Call it last: from here on other
   * writers wait for the end of this transaction.
   */
  append(trx: Inside, statement: AuditStatement): Promise<AuditEntry>
  /** `hash` of an entry, as the transaction sees it. */
  hashOf(trx: Inside, sequence: number): Promise<string | undefined>
  /** Whether anything was ever carried to that mirror. */
  mirrorBegun(mirror: string, trx?: Inside): Promise<boolean>
  noteMirror(mirror: string): Promise<void>
  /** Entries after `after`, from the oldest. */
  page(after: number, limit: number): Promise<readonly AuditEntry[]>
  tail(): Promise<AuditTail>
  /** When something was done last, in seconds since 1970; `null` for never. */
  lastOf(event: AuditEventName): Promise<number | null>
  /** Heads after `after`, from the oldest. */
  heads(after: number, limit: number): Promise<readonly (StoredHead & { readonly hash: string })[]>
  newestHead(): Promise<number>
  putHead(head: IssuerSchema['audit_heads']): Promise<void>
}

const MIRROR_FACT = 'audit_mirror_'

/** The tables of the audit log behind {@link AuditStore}. */
export function createAuditStore(database: Database<IssuerSchema>): AuditStore {
  const { kysely } = database
  return {
    transaction: (work) => database.transaction(work),
    append: appendEntry,
    hashOf: async (trx, sequence) =>
      (
        await trx
          .selectFrom('audit_log')
          .select('hash')
          .where('sequence', '=', sequence)
          .executeTakeFirst()
      )?.hash,
    page: (after, limit) =>
      kysely
        .selectFrom('audit_log')
        .selectAll()
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute(),
    tail: () => tailOf(kysely),
    async lastOf(event) {
      const { at } = await kysely
        .selectFrom('audit_log')
        .select((build) => build.fn.max('at').as('at'))
        .where('event', '=', event)
        .executeTakeFirstOrThrow()
      return at
    },
    ...headStore(database),
    ...mirrorNotes(database),
  }
}

function mirrorNotes({
  kysely,
}: Database<IssuerSchema>): Pick<AuditStore, 'mirrorBegun' | 'noteMirror'> {
  return {
    async mirrorBegun(mirror, trx) {
      const facts = (trx ?? kysely).selectFrom('issuer_facts').select('name')
      return (await facts.where('name', '=', MIRROR_FACT + mirror).executeTakeFirst()) !== undefined
    },
    async noteMirror(mirror) {
      await kysely
        .insertInto('issuer_facts')
        .values({ name: MIRROR_FACT + mirror, value: 'begun' })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
  }
}

function headStore({
  kysely,
}: Database<IssuerSchema>): Pick<AuditStore, 'heads' | 'newestHead' | 'putHead'> {
  return {
    heads: (after, limit) =>
      kysely
        .selectFrom('audit_heads')
        .select(['sequence', 'token', 'hash'])
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute(),
    async newestHead() {
      const newest = await kysely
        .selectFrom('audit_heads')
        .select((build) => build.fn.max('sequence').as('sequence'))
        .executeTakeFirst()
      return Number(newest?.sequence ?? 0)
    },
    async putHead(head) {
      await kysely
        .insertInto('audit_heads')
        .values(head)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
  }
}

/**
 * Puts entries of a mirror back behind the end of a restored chain; those the chain has already are
 * left out. Nothing is put back unless the entries go on where the chain ends.
 *
 * @returns how many were put back.
 * @throws IssuerError `audit_broken`.
 */
export async function reinsert(
  trx: Inside,
  entries: Iterable<AuditEntry> | AsyncIterable<AuditEntry>,
): Promise<number> {
  let end = await tailOf(trx)
  let added = 0
  for await (const entry of entries) {
    if (entry.sequence <= end.sequence) continue
    const follows = entry.sequence === end.sequence + 1 && entry.previous === end.hash
    if (!follows || entryHash(entry) !== entry.hash) throw auditBroken(entry.sequence)
    await trx.insertInto('audit_log').values(entry).execute()
    end = { sequence: entry.sequence, hash: entry.hash }
    added += 1
  }
  if (added > 0) await trx.updateTable('audit_tail').set(end).where('id', '=', 1).execute()
  return added
}

function tailOf(kysely: Pick<Inside, 'selectFrom'>): Promise<AuditTail> {
  return kysely
    .selectFrom('audit_tail')
    .select(['sequence', 'hash'])
    .where('id', '=', 1)
    .executeTakeFirstOrThrow()
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
