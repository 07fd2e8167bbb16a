import { type Kysely, sql, type Transaction } from 'kysely'
import { LIST_SIZE } from '../index-permutation.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import type { StoredPerson } from '../person-store.js'
import { REGISTRAR_LIST_SIZE } from '../accreditation-store.js'
import { TRUST_LIST_FLOOR } from '../trust-list-content.js'
import { UNFINISHED_FACT } from './backup-store.js'

type Inside = Transaction<IssuerSchema>

/** The highest numbers that were made public after the backup, as far as anybody knows. */
export type PublishedHeights = {
  readonly trustList: number
  readonly statusList: number
  readonly registrarList: number
  readonly pack: number
}

/** Lists that were opened after the last publication are known to nobody: their numbers are left out. */
const NUMBER_GAP = 100

/** A person by their reference. */
export function findPerson(trx: Inside, id: string): Promise<StoredPerson | undefined> {
  return trx.selectFrom('persons').selectAll().where('id', '=', id).executeTakeFirst()
}

/** How many people are enrolled. */
export async function countPersons(trx: Inside): Promise<number> {
  const { count } = await trx
    .selectFrom('persons')
    .select((build) => build.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Takes a key back that was taken back after the backup; nothing for one the backup lacks. */
export async function withdrawKey(trx: Inside, alias: string, at: number): Promise<void> {
  await trx
    .updateTable('issuer_keys')
    .set({ state: 'revoked', revoked_at: at })
    .where('alias', '=', alias)
    .where('state', '<>', 'revoked')
    .execute()
}

/** Whether the rows are there and the rest is still to be done. */
export async function isUnfinished(kysely: Kysely<IssuerSchema>): Promise<boolean> {
  const row = await kysely
    .selectFrom('issuer_facts')
    .select('name')
    .where('name', '=', UNFINISHED_FACT)
    .executeTakeFirst()
  return row !== undefined
}

/** What could be used twice goes: codes, tokens, sign-ins, offers, put-off issuances. */
export async function endGrants(trx: Inside): Promise<number> {
  let ended = 0
  for (const table of ['as_records', 'as_login_codes', 'vci_offers', 'vci_deferred'] as const) {
    const result = await trx.deleteFrom(table).executeTakeFirst()
    ended += Number(result.numDeletedRows)
  }
  return ended
}

/**
 * Closes every list: an entry that the backup does not know of may have been given to somebody since,
 * and counts as revoked. New certificates go on new lists, with numbers that nobody has seen.
 */
export async function closeLists(trx: Inside, heights: PublishedHeights): Promise<void> {
  await closeFamily(trx, 'status_lists', LIST_SIZE, heights.statusList)
  await closeFamily(trx, 'registrar_lists', REGISTRAR_LIST_SIZE, heights.registrarList)
}

async function closeFamily(
  trx: Inside,
  table: 'status_lists' | 'registrar_lists',
  size: number,
  published: number,
): Promise<void> {
  const newest = await trx
    .selectFrom(table)
    .selectAll()
    .orderBy('list', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (newest === undefined) return
  await trx
    .updateTable(table)
    .set((build) => ({ closed_from: build.ref('next_sequence') }))
    .where('closed_from', 'is', null)
    .execute()
  // Full: nothing is taken of a list that is closed.
  await trx.updateTable(table).set({ next_sequence: size }).execute()
  const alike = { ...newest, version: 0, published_at: 0 }
  for (let list = newest.list + 1; list <= published; list++) {
    const closed = { ...alike, list, next_sequence: size, closed_from: 0 }
    await trx.insertInto(table).values(closed).execute()
  }
  const list = Math.max(newest.list, published) + NUMBER_GAP
  const open = { ...alike, list, next_sequence: 0, closed_from: null }
  await trx.insertInto(table).values(open).execute()
}

/** The next trust list has a number above all that were public. */
export async function raiseTrustList(trx: Inside, sequence: number): Promise<void> {
  const value = String(sequence)
  await trx
    .insertInto('issuer_facts')
    .values({ name: TRUST_LIST_FLOOR, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

/** Revokes, and leaves to nobody, batches of people who are not enrolled any more. */
export async function endOrphans(trx: Inside, at: number): Promise<number> {
  const result = await sql`update batches
    set status = case when list is null then status else 1 end,
      status_reason = case when list is null then status_reason else 'citizen_asked' end,
      status_at = case when list is null then status_at else cast(${at} as bigint) end,
      person = null, device = null, guardian = null
    where person is not null and person not in (select id from persons)`.execute(trx)
  return Number(result.numAffectedRows)
}

/** The database is as it should be from here on. */
export async function markFinished(trx: Inside): Promise<void> {
  await trx.deleteFrom('issuer_facts').where('name', '=', UNFINISHED_FACT).execute()
}
