import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { keyStoreMigrations, openDatabase } from '@netcert/agent'
import { describe, expect, it } from 'vitest'
import { databasesOn } from '../../../test/database-engines.js'
import { issuerFamily } from '../../../test/issuer-family.js'
import { testClock } from '../../../test/issuer-ground.js'
import { type IssuerSchema, issuerMigrations } from './issuer-schema-store.js'

describe('an examination', () => {
  const databases = databasesOn('sqlite')
  const family = issuerFamily(databases)
  const codes = async () => (await family.issuer.examine()).map(({ code }) => code)
  const later = (days: number) => new Date(testClock().getTime() + days * 86_400_000)
  const out = () => join(family.folder, 'public')

  it('finds nothing wrong after a publication', async () => {
    expect(await codes()).toEqual(['status_list_unpublished'])
    await family.issuer.publish({ out: out() })
    expect(await codes()).toEqual([])
  })

  it('names what is stale, expiring and expired', async () => {
    await family.issuer.publish({ out: out() })
    family.now = later(1)
    expect(await codes()).toEqual(['status_list_stale'])
    family.now = later(16)
    expect(await codes()).toEqual(['trust_list_expires_soon', 'status_list_expired'])
    family.now = later(30)
    expect(await codes()).toEqual(['trust_list_expired', 'status_list_expired'])
    family.now = later(700)
    expect(await codes()).toContain('key_expires_soon')
    family.now = later(731)
    expect(await codes()).toContain('key_expired')
  })

  it('notices a clock that was set back, and modes that were opened', async () => {
    await family.issuer.publish({ out: out() })
    family.now = later(-1)
    await chmod(join(family.test.dir, 'secrets/master.key'), 0o644)
    expect(await codes()).toEqual(['unsafe_mode', 'clock_behind'])
  })

  it('notices a missing key and a counter behind its batches', async () => {
    await family.issuer.publish({ out: out() })
    for (let minted = 0; minted < 3; minted++) await family.mint({})
    const database = await openDatabase<IssuerSchema>({
      location: { sqlite: join(family.test.dir, 'issuer.sqlite') },
      migrations: [...keyStoreMigrations, ...issuerMigrations('sqlite')],
      create: false,
    })
    await database.kysely.deleteFrom('keys').where('alias', '=', 'pack-1').execute()
    await database.kysely.schema.dropTable('status_lists').execute()
    await issuerTables(database)
    await database.close()
    expect(await codes()).toEqual([
      'key_missing',
      'status_list_unpublished',
      'status_counter_behind',
    ])
  })

  async function issuerTables(database: Awaited<ReturnType<typeof openDatabase<IssuerSchema>>>) {
    await database.kysely.schema
      .createTable('status_lists')
      .addColumn('list', 'integer')
      .addColumn('bits', 'integer')
      .addColumn('next_sequence', 'integer')
      .addColumn('version', 'bigint')
      .addColumn('published_at', 'bigint')
      .execute()
    const row = { list: 1, bits: 2, next_sequence: 0, version: 0, published_at: 0 }
    await database.kysely.insertInto('status_lists').values(row).execute()
  }
})
