import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMasterKey, keyStoreMigrations, openVault } from '@netcert/agent'
import { beforeEach, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { createRecordStore, type RecordStore, recordEnd } from './as-record-store.js'
import { authorizationServerMigrations } from './as-schema-store.js'
import type { IssuerSchema } from './issuer-schema-store.js'

describe.each(engines)('records of the authorization server on %s', (engine) => {
  const databases = databasesOn(engine)
  let stores: readonly [RecordStore, RecordStore]

  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'netcert-records-'))
    const masterKeyFile = join(folder, 'master.key')
    await createMasterKey(masterKeyFile)
    const vault = await openVault({ masterKeyFile })
    await rm(folder, { recursive: true })
    const location = await databases.location()
    const migrations = [...keyStoreMigrations, ...authorizationServerMigrations]
    const open = () => databases.open<IssuerSchema>({ location, migrations, create: true })
    stores = [
      createRecordStore({ database: await open(), vault }),
      createRecordStore({ database: await open(), vault }),
    ]
  })
  const key = { model: 'AuthorizationCode', id: 'a-code' }

  it('are found by name, and for their model only', async () => {
    const [store] = stores
    await store.put(key, { accountId: 'c', grantId: 'g' }, 100)
    expect(await store.get(key)).toEqual({
      content: { accountId: 'c', grantId: 'g' },
      expiresAt: 100,
      consumedAt: null,
    })
    expect(await store.get({ model: 'AccessToken', id: 'a-code' })).toBeUndefined()
    expect(await store.get({ ...key, id: 'b' })).toBeUndefined()
  })

  it('are consumed by exactly one of twelve callers over two connections, and stay consumed', async () => {
    await stores[0].put(key, {}, 100)
    const won = await Promise.all(
      Array.from({ length: 12 }, (_, at) => stores[at % 2 === 0 ? 0 : 1].consume(key, 50)),
    )
    expect(won.filter(Boolean)).toHaveLength(1)
    await stores[0].put(key, { again: true }, 200)
    expect(await stores[1].get(key)).toMatchObject({ consumedAt: 50, expiresAt: 200 })
    expect(await stores[1].consume(key, 60)).toBe(false)
    expect(await stores[1].consume({ ...key, id: 'none' }, 60)).toBe(false)
  })

  it('are put once by exactly one of twelve callers over two connections', async () => {
    const won = await Promise.all(
      Array.from({ length: 12 }, (_, at) => stores[at % 2 === 0 ? 0 : 1].putOnce(key, 100)),
    )
    expect(won.filter(Boolean)).toHaveLength(1)
  })

  it('end together with their grant, model by model', async () => {
    const [store] = stores
    await store.put(key, { grantId: 'g' }, 100)
    await store.put({ ...key, id: 'other' }, { grantId: 'h' }, 100)
    await store.put({ model: 'AccessToken', id: 't' }, { grantId: 'g' }, 100)
    await store.removeByGrant('AuthorizationCode', 'g')
    expect(await store.get(key)).toBeUndefined()
    expect(await store.get({ ...key, id: 'other' })).toBeDefined()
    expect(await store.get({ model: 'AccessToken', id: 't' })).toBeDefined()
  })

  it('are found by their second name, and removed', async () => {
    const [store] = stores
    await store.put({ model: 'Session', id: 's' }, { uid: 'u' }, 100)
    expect(await store.getByUid('Session', 'u')).toMatchObject({ content: { uid: 'u' } })
    await store.remove({ model: 'Session', id: 's' })
    expect(await store.getByUid('Session', 'u')).toBeUndefined()
  })
})

describe('the end of a record', () => {
  it('is the one that was asked for, and never more than 400 days away', () => {
    expect(recordEnd(1000, 60)).toBe(1060)
    expect(recordEnd(0, undefined)).toBe(400 * 86_400)
    expect(recordEnd(0, 1e12)).toBe(400 * 86_400)
  })
})
