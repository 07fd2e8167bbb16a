import { keyStoreMigrations } from '@netcert/agent'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { DatabaseIssuanceStore, issuanceMigrations } from './issuance-store.js'
import { randomId } from './ledger.js'
import { type WalletTables, walletMigrations } from './store.js'
import type { IssuanceRow } from './stores.js'

const migrations = [...keyStoreMigrations, ...walletMigrations, ...issuanceMigrations]
const row = (members: Partial<IssuanceRow> = {}): IssuanceRow => ({
  id: randomId(),
  kind: 'grant',
  batch_id: null,
  due_at: null,
  expires_at: null,
  leased_until: null,
  sealed: 'sealed',
  ...members,
})

describe.each(engines)('the store of issuance on %s', (engine) => {
  const databases = databasesOn(engine)

  async function opened(location = databases.location()) {
    const database = await databases.open<WalletTables>({
      location: await location,
      migrations,
      create: true,
    })
    return { store: new DatabaseIssuanceStore(database), kysely: database.kysely }
  }

  it('keeps records by kind, the new one over the old one of the same id', async () => {
    const { store } = await opened()
    const grant = row({ due_at: 7 })
    await store.put(grant)
    await store.put(row({ kind: 'deferred' }))
    await store.put({ ...grant, sealed: 'newer', due_at: 9 })
    expect(await store.list('grant')).toEqual([{ ...grant, sealed: 'newer', due_at: 9 }])
    expect(await store.get('deferred', grant.id)).toBeUndefined()
  })

  it('leases a record to one of many callers, of two processes too, until it ends', async () => {
    const location = databases.location()
    const [first, second] = [await opened(location), await opened(location)]
    const grant = row()
    await first.store.put(grant)
    const callers = [first, second, first, second, first, second]
    const leases = await Promise.all(callers.map(({ store }) => store.lease(grant.id, 100, 160)))
    expect(leases.filter((lease) => lease !== undefined)).toEqual([{ ...grant, leased_until: 160 }])
    expect(await first.store.lease(grant.id, 159, 300)).toBeUndefined()
    expect(await first.store.lease(grant.id, 160, 300)).toMatchObject({ leased_until: 300 })
    await first.store.release(grant.id, 500)
    expect(await second.store.get('grant', grant.id)).toMatchObject({
      leased_until: null,
      due_at: 500,
    })
    expect(await first.store.lease(randomId(), 1, 2)).toBeUndefined()
  })

  it('removes a record for one of many callers, and what has expired', async () => {
    const { store } = await opened()
    const signIn = row({ kind: 'sign-in', expires_at: 10 })
    await store.put(signIn)
    const removals = await Promise.all([1, 2, 3].map(() => store.remove(signIn.id)))
    expect(removals.filter(Boolean)).toHaveLength(1)
    const [early, late] = [row({ expires_at: 10 }), row({ expires_at: 11 })]
    await store.put(early)
    await store.put(late)
    await store.put(row())
    await store.forgetExpired(10)
    expect((await store.list('grant')).map(({ id }) => id)).not.toContain(early.id)
    expect(await store.list('grant')).toHaveLength(2)
  })

  it('raises floors and never lowers them', async () => {
    const { store } = await opened()
    expect(await store.floor('trust-list')).toBe(0)
    await store.raiseFloor('trust-list', 7)
    await store.raiseFloor('trust-list', 5)
    await store.raiseFloor('other', 3)
    expect(await store.floor('trust-list')).toBe(7)
    await Promise.all([9, 8, 11, 10].map((floor) => store.raiseFloor('trust-list', floor)))
    expect(await store.floor('trust-list')).toBe(11)
  })

  it('erases a certificate with its copies and keys, and knows which keys carry none', async () => {
    const { store, kysely } = await opened()
    const key = (alias: string) => ({
      alias,
      type: 'P-256' as const,
      did: `did:key:${alias}`,
      key_id: `did:key:${alias}#${alias}`,
      jwk: '{}',
      sealed: 'sealed',
      created_at: 1,
    })
    await kysely
      .insertInto('keys')
      .values([key('holder-used'), key('holder-unused'), key('instance-1'), key('other-1')])
      .execute()
    const batch = { id: 'b1', kind: 'one-time' as const, vct: 'v', issuer: 'i' }
    const times = { issued_at: 1, expires_at: 100, received_at: 1 }
    await kysely
      .insertInto('wallet_batches')
      .values({ ...batch, ...times })
      .execute()
    const copy = {
      id: 'c1',
      batch_id: 'b1',
      key_alias: 'holder-used',
      sealed: 's',
      expires_at: 100,
    }
    await kysely
      .insertInto('wallet_copies')
      .values({ ...copy, used_at: null, audience_tag: null })
      .execute()
    expect(await store.unusedKeys(['holder-used', 'holder-unused'])).toEqual(['holder-unused'])
    expect(await store.idleKeys(2)).toEqual(['holder-unused', 'instance-1'])
    expect(await store.idleKeys(1)).toEqual([])
    expect(await store.unusedKeys([])).toEqual([])
    await store.forgetBatch('b1')
    const left = await kysely.selectFrom('keys').select('alias').execute()
    expect(left.map(({ alias }) => alias).toSorted()).toEqual([
      'holder-unused',
      'instance-1',
      'other-1',
    ])
    expect(await kysely.selectFrom('wallet_copies').selectAll().execute()).toEqual([])
    expect(await kysely.selectFrom('wallet_batches').selectAll().execute()).toEqual([])
  })
})
