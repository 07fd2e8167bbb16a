import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type StampRows, stamp, stamps } from '../../../test/stamps-schema.js'
import { type Database, type OpenDatabaseOptions, openDatabase } from './database.js'
import { SqliteHandle } from './sqlite-handle.js'
import { assertSettings } from './sqlite-settings.js'

let folder: string
let file: string
const opened: { close(): Promise<void> }[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-sqlite-'))
  file = join(folder, 'inner', 'test.sqlite')
})
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  await rm(folder, { recursive: true, force: true })
})

async function open(options: Partial<OpenDatabaseOptions> = {}): Promise<Database<StampRows>> {
  const location = { sqlite: file }
  const all = { location, migrations: [stamps], create: true, ...options }
  const database = await openDatabase<StampRows>(all)
  opened.push(database)
  return database
}

/** A handle as another process would have: nothing of ours around it. */
async function strangerHandle(): Promise<SqliteHandle> {
  const handle = await SqliteHandle.open(file)
  opened.push(handle)
  return handle
}

const insert = (database: Database<StampRows>, id: string, note: string | null = null) =>
  database.kysely
    .insertInto('stamps')
    .values({ ...stamp(id), note })
    .execute()

describe('the files of a SQLite database', () => {
  it('belong to their owner alone, whatever the umask, while it is open', async () => {
    const umask = process.umask(0)
    try {
      const database = await open()
      await insert(database, 'a')
    } finally {
      process.umask(umask)
    }
    const names = (await readdir(join(folder, 'inner'))).sort()
    expect(names).toEqual(['test.sqlite', 'test.sqlite-shm', 'test.sqlite-wal'])
    for (const name of names) {
      expect((await stat(join(folder, 'inner', name))).mode & 0o777).toBe(0o600)
    }
    expect((await stat(join(folder, 'inner'))).mode & 0o777).toBe(0o700)
  })

  it('are closed to others again when they had been opened to them', async () => {
    await (await open()).close()
    await chmod(file, 0o644)
    await open({ create: false })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('leave no log behind when the database is closed', async () => {
    const database = await open()
    await insert(database, 'a')
    await database.close()
    expect(await readdir(join(folder, 'inner'))).toEqual(['test.sqlite'])
  })

  it('are not made by a server: a missing one is refused', async () => {
    await expect(open({ create: false })).rejects.toMatchObject({ code: 'database_missing' })
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('are refused when they hold something else', async () => {
    await (await open()).close()
    await writeFile(file, 'this is a text file, and long enough to be looked at'.repeat(100))
    await expect(open({ create: false })).rejects.toMatchObject({ code: 'database_damaged' })
  })

  it('are refused when they are a folder', async () => {
    file = folder
    await expect(open({ create: false })).rejects.toMatchObject({ code: 'database_access' })
  })
})

describe('the settings of a SQLite database', () => {
  const settings = {
    synchronous: 2,
    foreign_keys: 1,
    secure_delete: 1,
    trusted_schema: 0,
    temp_store: 2,
    query_only: 0,
    journal_mode: 'wal',
  }

  it.each(Object.entries(settings))('hold %s = %s where it writes', async (name, value) => {
    const { kysely } = await open()
    const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(kysely)
    expect(Object.values(rows[0] ?? {})).toEqual([value])
  })

  it('are read back, and a setting that does not hold is refused', async () => {
    await open()
    const stranger = await strangerHandle()
    await expect(assertSettings(stranger, { secure_delete: 1 })).rejects.toMatchObject({
      code: 'database_settings',
    })
    await assertSettings(stranger, { journal_mode: 'wal' })
  })

  it('make tables strict', async () => {
    const { kysely } = await open()
    const { rows } = await sql<{ strict: number }>`
      select strict from pragma_table_list where name in ('stamps', 'netcert_migrations')`.execute(
      kysely,
    )
    expect(rows).toEqual([{ strict: 1 }, { strict: 1 }])
  })

  it('let no reading handle write', async () => {
    const { kysely } = await open()
    const write = sql`select 1 union select value from stamps`.execute(kysely)
    expect((await write).rows).toEqual([{ 1: 1 }])
    const readOnly = kysely
      .transaction()
      .setAccessMode('read only')
      .execute((trx) => trx.insertInto('stamps').values(stamp('a')).execute())
    await expect(readOnly).rejects.toMatchObject({ code: 'database_access' })
  })

  it('refuse a column type that the two databases understand differently', async () => {
    const { kysely } = await open()
    const made = async () => kysely.schema.createTable('x').addColumn('at', 'timestamp').execute()
    await expect(made()).rejects.toThrow('column type timestamp')
  })
})

describe('statements that would break a shared transaction', () => {
  it.each([
    'begin',
    ' COMMIT',
    'rollback',
    'savepoint a',
    "attach 'x' as y",
    'vacuum',
    "insert or rollback into stamps (id, value) values ('a', 1)",
    'update or fail stamps set value = 1',
  ])('are refused: %s', async (text) => {
    const { kysely } = await open()
    await expect(sql.raw(text).execute(kysely)).rejects.toThrow(TypeError)
  })
})

describe('a locked SQLite database', () => {
  it('is waited for when the lock is short', async () => {
    const database = await open()
    const stranger = await strangerHandle()
    await stranger.run('BEGIN IMMEDIATE')
    const written = Promise.all([insert(database, 'a'), insert(database, 'b')])
    await new Promise((resolve) => setTimeout(resolve, 800))
    await stranger.run('COMMIT')
    await written
    expect(await database.kysely.selectFrom('stamps').selectAll().execute()).toHaveLength(2)
  })

  it('is an error of its own when the lock is long, and works again afterwards', async () => {
    const database = await open({ queueSeconds: 30 })
    const stranger = await strangerHandle()
    await stranger.run('BEGIN IMMEDIATE')
    const refused = [
      insert(database, 'a'),
      insert(database, 'b'),
      database.transaction((trx) => trx.insertInto('stamps').values(stamp('c')).execute()),
    ]
    for (const one of refused) await expect(one).rejects.toMatchObject({ code: 'database_locked' })
    await stranger.run('COMMIT')
    await insert(database, 'a')
  })

  it('can still be read', async () => {
    const database = await open()
    await insert(database, 'a')
    await (await strangerHandle()).run('BEGIN IMMEDIATE')
    expect(await database.kysely.selectFrom('stamps').selectAll().execute()).toHaveLength(1)
  })

  it('by our own transaction refuses who waits inside it, instead of waiting for ever', async () => {
    const database = await open({ queueSeconds: 0.3 })
    const stuck = database.transaction(async (trx) => {
      await trx.insertInto('stamps').values(stamp('a')).execute()
      await insert(database, 'b')
    })
    await expect(stuck).rejects.toMatchObject({ code: 'database_locked' })
    await insert(database, 'c')
    const rows = await database.kysely.selectFrom('stamps').select('id').execute()
    expect(rows).toEqual([{ id: 'c' }])
  })
})

describe('a full SQLite database', () => {
  const filler = 'x'.repeat(2_000)

  async function openSmall(): Promise<Database<StampRows>> {
    const database = await open()
    await insert(database, 'there-before')
    await sql`pragma max_page_count = 20`.execute(database.kysely)
    return database
  }

  it('refuses what does not fit and keeps what it acknowledged', async () => {
    const database = await openSmall()
    const writes = Array.from({ length: 100 }, (_, index) => insert(database, `n${index}`, filler))
    const settled = await Promise.allSettled(writes)
    const kept = settled.flatMap((one, index) => (one.status === 'fulfilled' ? [`n${index}`] : []))
    const refused = settled.filter((one) => one.status === 'rejected')
    expect(kept.length).toBeGreaterThan(5)
    expect(refused.length).toBeGreaterThan(50)
    for (const one of refused) expect(one.reason).toMatchObject({ code: 'database_full' })
    const rows = await database.kysely.selectFrom('stamps').select('id').execute()
    expect(rows.map((row) => row.id).sort()).toEqual(['there-before', ...kept].sort())
  })

  it('still takes the small write of a group whose large one does not fit', async () => {
    const database = await openSmall()
    const large = insert(database, 'large', 'x'.repeat(200_000))
    const small = database.kysely
      .updateTable('stamps')
      .set({ value: 0 })
      .where('id', '=', 'there-before')
      .executeTakeFirst()
    await expect(large).rejects.toMatchObject({ code: 'database_full' })
    expect((await small).numUpdatedRows).toBe(1n)
  })

  it('goes on by itself once there is space', async () => {
    const database = await openSmall()
    const large = () => insert(database, 'large', 'x'.repeat(200_000))
    await expect(large()).rejects.toMatchObject({ code: 'database_full' })
    await sql`pragma max_page_count = 10000`.execute(database.kysely)
    await large()
  })
})
