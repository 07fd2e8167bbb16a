import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresCluster, startPostgresCluster } from '../../../test/postgres-cluster.js'
import { type Database, type DatabaseLocation, openDatabase } from './database.js'
import { isUniqueViolation } from './errors.js'
import type { Migration } from './migrations.js'

type Rows = { stamps: { id: string; value: number; note: string | null } }

const stamps: Migration = {
  name: '0001-stamps',
  up: async (db) => {
    await db.schema
      .createTable('stamps')
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('value', 'bigint', (column) => column.notNull())
      .addColumn('note', 'text')
      .execute()
  },
}

let cluster: PostgresCluster
let folder: string

beforeAll(async () => {
  cluster = await startPostgresCluster()
})
afterAll(() => cluster.stop())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-database-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe.each(['sqlite', 'postgres'] as const)('a database on %s', (engine) => {
  const opened: Database<Rows>[] = []
  let location: DatabaseLocation

  beforeEach(async () => {
    location =
      engine === 'sqlite'
        ? { sqlite: join(folder, 'test.sqlite') }
        : { postgres: await cluster.createDatabase() }
  })
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close()
  })

  async function open(migrations: readonly Migration[] = [stamps], create = true) {
    const database = await openDatabase<Rows>({ location, migrations, create, queueSeconds: 1 })
    opened.push(database)
    return database
  }

  const row = (id: string, value = 1) => ({ id, value, note: null })

  async function ids(database: Database<Rows>): Promise<string[]> {
    const rows = await database.kysely.selectFrom('stamps').select('id').orderBy('id').execute()
    return rows.map((found) => found.id)
  }

  it('reads back what was written, by another handle too', async () => {
    const database = await open()
    await database.kysely
      .insertInto('stamps')
      .values(row('a', 2 ** 40))
      .execute()
    const other = await open([stamps], false)
    expect(await other.kysely.selectFrom('stamps').selectAll().execute()).toEqual([
      { id: 'a', value: 2 ** 40, note: null },
    ])
  })

  it('refuses to open a database that nobody created', async () => {
    await expect(open([stamps], false)).rejects.toMatchObject({ code: 'database_missing' })
  })

  it('gives numbers for integers, counts, sums and truth', async () => {
    const database = await open()
    await database.kysely
      .insertInto('stamps')
      .values([row('a', 3), row('b', 4)])
      .execute()
    const found = await sql<Record<string, number>>`
      select count(*) as count, sum(value) as sum, exists(select 1 from stamps) as truth
      from stamps`.execute(database.kysely)
    expect(found.rows).toEqual([{ count: 2, sum: 7, truth: 1 }])
  })

  it('says how many rows a write changed', async () => {
    const { kysely } = await open()
    await kysely
      .insertInto('stamps')
      .values([row('a'), row('b')])
      .execute()
    const updated = await kysely.updateTable('stamps').set({ value: 9 }).executeTakeFirst()
    expect(updated.numUpdatedRows).toBe(2n)
    const deleted = await kysely.deleteFrom('stamps').where('id', '=', 'x').executeTakeFirst()
    expect(deleted.numDeletedRows).toBe(0n)
    const taken = await kysely.deleteFrom('stamps').where('id', '=', 'a').returningAll().execute()
    expect(taken).toHaveLength(1)
  })

  it('reports a second row with the same key under one code, without the value', async () => {
    const { kysely } = await open()
    const insert = () => kysely.insertInto('stamps').values(row('secret-id')).execute()
    await insert()
    const error = await insert().catch((refused: unknown) => refused)
    expect(isUniqueViolation(error)).toBe(true)
    expect(JSON.stringify(error) + String(error)).not.toContain('secret-id')
  })

  it('reports a broken rule of the table as such', async () => {
    const { kysely } = await open()
    const broken = kysely.insertInto('stamps').values({ id: 'a', value: null as never, note: null })
    await expect(broken.execute()).rejects.toMatchObject({ code: 'constraint_violation' })
  })

  it.each([
    ['a Date', new Date(0)],
    ['a boolean', true],
    ['an object', { a: 1 }],
    ['undefined', undefined],
    ['an unsafe integer', 2 ** 60],
    ['not a number', Number.NaN],
    ['bytes', Buffer.from('a')],
  ])('refuses to bind %s', async (_name, value) => {
    const { kysely } = await open()
    const written = sql`insert into stamps (id, value) values ('a', ${value})`.execute(kysely)
    await expect(written).rejects.toThrow(TypeError)
  })

  it('refuses text in an integer column', async () => {
    const { kysely } = await open()
    const written = kysely.insertInto('stamps').values({ id: 'a', value: 'x' as never, note: null })
    await expect(written.execute()).rejects.toMatchObject({ name: 'AgentError' })
    expect(await kysely.selectFrom('stamps').selectAll().execute()).toEqual([])
  })

  it('keeps nothing of a transaction that throws', async () => {
    const database = await open()
    const thrown = database.transaction(async (trx) => {
      await trx.insertInto('stamps').values(row('a')).execute()
      throw new Error('changed my mind')
    })
    await expect(thrown).rejects.toThrow('changed my mind')
    expect(await ids(database)).toEqual([])
  })

  it('keeps nothing of a transaction whose failed statement was caught', async () => {
    const database = await open()
    await database.kysely.insertInto('stamps').values(row('a')).execute()
    const caught = database.transaction(async (trx) => {
      await trx.insertInto('stamps').values(row('b')).execute()
      await trx
        .insertInto('stamps')
        .values(row('a'))
        .execute()
        .catch(() => undefined)
    })
    await expect(caught).rejects.toMatchObject({ code: 'transaction_aborted' })
    expect(await ids(database)).toEqual(['a'])
  })

  it('refuses every statement after a failed one in a transaction', async () => {
    const database = await open()
    const seen: unknown[] = []
    const failed = database.transaction(async (trx) => {
      await trx.insertInto('stamps').values(row('a')).execute()
      await trx
        .insertInto('stamps')
        .values(row('a'))
        .execute()
        .catch((error) => seen.push(error))
      await trx.selectFrom('stamps').selectAll().execute()
    })
    await expect(failed).rejects.toMatchObject({ code: 'transaction_aborted' })
    expect(seen).toHaveLength(1)
  })

  it('goes on after a rollback to a savepoint', async () => {
    const database = await open()
    await database.kysely.insertInto('stamps').values(row('a')).execute()
    const trx = await database.kysely.startTransaction().execute()
    const marked = await trx.savepoint('before').execute()
    await expect(marked.insertInto('stamps').values(row('a')).execute()).rejects.toThrow()
    const back = await marked.rollbackToSavepoint('before').execute()
    await back.insertInto('stamps').values(row('b')).execute()
    await back.commit().execute()
    expect(await ids(database)).toEqual(['a', 'b'])
  })

  it('never interleaves transactions of many callers', async () => {
    const database = await open()
    await database.kysely.insertInto('stamps').values(row('sum', 0)).execute()
    const add = () =>
      database.transaction(async (trx) => {
        const query = trx.selectFrom('stamps').select('value').where('id', '=', 'sum')
        const locked = engine === 'postgres' ? query.forUpdate() : query
        const { value } = await locked.executeTakeFirstOrThrow()
        await new Promise((resolve) => setImmediate(resolve))
        await trx
          .updateTable('stamps')
          .set({ value: value + 1 })
          .where('id', '=', 'sum')
          .execute()
      })
    await Promise.all(Array.from({ length: 40 }, add))
    const { value } = await database.kysely
      .selectFrom('stamps')
      .select('value')
      .executeTakeFirstOrThrow()
    expect(value).toBe(40)
  })

  it('undoes only the one that fails among writes that wait side by side', async () => {
    const database = await open()
    await database.kysely.insertInto('stamps').values(row('007')).execute()
    const name = (index: number) => String(index % 50).padStart(3, '0')
    const writes = Array.from({ length: 100 }, (_, index) =>
      database.kysely
        .insertInto('stamps')
        .values(row(name(index)))
        .execute(),
    )
    const settled = await Promise.allSettled(writes)
    // 50 names, each twice, and one of them was there before.
    expect(settled.filter((one) => one.status === 'fulfilled')).toHaveLength(49)
    expect(await ids(database)).toHaveLength(50)
  })

  it('keeps plain writes of others when a transaction is undone', async () => {
    const database = await open()
    const undone = database.transaction(async (trx) => {
      await trx.insertInto('stamps').values(row('undone')).execute()
      await new Promise((resolve) => setTimeout(resolve, 50))
      throw new Error('undone')
    })
    const kept = database.kysely.insertInto('stamps').values(row('kept')).execute()
    await expect(undone).rejects.toThrow('undone')
    await kept
    expect(await ids(database)).toEqual(['kept'])
  })

  it('takes a row exactly once among many callers', async () => {
    const database = await open()
    await database.kysely.insertInto('stamps').values(row('code', 0)).execute()
    const take = () =>
      database.kysely
        .updateTable('stamps')
        .set({ value: 1 })
        .where('id', '=', 'code')
        .where('value', '=', 0)
        .executeTakeFirst()
    const taken = await Promise.all(Array.from({ length: 32 }, take))
    expect(taken.filter((one) => one.numUpdatedRows === 1n)).toHaveLength(1)
  })

  it('runs a whole transaction again when it loses a race', async () => {
    const database = await open()
    await database.kysely
      .insertInto('stamps')
      .values([row('a', 0), row('b', 0)])
      .execute()
    let runs = 0
    const cross = (first: string, second: string) =>
      database.transaction(async (trx) => {
        runs += 1
        for (const id of [first, second]) {
          await trx
            .updateTable('stamps')
            .set({ value: sql`value + 1` })
            .where('id', '=', id)
            .execute()
          await new Promise((resolve) => setTimeout(resolve, 30))
        }
      })
    await Promise.all([cross('a', 'b'), cross('b', 'a')])
    const rows = await database.kysely.selectFrom('stamps').select('value').execute()
    expect(rows).toEqual([{ value: 2 }, { value: 2 }])
    expect(runs).toBe(engine === 'postgres' ? 3 : 2)
  })

  it('undoes a transaction that stands idle', async () => {
    const database = await openDatabase<Rows>({
      ...{ location, migrations: [stamps], create: true },
      ...{ idleSeconds: 0.2, queueSeconds: 5 },
    })
    opened.push(database)
    const slow = database.transaction(async (trx) => {
      await trx.insertInto('stamps').values(row('slow')).execute()
      await new Promise((resolve) => setTimeout(resolve, 600))
      await trx.insertInto('stamps').values(row('late')).execute()
    })
    await expect(slow).rejects.toMatchObject({ code: 'transaction_expired' })
    await database.kysely.insertInto('stamps').values(row('next')).execute()
    expect(await ids(database)).toEqual(['next'])
  })

  it('answers with an error after it was closed', async () => {
    const database = await open()
    await database.close()
    const late = database.kysely.insertInto('stamps').values(row('a')).execute()
    await expect(late).rejects.toThrow(/closed|destroyed/)
  })

  describe('its schema', () => {
    const second: Migration = {
      name: '0002-extra',
      up: async (db) => {
        await db.schema.alterTable('stamps').addColumn('extra', 'text').execute()
      },
    }

    it('is brought up to date on opening, also without create', async () => {
      await open()
      const { kysely } = await open([stamps, second], false)
      await sql`select extra from stamps`.execute(kysely)
    })

    it('takes a step that was added before one already applied', async () => {
      await open()
      const earlier: Migration = {
        name: '0000-earlier',
        up: async (db) => {
          await db.schema.createTable('earlier').addColumn('id', 'text').execute()
        },
      }
      const { kysely } = await open([earlier, stamps])
      await sql`select id from earlier`.execute(kysely)
    })

    it('is refused when a newer program has changed it', async () => {
      await open([stamps, second])
      await expect(open([stamps])).rejects.toMatchObject({ code: 'schema_newer' })
    })

    it('stays as it was when a step fails half way', async () => {
      await open()
      const failing: Migration = {
        name: '0002-failing',
        up: async (db) => {
          await db.schema.createTable('half').addColumn('id', 'text').execute()
          throw new Error('no further')
        },
      }
      await expect(open([stamps, failing])).rejects.toThrow('no further')
      const { kysely } = await open([stamps])
      await expect(sql`select id from half`.execute(kysely)).rejects.toThrow()
    })

    it('is made once when several open it at the same time', async () => {
      let runs = 0
      const counted: Migration = {
        name: stamps.name,
        up: async (db) => {
          runs += 1
          await stamps.up(db)
        },
      }
      await Promise.all(Array.from({ length: 4 }, () => open([counted, second])))
      expect(runs).toBe(1)
    })

    it('refuses two steps of one name', async () => {
      await expect(open([stamps, stamps])).rejects.toThrow(TypeError)
    })
  })
})
