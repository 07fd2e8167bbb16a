import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import { type Ground, makeGround, mint } from '../../../test/e2e/triangle.js'

let ground: Ground
let platform: string
let oneTime: string
let citizen: string
beforeAll(async () => {
  ground = await makeGround()
  citizen = ground.citizens[0] ?? ''
  const wallet = ground.folder.at('wallet')
  platform = (await mint(ground, wallet, '--copies', 'platform')).batch
  oneTime = (await mint(ground, wallet)).batch
})
afterAll(() => ground.folder.remove())

const run = (command: string, act: string, ...args: string[]) =>
  netcert([command, act, '--dir', ground.issuer, '--json', ...args])
const certificate = (act: string, ...args: string[]) => run('certificate', act, ...args)

describe('certificate suspend, reinstate and revoke', () => {
  it('suspend with an end, take it back, and revoke for good', async () => {
    const batch = ['--batch', platform]
    const suspend = ['--reason', 'citizen_asked', '--until', '2036-12-01T08:00:00+08:00']
    expect(jsonOf(await certificate('suspend', ...batch, ...suspend))).toMatchObject({
      changed: 1,
      until: '2036-12-01T00:00:00.000Z',
    })
    const cleared = ['--reason', 'cleared']
    expect(jsonOf(await certificate('reinstate', ...batch, ...cleared))).toMatchObject({
      changed: 1,
    })
    const lost = ['--reason', 'device_lost']
    expect(jsonOf(await certificate('revoke', ...batch, ...lost))).toMatchObject({ changed: 1 })
    const back = await certificate('reinstate', ...batch, ...cleared)
    expect(errorOf(back)).toMatchObject({ code: 'status_final', exit: 1 })
    const all = await certificate('revoke', '--citizen', citizen, '--reason', 'deceased')
    expect(jsonOf(all)).toMatchObject({ citizen, unchanged: 1, without_status: 1 })
  })

  it('refuse what they do not know', async () => {
    const lost = ['--reason', 'device_lost']
    const past = ['--until', '2020-01-01T00:00:00Z']
    for (const [args, code, exit] of [
      [['revoke', ...lost], 'wrong_use', 2],
      [['revoke', '--batch', platform], 'wrong_use', 2],
      [['revoke', '--batch', 'b_none', ...lost], 'batch_unknown', 2],
      [['revoke', '--device', 'd_none', ...lost], 'device_unknown', 2],
      [['revoke', '--citizen', 'c_0000', ...lost], 'citizen_unknown', 2],
      [['revoke', '--batch', platform, '--citizen', 'c_0000', ...lost], 'wrong_use', 2],
      [['revoke', '--batch', oneTime, ...lost], 'batch_without_status', 1],
      [['revoke', '--batch', platform, '--reason', 'cleared'], 'status_reason_unknown', 2],
      [['suspend', '--citizen', citizen, ...lost, ...past], 'suspension_end', 2],
      [['suspend', '--citizen', citizen, ...lost, '--until', 'tomorrow'], 'wrong_use', 2],
    ] as const) {
      const [act, ...options] = args
      const refused = await certificate(act, ...options)
      expect(errorOf(refused)).toMatchObject({ code, exit })
      expect(refused).toMatchObject({ code: exit, stdout: '' })
    }
  })

  it('take the citizen’s own code from a file, once, and tell people what comes next', async () => {
    const { revocation_code } = jsonOf<{ revocation_code: string }>(
      await run('person', 'code', '--citizen', citizen),
    )
    const file = ground.folder.at('code.txt')
    await writeFile(file, `${revocation_code}\n`)
    expect(jsonOf(await certificate('suspend', '--code-file', file))).toEqual({ action: 'suspend' })
    const told = await netcert([
      ...['certificate', 'revoke', '--dir', ground.issuer, '--code-file', file],
    ])
    expect(told).toMatchObject({ code: 0, stderr: '' })
    expect(told.stdout).toMatch(/Revoked[\s\S]*netcert publish/)
    const again = await certificate('revoke', '--code-file', file)
    expect(errorOf(again)).toMatchObject({ code: 'revocation_code_wrong', exit: 1 })
    await writeFile(file, revocation_code.slice(1))
    const slip = await certificate('revoke', '--code-file', file)
    expect(errorOf(slip)).toMatchObject({ code: 'revocation_code_malformed', exit: 2 })
  })

  it('print the code’s paper in the language of the citizen', async () => {
    const paper = await netcert([
      ...['person', 'code', '--dir', ground.issuer, '--citizen', citizen, '--lang', 'zh-CN'],
    ])
    expect(paper.stdout).toMatch(/停用码[\s\S]*([0-9A-Z]{5} ){3}[0-9A-Z]{5}/)
    expect(jsonOf(await run('person', 'devices', '--citizen', citizen))).toEqual({
      citizen,
      devices: [],
    })
  })
})
