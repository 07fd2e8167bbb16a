import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { databasesOn } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { type PublicationJob, startPublicationJob } from './publication-job.js'
import type { PublicationFailure } from './publication-steps.js'

const HOUR = 3_600_000

describe('a publication of which a step fails', () => {
  const family = issuerFamily(databasesOn('sqlite'))
  const out = () => join(family.folder, 'public')
  const run = async () =>
    (await family.issuer.lists.run({ out: out(), atTick: true })).failed.map(
      ({ step, code }) => `${step} ${code}`,
    )
  const doctor = async () =>
    (await family.issuer.examine()).filter(({ code }) => code === 'publication_failed')

  it('does all the others, is on record until it is done, and names what failed', async () => {
    await mkdir(out())
    // Where the folder of status lists should be lies a file.
    await writeFile(join(out(), 'status'), '')
    expect(await run()).toEqual(['folder EEXIST', 'status/1 ENOTDIR', 'types ENOENT'])
    expect((await stat(join(out(), 'trust-list.jwt'))).isFile()).toBe(true)
    expect((await stat(join(out(), 'register/register.json'))).isFile()).toBe(true)
    await run()
    const problems = await doctor()
    expect(problems.map(({ what }) => what).join('\n')).toMatch(/status\/1 fails: ENOTDIR, 2 times/)
    expect((await family.issuer.lists.standing()).steps).toContainEqual({
      step: 'status/1',
      failures: 2,
      doneAt: 0,
    })
    await rm(join(out(), 'status'))
    expect(await run()).toEqual([])
    expect(await doctor()).toEqual([])
  })

  it('publishes revocations where no root key is there for the trust list', async () => {
    await run()
    await rm(join(family.test.dir, 'secrets/root.key'))
    family.now = new Date(family.now.getTime() + 31 * 24 * HOUR)
    const before = await readFile(join(out(), 'status/1.jwt'), 'utf8')
    expect(await run()).toEqual(['trust_list root_key_needed'])
    expect(await readFile(join(out(), 'status/1.jwt'), 'utf8')).not.toBe(before)
    await expect(family.issuer.publish({ out: out() })).rejects.toMatchObject({
      code: 'root_key_needed',
    })
  })

  it('puts on record what was signed, and nothing when files were only written again', async () => {
    const { openIssuerGround } = await import('../open.js')
    const opened = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    const published = () =>
      opened.ground.database.kysely
        .selectFrom('audit_log')
        .select('details')
        .where('event', '=', 'published')
        .execute()
    await run()
    await run()
    expect((await published()).map(({ details }) => JSON.parse(details) as object)).toEqual([
      { status_lists: 1, status_list: 1, registrar_list: 0, trust_list: 1, signatures: 0 },
    ])
    await opened.close()
  })
})

describe('the job that publishes', () => {
  const start = async (outcomes: readonly PublicationFailure[][]) => {
    const lines: string[] = []
    const waits: number[] = []
    let now = new Date('2026-11-21T04:20:00Z')
    let runs = 0
    let next = () => {}
    const job: PublicationJob = await startPublicationJob({
      run: async () => outcomes[runs++] ?? [],
      tickSeconds: 3600,
      clock: () => now,
      log: (line) => lines.push(line),
      beat: (milliseconds, work) => {
        waits.push(milliseconds)
        next = () => {
          now = new Date(now.getTime() + milliseconds)
          work()
        }
        return () => (next = () => {})
      },
    })
    const step = async () => {
      next()
      await new Promise((done) => setImmediate(done))
    }
    return { job, lines, waits, step, runs: () => runs }
  }
  const failure = { step: 'status/1', code: 'ENOSPC', error: new Error('full') }

  it('runs at once and then at each tick', async () => {
    const { waits, lines, step } = await start([])
    await step()
    await step()
    expect(waits).toEqual([40 * 60_000 + 50, HOUR, HOUR])
    expect(lines).toEqual([])
  })

  it('tries again after one, two, four … minutes, and says each failure aloud', async () => {
    const failing = Array.from({ length: 7 }, () => [failure])
    const { waits, lines, step } = await start(failing)
    for (let round = 0; round < 7; round++) await step()
    const minutes = waits.map((wait) => Math.round(wait / 60_000))
    expect(minutes.slice(0, 5)).toEqual([1, 2, 4, 8, 16])
    // Never later than the next tick.
    expect(minutes[5]).toBe(9)
    expect(lines).toHaveLength(7)
    expect(lines[0]).toMatch(/^ALARM publication_failed: status\/1 \(ENOSPC\)/)
  })

  it('does nothing more once it is closed', async () => {
    const { job, step, runs } = await start([])
    await job.close()
    await step()
    expect(runs()).toBe(1)
  })
})
