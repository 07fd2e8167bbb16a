import { chmodSync, renameSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { netcert } from '../../../test/e2e/netcert-process.js'
import { type Ground, makeGround, publish } from '../../../test/e2e/triangle.js'

let ground: Ground
beforeAll(async () => {
  ground = await makeGround()
})
afterAll(() => ground.folder.remove())

type Health = { problems: number; findings: { state: string; code?: string; cure?: string }[] }

async function examine(...more: string[]): Promise<Health & { exit: number | null }> {
  const run = await netcert(['doctor', '--dir', ground.issuer, '--json', ...more])
  return { ...(JSON.parse(run.stdout) as Health), exit: run.code }
}

const codes = ({ findings }: Health) =>
  findings.flatMap(({ code }) => (code === undefined ? [] : [code]))

describe('doctor', () => {
  it('finds nothing wrong with a new issuer but reminds of the root key', async () => {
    const lists = await publish(ground)
    const health = await examine('--lists', lists)
    expect(health).toMatchObject({ exit: 0, problems: 0 })
    expect(codes(health)).toEqual(['root_key_online'])
    const run = await netcert(['doctor', '--dir', ground.issuer])
    expect(run.stdout).toMatch(/✓ Node[\s\S]*! Root key[\s\S]*cure[\s\S]*No problem, 1 warning/)
  })

  it('names each problem with its cure, and ends with 1', async () => {
    chmodSync(`${ground.issuer}/secrets/master.key`, 0o644)
    const open = await examine()
    expect(open.exit).toBe(1)
    expect(codes(open)).toContain('files_open')
    for (const { state, cure } of open.findings) {
      if (state !== 'ok') expect(cure).toMatch(/^[A-Z].{10,}\.$/s)
    }
    chmodSync(`${ground.issuer}/secrets/master.key`, 0o600)
    renameSync(`${ground.issuer}/secrets/master.key`, ground.folder.at('master.key'))
    expect((await examine()).exit).toBe(1)
    renameSync(ground.folder.at('master.key'), `${ground.issuer}/secrets/master.key`)
    expect((await examine()).exit).toBe(0)
  })

  it('looks at published files: missing, broken, ended', async () => {
    expect(codes(await examine('--lists', ground.folder.at('none')))).toContain('file_missing')
    const lists = await publish(ground, ground.folder.at('lists'))
    const past = Buffer.from(JSON.stringify({ exp: 1_700_000_000 })).toString('base64url')
    writeFileSync(`${lists}/trust-list.jwt`, `e30.${past}.e30`)
    expect(codes(await examine('--lists', lists))).toContain('published_expired')
    writeFileSync(`${lists}/trust-list.jwt`, 'no token')
    expect((await examine('--lists', lists)).exit).toBe(1)
  })

  it('tells a place it cannot look into from one without an issuer', async () => {
    const file = ground.folder.at('people.csv')
    const run = await netcert(['doctor', '--dir', file, '--json'])
    expect(run.code).toBe(1)
    expect(codes(JSON.parse(run.stdout) as Health)).not.toContain('not_initialised')
  })

  it('says where there is no issuer yet', async () => {
    const run = await netcert(['doctor', '--dir', ground.folder.at('nothing'), '--json'])
    expect(run.code).toBe(0)
    expect(codes(JSON.parse(run.stdout) as Health)).toEqual(['not_initialised'])
  })
})
