import { beforeEach, describe, expect, it } from 'vitest'
import { type Database, keyStoreMigrations } from '@netcert/agent'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { LIST_SIZE } from './index-permutation.js'
import { type IssuerSchema, issuerMigrations } from './issuer-schema-store.js'
import { createSequenceBlocks } from './sequence-blocks.js'
import { setPersonStatus } from './ending/status-change-store.js'
import { createIssuerStore, type IssuerStore } from './store.js'

describe.each(engines)('the issuer’s store on %s', (engine) => {
  const databases = databasesOn(engine)
  let database: Database<IssuerSchema>
  let store: IssuerStore

  beforeEach(async () => {
    database = await databases.open<IssuerSchema>({
      location: await databases.location(),
      migrations: [...keyStoreMigrations, ...issuerMigrations(engine)],
      create: true,
    })
    store = createIssuerStore(database)
    await store.lists.openFirstList()
    await store.persons.put(person('p_1'))
  })

  const person = (id: string) => ({
    id,
    citizen: `c_${id}`,
    identity_tag: `identity ${id}`,
    identity_tags: [`identity ${id}`],
    number_tag: `number ${id}`,
    wrapped_key: 'wrapped',
    sealed: 'sealed',
  })
  const plan = (id: string, sequence: number | null) => ({
    id,
    person: 'p_1',
    vct: 'urn:netcert:network-certificate:1',
    kind: 'platform',
    list: sequence === null ? null : 1,
    first_sequence: sequence,
    copies: 1,
    issued_at: 1000,
    expires_at: 5000,
    device: null,
    guardian: null,
  })
  const change = (status: number) => ({ status, reason: 'unspecified', at: 2000 })
  const setStatus = (wanted: ReturnType<typeof change>) =>
    database.transaction((trx) => setPersonStatus(trx, 'p_1', wanted))

  it('keeps revoked revoked, whatever statement tries otherwise', async () => {
    await store.batches.put(plan('b_1', 0))
    await store.batches.setStatus('b_1', change(1))
    const update = (values: object) =>
      database.kysely.updateTable('batches').set(values).where('id', '=', 'b_1').execute()
    await expect(update({ status: 0 })).rejects.toMatchObject({ code: 'constraint_violation' })
    await expect(update({ status: 2 })).rejects.toMatchObject({ code: 'constraint_violation' })
    await update({ status_reason: 'came_of_age' })
    expect(await store.batches.get('b_1')).toMatchObject({ status: 1 })
    expect(await store.batches.setStatus('b_1', change(0))).toBe(false)
  })

  it('never moves or forgets a status index', async () => {
    await store.batches.put(plan('b_1', 7))
    const { kysely } = database
    const code = 'constraint_violation'
    const batches = kysely.updateTable('batches')
    await expect(batches.set({ first_sequence: 8 }).execute()).rejects.toMatchObject({ code })
    await expect(batches.set({ list: null }).execute()).rejects.toMatchObject({ code })
    await expect(batches.set({ copies: 0 }).execute()).rejects.toMatchObject({ code })
    await expect(kysely.deleteFrom('batches').execute()).rejects.toMatchObject({ code })
    await expect(kysely.deleteFrom('status_lists').execute()).rejects.toMatchObject({ code })
    await store.lists.takeSequences(10)
    const lists = kysely.updateTable('status_lists').set({ next_sequence: 9 })
    await expect(lists.execute()).rejects.toMatchObject({ code })
  })

  it('refuses two batches on one sequence number', async () => {
    await store.batches.put(plan('b_1', 3))
    await expect(store.batches.put(plan('b_2', 3))).rejects.toMatchObject({
      code: 'unique_violation',
    })
    expect(await store.batches.put(plan('b_3', null))).toBe(true)
    expect(await store.batches.put(plan('b_4', null))).toBe(true)
  })

  it('plans nothing for somebody unknown or suspended', async () => {
    expect(await store.batches.put({ ...plan('b_1', 1), person: 'p_2' })).toBe(false)
    await setStatus(change(2))
    expect(await store.batches.put(plan('b_1', 1))).toBe(false)
    await setStatus(change(1))
    expect(await store.batches.put(plan('b_1', 1))).toBe(false)
    await setStatus(change(0))
    expect(await store.batches.put(plan('b_1', 1))).toBe(true)
  })

  it('finds every batch of a person when a pause comes while plans are written', async () => {
    const plans = Array.from({ length: 40 }, (_, sequence) => plan(`b_${sequence}`, sequence))
    const [first, second] = [plans.slice(0, 20), plans.slice(20)]
    const written = Promise.all(first.map((it) => store.batches.put(it)))
    const paused = setStatus(change(2))
    const late = Promise.all(second.map((it) => store.batches.put(it)))
    const planned = [...(await written), ...(await late)].filter((done) => done).length
    expect(await paused).toMatchObject({ changed: planned })
    expect(await store.batches.notValid(1)).toHaveLength(planned)
  })

  it('enrols a person once, and no two with one number', async () => {
    const same = { ...person('p_2'), identity_tag: 'identity p_1' }
    const number = { ...person('p_3'), number_tag: 'number p_1' }
    expect(await store.persons.put(same)).toBe(false)
    expect(await store.persons.put(number)).toBe(false)
    expect(await store.persons.count()).toBe(1)
  })

  it('takes sequence numbers once, many callers at a time', async () => {
    const blocks = await Promise.all(
      Array.from({ length: 60 }, (_, at) => store.lists.takeSequences(1 + (at % 7))),
    )
    const taken = blocks.flatMap(({ first, count }) =>
      Array.from({ length: count }, (_, at) => first + at),
    )
    expect(new Set(taken).size).toBe(taken.length)
    const [list] = await store.lists.statusLists()
    expect(list?.next_sequence).toBe(taken.length)
  })

  it('opens the next list when the newest is full', async () => {
    expect(await store.lists.takeSequences(LIST_SIZE - 1)).toMatchObject({ list: 1, first: 0 })
    const both = await Promise.all([store.lists.takeSequences(2), store.lists.takeSequences(2)])
    expect(both.map(({ list }) => list)).toEqual([2, 2])
    expect(await store.lists.statusLists()).toHaveLength(2)
    expect(await store.lists.takeSequences(LIST_SIZE)).toMatchObject({ list: 3, first: 0 })
    expect(await store.lists.takeSequences(1)).toMatchObject({ list: 4, first: 0 })
    await expect(store.lists.takeSequences(0)).rejects.toThrow(TypeError)
    await expect(store.lists.takeSequences(LIST_SIZE + 1)).rejects.toThrow(TypeError)
  })

  it('asks for blocks that double, so that a single mint costs a single number', async () => {
    const blocks = createSequenceBlocks(store.lists)
    const taken = await Promise.all(Array.from({ length: 40 }, () => blocks.take()))
    expect(taken.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 40 }, (_, at) => at))
    const [list] = await store.lists.statusLists()
    expect(list?.next_sequence).toBe(63)
  })
})
