import { beforeEach, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { type StampRows, stamp, stamps } from '../../../test/stamps-schema.js'
import type { Database, DatabaseLocation } from './database.js'
import type { Migration } from './migrations.js'
import { sql } from 'kysely'

describe.each(engines)('transactions on %s', (engine) => {
  const databases = databasesOn(engine)
  let location: DatabaseLocation

  beforeEach(async () => {
    location = await databases.location()
  })

  function open(migrations: readonly Migration[] = [stamps], create = true) {
    return databases.open<StampRows>({ location, migrations, create, queueSeconds: 1 })
  }

  async function ids(database: Database<StampRows>): Promise<string[]> {
    const rows = await database.kysely.selectFrom('stamps').select('id').orderBy('id').execute()
    return rows.map((found) => found.id)
  }

  it('runs statements of one transaction one by one, also when nobody waits in between', async () => {
    const database = await open()
    await database.transaction(async (trx) => {
      const names = Array.from({ length: 30 }, (_, index) => String(index))
      const insert = (id: string) => trx.insertInto('stamps').values(stamp(id)).execute()
      await Promise.all(names.map(insert))
    })
    expect(await ids(database)).toHaveLength(30)
    const failed = database.transaction(async (trx) => {
      const insert = (id: string) => trx.insertInto('stamps').values(stamp(id)).execute()
      const [first, second] = await Promise.allSettled([insert('0'), insert('late')])
      expect(first).toMatchObject({ reason: { code: 'unique_violation' } })
      expect(second).toMatchObject({ reason: { code: 'transaction_aborted' } })
    })
    await expect(failed).rejects.toMatchObject({ code: 'transaction_aborted' })
    expect(await ids(database)).toHaveLength(30)
  })

  it('keeps nothing of a transaction that throws', async () => {
    const database = await open()
    const thrown = database.transaction(async (trx) => {
      await trx.insertInto('stamps').values(stamp('a')).execute()
      throw new Error('changed my mind')
    })
    await expect(thrown).rejects.toThrow('changed my mind')
    expect(await ids(database)).toEqual([])
  })

  it('keeps nothing of a transaction whose failed statement was caught', async () => {
    const database = await open()
    await database.kysely.insertInto('stamps').values(stamp('a')).execute()
    const caught = database.transaction(async (trx) => {
      await trx.insertInto('stamps').values(stamp('b')).execute()
      await trx
        .insertInto('stamps')
        .values(stamp('a'))
        .execute()
        .catch(() => undefined)
    })
    await expect(caught).rejects.toMatchObject({ code: 'transaction_aborted' })
    // It is over: the next write does not wait for it.
    await database.kysely.insertInto('stamps').values(stamp('c')).execute()
    expect(await ids(database)).toEqual(['a', 'c'])
  })

  it('refuses every statement after a failed one in a transaction', async () => {
    const database = await open()
    const seen: unknown[] = []
    const failed = database.transaction(async (trx) => {
      await trx.insertInto('stamps').values(stamp('a')).execute()
      await trx
        .insertInto('stamps')
        .values(stamp('a'))
        .execute()
        .catch((error) => seen.push(error))
      await trx.selectFrom('stamps').selectAll().execute()
    })
    await expect(failed).rejects.toMatchObject({ code: 'transaction_aborted' })
    expect(seen).toHaveLength(1)
  })

  it('goes on after a rollback to a savepoint', async () => {
    const database = await open()
    await database.kysely.insertInto('stamps').values(stamp('a')).execute()
    const trx = await database.kysely.startTransaction().execute()
    const marked = await trx.savepoint('before').execute()
    await expect(marked.insertInto('stamps').values(stamp('a')).execute()).rejects.toMatchObject({
      code: 'unique_violation',
    })
    const back = await marked.rollbackToSavepoint('before').execute()
    await back.insertInto('stamps').values(stamp('b')).execute()
    await back.commit().execute()
    expect(await ids(database)).toEqual(['a', 'b'])
  })

  it('never interleaves transactions of many callers', async () => {
    const database = await open()
    await database.kysely.insertInto('stamps').values(stamp('sum', 0)).execute()
    const add = () =>
      database.transaction(async (trx) => {
        const query = trx.selectFrom('stamps').select('value').where('id', '=', 'sum').forUpdate()
        const { value } = await query.executeTakeFirstOrThrow()
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
    await database.kysely.insertInto('stamps').values(stamp('007')).execute()
    const name = (index: number) => String(index % 50).padStart(3, '0')
    const writes = Array.from({ length: 100 }, (_, index) =>
      database.kysely
        .insertInto('stamps')
        .values(stamp(name(index)))
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
      await trx.insertInto('stamps').values(stamp('undone')).execute()
      await new Promise((resolve) => setTimeout(resolve, 50))
      throw new Error('undone')
    })
    const kept = database.kysely.insertInto('stamps').values(stamp('kept')).execute()
    await expect(undone).rejects.toThrow('undone')
    await kept
    expect(await ids(database)).toEqual(['kept'])
  })

  it('takes a row exactly once among many callers', async () => {
    const database = await open()
    await database.kysely.insertInto('stamps').values(stamp('code', 0)).execute()
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
      .values([stamp('a', 0), stamp('b', 0)])
      .execute()
    let [runs, holding] = [0, 0]
    let meet = () => {}
    const met = new Promise<void>((resolve) => (meet = resolve))
    const cross = (first: string, second: string) =>
      database.transaction(async (trx) => {
        runs += 1
        const countUp = (id: string) =>
          trx.updateTable('stamps').set({ value: sql`value + 1` }).where('id', '=', id).execute()
        await countUp(first)
        holding += 1
        if (holding === 2) meet()
        // Until each holds a row that the other wants; SQLite lets only one of them begin.
        if (engine === 'postgres') await met
        await countUp(second)
      })
    await Promise.all([cross('a', 'b'), cross('b', 'a')])
    const rows = await database.kysely.selectFrom('stamps').select('value').execute()
    expect(rows).toEqual([{ value: 2 }, { value: 2 }])
    expect(runs).toBe(engine === 'postgres' ? 3 : 2)
  })

  it('undoes a transaction that stands idle', async () => {
    const limits = { idleSeconds: 0.2, queueSeconds: 5 }
    const options = { location, migrations: [stamps], create: true, ...limits }
    const database = await databases.open<StampRows>(options)
    const slow = database.transaction(async (trx) => {
      await trx.insertInto('stamps').values(stamp('slow')).execute()
      await new Promise((resolve) => setTimeout(resolve, 600))
      await trx.insertInto('stamps').values(stamp('late')).execute()
    })
    await expect(slow).rejects.toMatchObject({ code: 'transaction_expired' })
    await database.kysely.insertInto('stamps').values(stamp('next')).execute()
    expect(await ids(database)).toEqual(['next'])
  })
})
