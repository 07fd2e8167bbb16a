import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMasterKey, openVault } from '@netcert/agent'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { later, testNow } from '../../../test/trust-domain.js'
import { type VerifierTables, verifierMigrations } from './store.js'
import { memoryVpSessions } from './vp-memory-sessions.js'
import { createVpSession, type VpSessionStore } from './vp-session.js'
import { databaseVpSessions, type RowSeal, type VpTables, vpMigrations } from './vp-store.js'

const query = parseQuery(queries['age-over-18'])
const secret = 'a-private-half-of-a-key'
const refusal = (code: string) => expect.objectContaining({ code })

const sessionAt = (now: Date) =>
  createVpSession(now, () => ({
    clientId: 'decentralized_identifier:did:key:z1',
    client: 'did',
    audience: 'decentralized_identifier:did:key:z1',
    mode: 'direct_post.jwt',
    query,
    purpose: 'age-over-18',
    returnTo: null,
    terms: {
      ...{ accreditation: null, freshness: null, maxPresenceAgeSeconds: null },
      ...{ expectedAccount: null, alternatives: [] },
    },
    encryptionKey: {
      ...{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', alg: 'ECDH-ES', kid: 'k', d: secret },
    },
  }))

let vault: RowSeal
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-vp-store-'))
  const masterKeyFile = join(folder, 'master.key')
  await createMasterKey(masterKeyFile)
  vault = await openVault({ masterKeyFile })
})
afterAll(() => rm(folder, { recursive: true }))

type Options = { readonly clock?: () => Date; readonly capacity?: number }

/** What both kinds of store promise; `open` gives a new one, and `again` another view of it. */
function promises(
  openNew: (options?: Options) => Promise<readonly [VpSessionStore, VpSessionStore]>,
) {
  const settlement = { outcome: '{"kind":"refused"}', responseCode: null }

  it('finds a request as often as it is asked for, whole, until it is answered', async () => {
    const [store, again] = await openNew()
    const session = sessionAt(testNow)
    await store.put(session)
    expect(await again.find(session.requestId)).toEqual({ state: 'open', session })
    expect(await store.find(session.requestId)).toEqual({ state: 'open', session })
    expect(await store.settle(session.requestId, settlement)).toBe('settled')
    expect(await again.find(session.requestId)).toEqual({ state: 'used' })
    expect(await store.find(session.id)).toEqual({ state: 'unknown' })
  })

  it('settles for exactly one of 12 answers at once, over two processes', async () => {
    const stores = await openNew()
    const session = sessionAt(testNow)
    await stores[0].put(session)
    const settled = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        stores[at % 2 === 0 ? 0 : 1].settle(session.requestId, settlement),
      ),
    )
    expect(settled.filter((state) => state === 'settled')).toHaveLength(1)
    expect(settled.filter((state) => state === 'used')).toHaveLength(11)
  })

  it('delivers to exactly one of 12 at once, and then nothing is left', async () => {
    const stores = await openNew()
    const session = sessionAt(testNow)
    await stores[0].put(session)
    expect(await stores[0].deliver(session.id, null)).toEqual({ state: 'waiting' })
    await stores[0].settle(session.requestId, settlement)
    const delivered = await Promise.all(
      Array.from({ length: 12 }, (_, at) => stores[at % 2 === 0 ? 0 : 1].deliver(session.id, null)),
    )
    expect(delivered.filter(({ state }) => state === 'delivered')).toEqual([
      { state: 'delivered', outcome: settlement.outcome },
    ])
    expect(await stores[1].progress(session.id)).toBe('delivered')
  })

  it('delivers nothing to another code, and everything to the right one', async () => {
    const [store] = await openNew()
    const session = sessionAt(testNow)
    await store.put(session)
    await store.settle(session.requestId, { ...settlement, responseCode: 'right' })
    for (const wrong of [null, '', 'wrong', 'righ', 'right ']) {
      expect(await store.deliver(session.id, wrong)).toEqual({ state: 'wrong_code' })
    }
    expect(await store.deliver(session.requestId, 'right')).toEqual({ state: 'unknown' })
    expect(await store.deliver(session.id, 'right')).toMatchObject({ state: 'delivered' })
  })

  it('ends at its second, keeps a result 300 s longer, and then forgets', async () => {
    let now = testNow
    const [store] = await openNew({ clock: () => now })
    const [open, answered] = [sessionAt(testNow), sessionAt(testNow)]
    await store.put(open)
    await store.put(answered)
    now = later(299)
    expect((await store.find(open.requestId)).state).toBe('open')
    expect(await store.settle(answered.requestId, settlement)).toBe('settled')
    now = later(300)
    expect(await store.find(open.requestId)).toEqual({ state: 'expired' })
    expect(await store.settle(open.requestId, settlement)).toBe('expired')
    expect(await store.progress(open.id)).toBe('expired')
    now = later(599)
    expect((await store.deliver(answered.id, null)).state).toBe('delivered')
    now = later(600)
    expect(await store.progress(answered.id)).toBe('unknown')
    expect(await store.find(open.requestId)).toEqual({ state: 'unknown' })
  })

  it.each([
    [2, 2],
    [3, 2],
  ])('holds %i of at most %i', async (wanted, capacity) => {
    const [store] = await openNew({ capacity })
    for (let at = 0; at < capacity; at += 1) await store.put(sessionAt(testNow))
    if (wanted > capacity) {
      await expect(store.put(sessionAt(testNow))).rejects.toEqual(refusal('sessions_full'))
    }
  })
}

