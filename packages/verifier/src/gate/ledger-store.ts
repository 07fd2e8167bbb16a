import type { Database } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import { type Kysely, sql } from 'kysely'
import type { EntryBy, LedgerEntry, LedgerHead, LedgerRows } from './gate-ledger.js'

type EntryRow = {
  number: number
  gate: string
  lane: string
  entered_at: number
  by_way: string
  holder: string
  person: string | null
  answer: string
  hash: string
}

/** A lane's ledger: tags and places, nothing of anybody. */
export type LedgerTables = {
  gate_ledger: {
    ledger: string
    event: string
    erases_at: number
    /** The latest time seen, and the entry after which entries' own times count on. */
    seen_at: number
    seen_number: number
  }
  gate_entries: EntryRow
  /** Entries of other ledgers. */
  gate_others: EntryRow & { ledger: string }
}

/** The steps of the schema; STRICT tables are SQLite's alone, as a lane's ledger is. */
export const ledgerMigrations = [
  {
    name: '0001-gate-ledger',
    async up(db: Kysely<unknown>): Promise<void> {
      const entry = `gate text not null, lane text not null, entered_at integer not null,
        by_way text not null, holder text not null, person text, answer text not null,
        hash text not null`
      for (const statement of [
        `create table gate_ledger (only_one integer primary key check (only_one = 1) default 1,
          ledger text not null, event text not null, erases_at integer not null,
          seen_at integer not null, seen_number integer not null) strict`,
        `create table gate_entries (number integer primary key, ${entry}) strict`,
        'create unique index gate_entries_by_holder on gate_entries (holder)',
        'create unique index gate_entries_by_person on gate_entries (person)',
        `create table gate_others (ledger text not null, number integer not null, ${entry},
          primary key (ledger, number)) strict`,
        'create index gate_others_by_holder on gate_others (holder)',
        'create index gate_others_by_person on gate_others (person)',
      ]) {
        await sql.raw(statement).execute(db)
      }
    },
  },
] as const

