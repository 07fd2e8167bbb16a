import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { beforeAll, describe, expect, test } from 'vitest'
import { errorOf, netcert, type Run } from './netcert-process.js'

type Drill = {
  readonly drill: string
  readonly passed: boolean
  readonly failure: string | null
  readonly recovery_ms: number | null
  readonly steps: readonly { readonly what: string; readonly code: string | null }[]
}

const NAMES = [
  'trust-list-expiring',
  'status-key-lost',
  'issuer-key-stolen',
  'database-rolled-back',
  'clock-off-by-a-day',
  'disk-full',
  'wrong-master-key',
  'database-lost',
]

const drillFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('netcert-drill-'))
const linesOf = <T>({ stdout }: Run): T[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)

describe('netcert drill', () => {
  let run: Run
  let drills: Drill[] = []
  let before: string[] = []

  beforeAll(async () => {
    before = drillFolders()
    run = await netcert(['drill', '--json'])
    drills = linesOf<Drill>(run).slice(0, -1)
  })

  test.each(NAMES)('notices %s, gets back, and takes the time', (name) => {
    const drill = drills.find((one) => one.drill === name)
    expect(drill).toMatchObject({ passed: true, failure: null })
    expect(drill?.recovery_ms).toBeGreaterThan(0)
    // Something was refused or named on the way: a drill in which nothing breaks practises nothing.
    expect(drill?.steps.some(({ code }) => code !== null) || name === 'disk-full').toBe(true)
  })

  test('counts them, and leaves nothing behind', () => {
    expect(linesOf(run).at(-1)).toEqual({ passed: NAMES.length, failed: 0 })
    expect(run.code).toBe(0)
    expect(drillFolders()).toEqual(before)
  })

  test('lists what can be practised, and refuses what is none', async () => {
    const [list] = linesOf<{ drills: { name: string }[] }>(
      await netcert(['drill', '--list', '--json']),
    )
    expect(list?.drills.map(({ name }) => name)).toEqual(NAMES)
    const unknown = await netcert(['drill', 'earthquake', '--json'])
    expect(errorOf(unknown)).toMatchObject({ code: 'wrong_use', exit: 2 })
  })
})
