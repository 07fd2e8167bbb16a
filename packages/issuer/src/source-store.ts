import type { Database, Migration } from '@netcert/agent'
import { createGuardianLinkStore, type GuardianLinkStore } from './minors/guardian-link-store.js'
import { wardLinkMigrations } from './minors/minors-schema-store.js'
import { sql } from 'kysely'

export type SourceSchema = {
  source_facts: { name: string; value: string }
  citizens: {
    reference: string
    /** Keyed hash of the document number: unique, and says nothing without the key. */
    number_tag: string
    /** Keyed hash of the whole row, so that the same row again is known without unsealing. */
    fingerprint: string
    wrapped_key: string
    sealed: string
  }
  guardian_links: { ward: string; guardian: string; position: number }
  /** Every document a person is found by; the first one's type and number are in their own row. */
  citizen_numbers: {
    /** Keyed hash of the document number. */
    number_tag: string
    reference: string
    wrapped_key: string | null
    sealed: string | null
  }
}

export type StoredCitizen = SourceSchema['citizens']
export type StoredNumber = SourceSchema['citizen_numbers']
/** A person, and the number they were looked for by. */
export type FoundCitizen = StoredCitizen & { readonly found_by: string }
export type NewCitizen = StoredCitizen & { readonly guardians: readonly string[] }

/** All SQL of the authentic source. */
export type SourceStore = GuardianLinkStore & {
  putFact(name: string, value: string): Promise<void>
  getFact(name: string): Promise<string | undefined>
  /** People by any of their documents. */
  getByTags(tags: readonly string[]): Promise<readonly FoundCitizen[]>
  /** Documents of a person beside the first. */
  documentsOf(reference: string): Promise<readonly StoredNumber[]>
  /** `false` when that number is somebody's already. */
  putNumber(number: StoredNumber): Promise<boolean>
  get(reference: string): Promise<StoredCitizen | undefined>
  /** References in their own, random order. */
  list(limit: number, after: string): Promise<readonly string[]>
  count(): Promise<number>
  /** One transaction for all or none; `false` when somebody else has put one of the numbers. */
  putAll(citizens: readonly NewCitizen[]): Promise<boolean>
}

export const sourceMigrations: readonly Migration[] = [
  {
    name: '0001-citizens',
    up: async (db) => {
      await db.schema
        .createTable('source_facts')
        .addColumn('name', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('value', 'text', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('citizens')
        .addColumn('reference', 'varchar(40)', (column) => column.primaryKey())
        .addColumn('number_tag', 'varchar(64)', (column) => column.notNull().unique())
        .addColumn('fingerprint', 'varchar(64)', (column) => column.notNull())
        .addColumn('wrapped_key', 'text', (column) => column.notNull())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('guardian_links')
        .addColumn('ward', 'varchar(40)', (column) => column.notNull())
        .addColumn('guardian', 'varchar(40)', (column) => column.notNull())
        .addColumn('position', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('guardian_links_key', ['ward', 'guardian'])
        .execute()
    },
  },
  {
    name: '0002-citizen-numbers',
    up: async (db) => {
      await db.schema
        .createTable('citizen_numbers')
        .addColumn('number_tag', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('reference', 'varchar(40)', (column) => column.notNull())
        .addColumn('wrapped_key', 'text')
        .addColumn('sealed', 'text')
        .execute()
      const index = db.schema.createIndex('citizen_numbers_reference').on('citizen_numbers')
      await index.column('reference').execute()
      await sql`insert into citizen_numbers (number_tag, reference)
        select number_tag, reference from citizens`.execute(db)
    },
  },
  ...wardLinkMigrations,
]

/** Thrown inside a transaction to undo it; never leaves this file. */
class Overtaken extends Error {}

export function createSourceStore(database: Database<SourceSchema>): SourceStore {
  return {
    ...sourceFacts(database),
    ...citizenQueries(database),
    ...numberQueries(database),
    ...createGuardianLinkStore(database),
    putAll: (citizens) => putAll(database, citizens),
  }
}

type Facts = 'putFact' | 'getFact'
type Numbers = 'documentsOf' | 'putNumber'

function sourceFacts({ kysely }: Database<SourceSchema>): Pick<SourceStore, Facts> {
  return {
    async putFact(name, value) {
      await kysely.insertInto('source_facts').values({ name, value }).execute()
    },
    async getFact(name) {
      const row = await kysely
        .selectFrom('source_facts')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirst()
      return row?.value
    },
  }
}

function citizenQueries({
  kysely,
}: Database<SourceSchema>): Omit<
  SourceStore,
  Facts | Numbers | keyof GuardianLinkStore | 'putAll'
> {
  const citizens = kysely.selectFrom('citizens')
  return {
    async getByTags(tags) {
      if (tags.length === 0) return []
      return kysely
        .selectFrom('citizen_numbers')
        .innerJoin('citizens', 'citizens.reference', 'citizen_numbers.reference')
        .selectAll('citizens')
        .select('citizen_numbers.number_tag as found_by')
        .where('citizen_numbers.number_tag', 'in', tags)
        .execute()
    },
    get: (reference) => citizens.selectAll().where('reference', '=', reference).executeTakeFirst(),
    async list(limit, after) {
      const rows = await citizens
        .select('reference')
        .where('reference', '>', after)
        .orderBy('reference')
        .limit(limit)
        .execute()
      return rows.map((row) => row.reference)
    },
    async count() {
      const row = await citizens
        .select((build) => build.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return row.count
    },
  }
}

function numberQueries({ kysely }: Database<SourceSchema>): Pick<SourceStore, Numbers> {
  return {
    documentsOf: (reference) =>
      kysely
        .selectFrom('citizen_numbers')
        .selectAll()
        .where('reference', '=', reference)
        .where('sealed', 'is not', null)
        .orderBy('number_tag')
        .execute(),
    async putNumber(number) {
      const result = await kysely
        .insertInto('citizen_numbers')
        .values(number)
        .onConflict((conflict) => conflict.column('number_tag').doNothing())
        .executeTakeFirst()
      return Number(result.numInsertedOrUpdatedRows) === 1
    },
  }
}

async function putAll(
  database: Database<SourceSchema>,
  citizens: readonly NewCitizen[],
): Promise<boolean> {
  if (citizens.length === 0) return true
  const rows = citizens.map(({ guardians: _guardians, ...row }) => row)
  const links = citizens.flatMap(({ reference, guardians }) =>
    guardians.map((guardian, position) => ({ ward: reference, guardian, position })),
  )
  try {
    await database.transaction(async (trx) => {
      const result = await trx
        .insertInto('citizens')
        .values(rows)
        .onConflict((conflict) => conflict.column('number_tag').doNothing())
        .executeTakeFirst()
      const numbers = await trx
        .insertInto('citizen_numbers')
        .values(
          rows.map(({ number_tag, reference }) => ({
            number_tag,
            reference,
            wrapped_key: null,
            sealed: null,
          })),
        )
        .onConflict((conflict) => conflict.column('number_tag').doNothing())
        .executeTakeFirst()
      const put = [result, numbers].map((each) => Number(each.numInsertedOrUpdatedRows))
      if (put.some((count) => count !== rows.length)) throw new Overtaken()
      if (links.length > 0) await trx.insertInto('guardian_links').values(links).execute()
    })
    return true
  } catch (error) {
    if (error instanceof Overtaken) return false
    throw error
  }
}
