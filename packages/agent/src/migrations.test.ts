import { beforeEach, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { type StampRows, stamps } from '../../../test/stamps-schema.js'
import type { DatabaseLocation } from './database.js'
import type { Migration } from './migrations.js'
import { sql } from 'kysely'

describe.each(engines)('a schema on %s', (engine) => {
  const databases = databasesOn(engine)
  let location: DatabaseLocation

  beforeEach(async () => {
    location = await databases.location()
  })

  function open(migrations: readonly Migration[] = [stamps], create = true) {
    return databases.open<StampRows>({ location, migrations, create, queueSeconds: 1 })
  }

  const second: Migration = {
    name: '0002-extra',
    up: async (db) => {
      await db.schema.alterTable('stamps').addColumn('extra', 'text').execute()
    },
  }

  it('is brought up to date on opening, also without create', async () => {
    await open()
    const { kysely } = await open([stamps, second], false)
    expect((await sql`select extra from stamps`.execute(kysely)).rows).toEqual([])
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
    expect((await sql`select id from earlier`.execute(kysely)).rows).toEqual([])
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
    await expect(sql`select id from half`.execute(kysely)).rejects.toMatchObject({
      code: 'database_refused',
    })
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
