import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMasterKey, openVault } from '@netcert/agent'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { later, testNow } from '../../../test/trust-domain.js'
import { memoryMinorActs } from './memory-minor-acts.js'
import type { ActRecord, MinorActStore } from './minor-act.js'
import { databaseMinorActs, minorActMigrations, type MinorActTables } from './minor-act-store.js'
import type { RowSeal } from './vp-store.js'

const NUMBER = 'P7K2M9Q4T1V8W3X5Y6Z0A42'
const refusal = (code: string) => expect.objectContaining({ code })
const id = 'I'.repeat(22)
const handover = 'H'.repeat(22)
const byId = { by: 'id', value: id } as const

const record: ActRecord = {
  name: 'purchase',
  members: {
    ...{ act: 'A'.repeat(22), action: { 'zh-CN': '购买', en: 'Buy' }, limit: null },
    expires_at: later(7_200).getTime() / 1000,
  },
  minor: {
    requestId: 'R'.repeat(22),
    result: {
      ...{ verified: true, means: 'certificate', issuer: 'did:key:z1', role: 'self' },
      ...{ platformNumber: NUMBER, assurance: null, facts: {} },
      freshness: {
        verdict: 'valid',
        reason: 'fresh',
        asOf: testNow,
        ageSeconds: 0,
        showStaff: false,
      },
    },
    transaction: 'T'.repeat(43),
    retention: { endsAt: later(86_400), mayStoreClaims: false },
  },
  ...{ freshness: null, minorSession: 'S'.repeat(22), awaitedCode: null },
  ...{ guardianSession: null, guardian: null, asked: 0, endsAt: later(7_200) },
}

type Opened = { readonly store: MinorActStore; setNow(now: Date): void }

/** What every store of acts does. */
function behaves(open: (options?: { readonly capacity?: number }) => Promise<Opened>): void {
  it('gives an act back as it was, by its id and by the secret of the link', async () => {
    const { store } = await open()
    await store.put({ id, handover }, record)
    const found = await store.find(byId)
    expect(found).toMatchObject({ state: 'open', act: record })
    const [key = ''] = found.state === 'open' ? [found.key] : []
    expect(await store.find({ by: 'handover', value: handover })).toMatchObject({ key })
    expect(await store.find({ by: 'key', value: key })).toMatchObject({ key })
    expect(key).not.toContain(id)
    expect(await store.find({ by: 'id', value: handover })).toEqual({ state: 'unknown' })
    expect(await store.find({ by: 'handover', value: id })).toEqual({ state: 'unknown' })
  })

  it('changes it in one step: of many at once each sees the one before', async () => {
    const { store } = await open()
    await store.put({ id, handover }, record)
    const found = await store.find(byId)
    const key = found.state === 'open' ? found.key : ''
    const more = (act: ActRecord) => ({ ...act, asked: act.asked + 1 })
    await Promise.all(Array.from({ length: 8 }, () => store.change(key, more)))
    expect(await store.find(byId)).toMatchObject({ act: { asked: 8 } })
    const fails = () => {
      throw new TypeError('no')
    }
    await expect(store.change(key, fails)).rejects.toThrow('no')
    expect(await store.find(byId)).toMatchObject({ act: { asked: 8 } })
  })

  it('hands it out once, whoever asks at the same time', async () => {
    const { store } = await open()
    await store.put({ id, handover }, record)
    const found = await store.find(byId)
    const key = found.state === 'open' ? found.key : ''
    const taken = await Promise.all([1, 2, 3].map(() => store.take(key)))
    expect(taken.filter((act) => act !== null)).toEqual([record])
    expect(await store.find(byId)).toEqual({ state: 'delivered' })
    await expect(store.change(key, (act) => act)).rejects.toThrow(refusal('result_delivered'))
    expect(await store.take('nothing')).toBeNull()
  })

  it('ends it in time and forgets it with the next one', async () => {
    const { store, setNow } = await open({ capacity: 1 })
    await store.put({ id, handover }, record)
    const other = { id: 'J'.repeat(22), handover: 'K'.repeat(22) }
    await expect(store.put(other, record)).rejects.toThrow(refusal('sessions_full'))
    setNow(later(7_200))
    expect(await store.find(byId)).toEqual({ state: 'ended' })
    await store.put(other, { ...record, endsAt: later(8_000) })
    expect(await store.find(byId)).toEqual({ state: 'unknown' })
    await expect(store.change('nothing', (act) => act)).rejects.toThrow(refusal('act_unknown'))
  })
}

describe('acts of minors in memory', () => {
  behaves(async (options = {}) => {
    let now = testNow
    const store = memoryMinorActs({ ...options, clock: () => now })
    return { store, setNow: (instant) => void (now = instant) }
  })
})

describe.each(engines)('acts of minors in %s', (engine) => {
  const databases = databasesOn(engine)
  let folder: string
  let vault: RowSeal
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netcert-acts-'))
    const masterKeyFile = join(folder, 'master.key')
    await createMasterKey(masterKeyFile)
    vault = await openVault({ masterKeyFile })
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function open(options: { readonly capacity?: number } = {}) {
    let now = testNow
    const location = await databases.location()
    const database = await databases.open<MinorActTables>({
      ...{ location, create: true, migrations: minorActMigrations },
    })
    const clock = () => now
    const store = databaseMinorActs({ kysely: database.kysely, vault, clock, ...options })
    return { store, database, location, setNow: (instant: Date) => void (now = instant) }
  }

  behaves(open)

  it('holds nothing in clear, and nothing at all once it was handed out', async () => {
    const { store, database } = await open()
    await store.put({ id, handover }, record)
    const read = () => database.kysely.selectFrom('verifier_acts').selectAll().execute()
    const kept = JSON.stringify(await read())
    for (const secret of [id, handover, NUMBER, 'purchase', '购买'])
      expect(kept).not.toContain(secret)
    const found = await store.find(byId)
    await store.take(found.state === 'open' ? found.key : '')
    expect(await read()).toMatchObject([{ sealed: '' }])
  })
})
