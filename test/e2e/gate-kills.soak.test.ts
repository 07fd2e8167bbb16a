import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { generateSigner } from '@netcert/credential'
import { exportLedger, readLedgerExport } from '@netcert/verifier/gate'
import { openLedger } from '@netcert/verifier/gate-open'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildChildProgram, runChildProgram } from '../child-program.js'

const PASSES = 3_000
const ROUNDS = 30
const LANES = ['1', '2'] as const

describe('two lanes on one ledger, killed while people enter', () => {
  let folder = ''
  let program = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netcert-gate-kills-'))
    program = await buildChildProgram('test/gate-entering-program.ts')
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('lose nobody whom they let in, and let nobody in twice', async () => {
    const file = join(folder, 'ledger.sqlite')
    const letIn = new Map<string, string[]>()
    const run = async (lane: string, round: number): Promise<void> => {
      // Each begins elsewhere, and now and then they meet.
      const begin = (round * 97 + (lane === '1' ? 0 : 50)) % PASSES
      const child = runChildProgram(program, [file, lane, String(PASSES), String(begin)])
      if (round < ROUNDS) {
        await expect
          .poll(() => child.lines.length, { interval: 1, timeout: 30_000 })
          .toBeGreaterThan(0)
        await wait(round % 7)
        child.child.kill('SIGKILL')
      }
      await child.ended
      for (const line of child.lines) {
        const [pass = '', number = ''] = line.split(' ')
        if (pass !== 'over') letIn.set(pass, [...(letIn.get(pass) ?? []), number])
      }
    }
    for (let round = 0; round <= ROUNDS; round += 1) {
      await Promise.all(LANES.map((lane) => run(lane, round)))
    }
    const { signer } = await generateSigner('ES256')
    const clock = () => new Date('2026-11-21T06:00:00Z')
    const event = { id: 'final', name: { 'zh-CN': '', en: '' }, endsAt: clock() }
    const lane = { event, keepLedgerSeconds: 86_400, gate: 'north', lane: '3' }
    const { ledger, close } = await openLedger({ file, create: false, lane, clock })
    const text = await exportLedger({ ledger, signer, now: clock() })
    await close()
    const { entries } = await readLedgerExport(text, { signedBy: null })
    expect(entries).toHaveLength(PASSES)
    expect(new Set(entries.map(({ holder }) => holder)).size).toBe(PASSES)
    const twice = [...letIn].filter(([, numbers]) => numbers.length > 1)
    expect(twice).toEqual([])
    const numbers = [...letIn.values()].flat().map(Number)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(Math.max(...numbers)).toBeLessThanOrEqual(PASSES)
  }, 300_000)
})
