import type { Database } from '@netcert/agent'
import { LIST_SIZE } from './index-permutation.js'
import type { IssuerSchema } from './issuer-schema-store.js'
import { createListVersionStore, type ListVersionStore } from './list-version-store.js'

export type StoredStatusList = IssuerSchema['status_lists']
export type StoredTrustList = IssuerSchema['trust_lists']

/** Sequence numbers of one list that nobody else has or will have. */
export type SequenceBlock = {
  readonly list: number
  readonly first: number
  readonly count: number
}

/** All SQL about status lists. */
type StatusListStore = ListVersionStore & {
  /** Takes numbers for good; opens the next list when the newest is full. */
  takeSequences(count: number): Promise<SequenceBlock>
  openFirstList(): Promise<void>
  statusLists(): Promise<readonly StoredStatusList[]>
}

/** All SQL about trust lists. */
type TrustListStore = {
  newestTrustList(): Promise<StoredTrustList | undefined>
  /** `false` when a list of that sequence number exists. */
  putTrustList(trustList: StoredTrustList): Promise<boolean>
}

/** All SQL about what the issuer knows of itself. */
type FactStore = {
  getFact(name: string): Promise<string | undefined>
  putFact(name: string, value: string): Promise<void>
}

export type ListStore = StatusListStore & TrustListStore & FactStore

/** Where suspension is used an entry takes two bits. */
const BITS = 2

/** The tables of status lists, trust lists and facts behind {@link ListStore}. */
export function createListStore(database: Database<IssuerSchema>): ListStore {
  return { ...statusListStore(database), ...trustListStore(database), ...factStore(database) }
}

function statusListStore(database: Database<IssuerSchema>): StatusListStore {
  const { kysely } = database
  return {
    takeSequences: (count) => takeSequences(database, count),
    openFirstList: () => openListAfter(database, 0),
    statusLists: () => kysely.selectFrom('status_lists').selectAll().orderBy('list').execute(),
    ...createListVersionStore(database, 'status_lists'),
  }
}

function trustListStore({ kysely }: Database<IssuerSchema>): TrustListStore {
  return {
    newestTrustList: () =>
      kysely
        .selectFrom('trust_lists')
        .selectAll()
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst(),
    async putTrustList(trustList) {
      const result = await kysely
        .insertInto('trust_lists')
        .values(trustList)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return Number(result.numInsertedOrUpdatedRows) === 1
    },
  }
}

function factStore({ kysely }: Database<IssuerSchema>): FactStore {
  return {
    async getFact(name) {
      const row = await kysely
        .selectFrom('issuer_facts')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirst()
      return row?.value
    },
    async putFact(name, value) {
      await kysely.insertInto('issuer_facts').values({ name, value }).execute()
    },
  }
}

/**
 * One conditional statement counts and reads at once, so that no two processes ever take the
 * same number. Numbers taken and not used are lost, never freed.
 */
async function takeSequences(
  database: Database<IssuerSchema>,
  count: number,
): Promise<SequenceBlock> {
  if (!Number.isInteger(count) || count < 1 || count > LIST_SIZE) {
    throw new TypeError('a block of sequence numbers has 1 to 2^20 of them')
  }
  for (;;) {
    const row = await database.kysely
      .updateTable('status_lists')
      .set((build) => ({ next_sequence: build('next_sequence', '+', count) }))
      .where('list', '=', (build) =>
        build.selectFrom('status_lists').select((inner) => inner.fn.max('list').as('newest')),
      )
      .where('next_sequence', '<=', LIST_SIZE - count)
      .returning(['list', 'next_sequence'])
      .executeTakeFirst()
    if (row !== undefined) return { list: row.list, first: row.next_sequence - count, count }
    const newest = await newestList(database)
    // Another process may have opened the next one meanwhile: it is not full, so it is used.
    if (newest.next_sequence > LIST_SIZE - count) await openListAfter(database, newest.list)
  }
}

async function newestList({
  kysely,
}: Database<IssuerSchema>): Promise<{ readonly list: number; readonly next_sequence: number }> {
  const row = await kysely
    .selectFrom('status_lists')
    .select(['list', 'next_sequence'])
    .orderBy('list', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? { list: 0, next_sequence: LIST_SIZE }
}

/** Whoever comes second finds the list open: that is as good. */
async function openListAfter({ kysely }: Database<IssuerSchema>, newest: number): Promise<void> {
  await kysely
    .insertInto('status_lists')
    .values({ list: newest + 1, bits: BITS, next_sequence: 0, version: 0, published_at: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