/** Rows of a ledger in SQLite: each entry is on the disk before {@link LedgerRows.append} resolves. */
export function databaseLedgerRows(database: Database<LedgerTables>): LedgerRows {
  const { kysely } = database
  return {
    head: () => readHead(kysely),
    async make(head) {
      const { ledger, event, erasesAt } = head
      await kysely
        .insertInto('gate_ledger')
        .values({ ledger, event, erases_at: epochSeconds(erasesAt), seen_at: 0, seen_number: 0 })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    append: (entry) => append(kysely, entry),
    own: () => readOwn(kysely),
    takeIn: (entries) => takeIn(database, entries),
    see: (at, { correct }) => see(kysely, epochSeconds(at), correct),
    erase: () => erase(database),
  }
}

/** One statement: it stands and nobody else's does, or nothing of it does. */
async function append(
  kysely: Kysely<LedgerTables>,
  entry: LedgerEntry,
): ReturnType<LedgerRows['append']> {
  const { ledger: _ledger, at, by, ...rest } = entry
  const { holder, person } = entry
  const row = { ...rest, entered_at: epochSeconds(at), by_way: by }
  const names = Object.keys(row) as (keyof EntryRow)[]
  const values = sql.join(names.map((name) => sql`${row[name]}`))
  const inserted = await kysely
    .insertInto('gate_entries')
    .columns(names)
    .expression(
      sql`select ${values} where not exists
        (select 1 from gate_others where holder = ${holder} or person = ${person})`,
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('number')
    .executeTakeFirst()
  if (inserted !== undefined) return { state: 'appended' }
  const before = await findBefore(kysely, entry)
  return before === null ? { state: 'overtaken' } : { state: 'before', entry: before }
}

async function findBefore(
  kysely: Kysely<LedgerTables>,
  { holder, person }: LedgerEntry,
): Promise<LedgerEntry | null> {
  const own = await kysely
    .selectFrom('gate_entries')
    .innerJoin('gate_ledger', (join) => join.onTrue())
    .selectAll('gate_entries')
    .select('gate_ledger.ledger')
    .where((eb) => eb.or([eb('holder', '=', holder), eb('person', '=', person)]))
    .executeTakeFirst()
  if (own !== undefined) return entryOf(own)
  const other = await kysely
    .selectFrom('gate_others')
    .selectAll()
    .where((eb) => eb.or([eb('holder', '=', holder), eb('person', '=', person)]))
    .orderBy('entered_at')
    .executeTakeFirst()
  return other === undefined ? null : entryOf(other)
}

async function readHead(kysely: Kysely<LedgerTables>): Promise<LedgerHead | null> {
  const row = await kysely.selectFrom('gate_ledger').selectAll().executeTakeFirst()
  if (row === undefined) return null
  const last = await kysely
    .selectFrom('gate_entries')
    .select(['number', 'hash'])
    .orderBy('number', 'desc')
    .executeTakeFirst()
  const { newest } = await kysely
    .selectFrom('gate_entries')
    .select((eb) => eb.fn.max('entered_at').as('newest'))
    .where('number', '>', row.seen_number)
    .executeTakeFirstOrThrow()
  const seen = Math.max(row.seen_at, newest ?? 0)
  return {
    ...{ ledger: row.ledger, event: row.event, erasesAt: new Date(row.erases_at * 1000) },
    ...{ number: last?.number ?? 0, hash: last?.hash ?? '' },
    seenAt: seen === 0 ? null : new Date(seen * 1000),
  }
}

async function readOwn(kysely: Kysely<LedgerTables>): Promise<readonly LedgerEntry[]> {
  const rows = await kysely
    .selectFrom('gate_entries')
    .innerJoin('gate_ledger', (join) => join.onTrue())
    .selectAll('gate_entries')
    .select('gate_ledger.ledger')
    .orderBy('number')
    .execute()
  return rows.map(entryOf)
}

/** So many parameters fit one statement. */
const ROWS_AT_ONCE = 500

async function takeIn(
  database: Database<LedgerTables>,
  entries: readonly LedgerEntry[],
): Promise<number> {
  return database.transaction(async (trx) => {
    let taken = 0
    for (let at = 0; at < entries.length; at += ROWS_AT_ONCE) {
      const rows = entries.slice(at, at + ROWS_AT_ONCE).map(({ at: entered, by, ...rest }) => ({
        ...rest,
        ...{ entered_at: epochSeconds(entered), by_way: by },
      }))
      const { numInsertedOrUpdatedRows = 0n } = await trx
        .insertInto('gate_others')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      taken += Number(numInsertedOrUpdatedRows)
    }
    return taken
  })
}

async function see(kysely: Kysely<LedgerTables>, at: number, correct: boolean): Promise<void> {
  const update = kysely.updateTable('gate_ledger')
  if (!correct) {
    await update.set({ seen_at: at }).where('seen_at', '<', at).execute()
    return
  }
  // Entries made while the clock was ahead no longer say what time it is.
  const newest = sql<number>`(select coalesce(max(number), 0) from gate_entries)`
  await update.set({ seen_at: at, seen_number: newest }).execute()
}

/** Rows go, and so do the copies of them that a database leaves in its gaps and its log. */
async function erase(database: Database<LedgerTables>): Promise<number> {
  const count = await database.transaction(async (trx) => {
    const own = await trx.deleteFrom('gate_entries').executeTakeFirstOrThrow()
    const others = await trx.deleteFrom('gate_others').executeTakeFirstOrThrow()
    await trx.deleteFrom('gate_ledger').execute()
    return Number(own.numDeletedRows + others.numDeletedRows)
  })
  await database.rewrite()
  return count
}

function entryOf(row: EntryRow & { readonly ledger: string }): LedgerEntry {
  const { entered_at: at, by_way: by, ...rest } = row
  return { ...rest, at: new Date(at * 1000), by: by as EntryBy }
}
