import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  buildChildProgram,
  type RunningChild,
  runChildProgram,
} from '../../../test/child-program.js'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { type StampRows, stamps } from '../../../test/stamps-schema.js'
import type { DatabaseLocation } from './database.js'

const ROUNDS = 5

describe.each(engines)('processes on one %s database', (engine) => {
  const databases = databasesOn(engine)
  const running: RunningChild[] = []
  let program: string
  let location: DatabaseLocation

  beforeAll(async () => {
    program = await buildChildProgram('test/faults/stamp-writer.ts')
  })
  beforeEach(async () => {
    location = await databases.location()
  })
  afterEach(async () => {
    for (const one of running.splice(0)) {
      one.child.kill('SIGKILL')
      await one.ended
    }
  })

  function start(prefix: string, rows: number, callers: number): RunningChild {
    const place = 'sqlite' in location ? location.sqlite : location.postgres
    const args = [engine, place, prefix, String(rows), String(callers)]
    const child = runChildProgram(program, args)
    running.push(child)
    return child
  }

  async function storedRows(): Promise<Map<string, number>> {
    const options = { location, migrations: [stamps], create: false }
    const database = await databases.open<StampRows>(options)
    const rows = await database.kysely.selectFrom('stamps').selectAll().execute()
    return new Map(rows.map((row) => [row.id, row.value]))
  }

  it('create it, write and count up together without losing anything', async () => {
    const children = [start('a', 400, 16), start('b', 400, 1), start('c', 400, 4)]
    expect(await Promise.all(children.map((one) => one.ended))).toEqual([0, 0, 0])
    const stored = await storedRows()
    expect(stored.size).toBe(3 * 400 + 1)
    expect(stored.get('counter')).toBe(3 * 50)
  })

  it('lose no acknowledged row when they are killed while writing', async () => {
    const acknowledged: string[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = start(`r${round}`, 1_000_000, 1 + round * 8)
      await until(() => child.lines.length > 20 * (round + 1))
      child.child.kill('SIGKILL')
      expect(await child.ended).toBe('SIGKILL')
      acknowledged.push(...child.lines)
    }
    const stored = await storedRows()
    expect(acknowledged.length).toBeGreaterThan(ROUNDS * 20)
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
  })
})

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > end) throw new Error('the child wrote nothing for 20 seconds')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
