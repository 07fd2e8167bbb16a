import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { databasesOn } from '../../../test/database-engines.js'
import { startTestRegistrar, type TestRegistrar } from '../../../test/issuer-registrar-ground.js'
import { createCitizenRegister } from './authentic-source.js'
import { assemblePeople } from './issuer-people.js'
import { openIssuerGround } from './open.js'
import { createSourceStore } from './source-store.js'
import { createIssuerStore } from './store.js'

const DAY = 86_400_000

describe('the published statistics', () => {
  const databases = databasesOn('sqlite')
  let ground: TestRegistrar

  beforeEach(async () => {
    ground = await startTestRegistrar(databases)
  })
  afterEach(() => ground.remove())

  type Statistics = {
    readonly as_of: string
    readonly persons: number
    readonly combinations: readonly { facts: Record<string, string>; count: number }[]
  }
  const read = async (): Promise<Statistics> =>
    JSON.parse(await readFile(join(ground.out, 'statistics.json'), 'utf8')) as Statistics

  async function enrol(count: number): Promise<void> {
    const clock = () => ground.now.value
    const opened = await openIssuerGround({ dir: ground.dir, clock })
    const { citizens } = await opened.issuer.listCitizens({ limit: 1000 })
    const store = createIssuerStore(opened.ground.database)
    const { sourceDatabase, vault } = opened.ground
    const register = createCitizenRegister({ store: createSourceStore(sourceDatabase), vault })
    const { enrolment } = assemblePeople(opened.ground, { store, register })
    for (const { reference } of citizens.slice(0, count))
      await enrolment.enrol(reference, async () => {})
    await opened.close()
  }

  it('count in tens whoever is enrolled, and name no combination of fewer than ten', async () => {
    await enrol(57)
    await ground.publish()
    const { persons, combinations } = await read()
    expect(persons).toBe(50)
    expect(combinations.length).toBeGreaterThan(0)
    for (const { facts, count } of combinations) {
      expect(Object.keys(facts).length).toBeGreaterThan(0)
      expect([count % 10, count >= 10]).toEqual([0, true])
    }
    const adults = combinations.find(({ facts }) => JSON.stringify(facts) === '{"age_band":"18+"}')
    expect(adults?.count).toBeGreaterThanOrEqual(10)
  })

  it('say nothing of nine people, and nothing new on the same day', async () => {
    await enrol(9)
    await ground.publish()
    expect(await read()).toMatchObject({ as_of: '2026-11-21', persons: 0, combinations: [] })
    await enrol(60)
    await ground.publish()
    expect((await read()).persons).toBe(0)
    ground.now.value = new Date(ground.now.value.getTime() + DAY)
    await ground.publish()
    expect((await read()).persons).toBe(60)
    await writeFile(join(ground.out, 'statistics.json'), '{')
    await ground.publish()
    expect((await read()).persons).toBe(60)
  })
})