describe('requests in memory', () => {
  promises(async ({ clock = () => testNow, capacity } = {}) => {
    const store = memoryVpSessions({ clock, ...(capacity === undefined ? {} : { capacity }) })
    return [store, store]
  })
})

describe.each(engines)('requests on %s', (engine) => {
  const databases = databasesOn(engine)
  const migrations = [...verifierMigrations, ...vpMigrations]

  async function openNew({ clock = () => testNow, capacity }: Options = {}) {
    const location = await databases.location()
    const open = async (create: boolean) =>
      databases.open<VerifierTables & VpTables>({ location, migrations, create })
    const first = await open(true)
    const second = await open(false)
    const bound = capacity === undefined ? {} : { capacity }
    const view = ({ kysely }: typeof first) =>
      databaseVpSessions({ kysely, vault, clock, ...bound })
    return { stores: [view(first), view(second)] as const, kysely: first.kysely }
  }

  promises(async (options) => (await openNew(options)).stores)

  it('holds no key, query, id, code or result in clear', async () => {
    const { stores, kysely } = await openNew()
    const session = sessionAt(testNow)
    await stores[0].put(session)
    const before = JSON.stringify(
      await kysely.selectFrom('verifier_requests').selectAll().execute(),
    )
    await stores[0].settle(session.requestId, { outcome: 'claims', responseCode: 'code' })
    const after = JSON.stringify(await kysely.selectFrom('verifier_requests').selectAll().execute())
    for (const text of [
      secret,
      'age_equal_or_over',
      session.id,
      session.requestId,
      session.nonce,
    ]) {
      expect(before + after).not.toContain(text)
    }
    expect(after).not.toMatch(/claims|"code"/)
    await stores[0].deliver(session.id, 'code')
    const [row] = await kysely.selectFrom('verifier_requests').selectAll().execute()
    expect(row).toMatchObject({ outcome: null, sealed: '' })
  })

  it('opens no row that was moved under another name', async () => {
    const { stores, kysely } = await openNew()
    const [one, other] = [sessionAt(testNow), sessionAt(testNow)]
    await stores[0].put(one)
    await stores[0].put(other)
    const rows = await kysely.selectFrom('verifier_requests').selectAll().execute()
    await kysely
      .updateTable('verifier_requests')
      .set({ sealed: rows[0]?.sealed ?? '' })
      .where('request_hash', '=', rows[1]?.request_hash ?? '')
      .execute()
    const found = await Promise.allSettled([
      stores[0].find(one.requestId),
      stores[0].find(other.requestId),
    ])
    expect(found.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  })
})
