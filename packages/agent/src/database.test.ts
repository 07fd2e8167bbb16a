import { beforeEach, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { type StampRows, stamp, stamps } from '../../../test/stamps-schema.js'
import type { DatabaseLocation } from './database.js'
import { isUniqueViolation } from './errors.js'
import type { Migration } from './migrations.js'
import { sql } from 'kysely'

describe.each(engines)('a database on %s', (engine) => {
  const databases = databasesOn(engine)
  let location: DatabaseLocation

  beforeEach(async () => {
    location = await databases.location()
  })

  function open(migrations: readonly Migration[] = [stamps], create = true) {
    return databases.open<StampRows>({ location, migrations, create, queueSeconds: 1 })
  }

  it('reads back what was written, by another handle too', async () => {
    const database = await open()
    await database.kysely
      .insertInto('stamps')
      .values(stamp('a', 2 ** 40))
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
      .values([stamp('a', 3), stamp('b', 4)])
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
      .values([stamp('a'), stamp('b')])
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
    const insert = () => kysely.insertInto('stamps').values(stamp('secret-id')).execute()
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

  it('answers with an error after it was closed', async () => {
    const database = await open()
    await database.close()
    const late = database.kysely.insertInto('stamps').values(stamp('a')).execute()
    await expect(late).rejects.toThrow(/closed|destroyed/)
  })
})
