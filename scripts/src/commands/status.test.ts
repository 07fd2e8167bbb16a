import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import { type Ground, makeGround, mint } from '../../../test/e2e/triangle.js'

let ground: Ground
let platform: string
let oneTime: string
beforeAll(async () => {
  ground = await makeGround()
  const wallet = ground.folder.at('wallet')
  platform = (await mint(ground, wallet, '--copies', 'platform')).batch
  oneTime = (await mint(ground, wallet)).batch
})
afterAll(() => ground.folder.remove())

const set = (...args: string[]) =>
  netcert(['status', 'set', '--dir', ground.issuer, '--json', ...args])

describe('status set', () => {
  it('suspends, takes it back, and revokes for good', async () => {
    const batch = ['--batch', platform]
    const suspend = ['--status', 'suspended', '--reason', 'citizen_asked']
    expect(jsonOf(await set(...batch, ...suspend))).toMatchObject({ changed: 1 })
    expect(jsonOf(await set(...batch, ...suspend))).toMatchObject({ changed: 0, unchanged: 1 })
    const valid = ['--status', 'valid', '--reason', 'cleared']
    expect(jsonOf(await set(...batch, ...valid))).toMatchObject({ changed: 1 })
    const revoke = ['--status', 'revoked', '--reason', 'device_lost']
    expect(jsonOf(await set(...batch, ...revoke))).toMatchObject({ changed: 1 })
    const back = await set(...batch, ...valid)
    expect(back.code).toBe(1)
    expect(errorOf(back).code).toBe('status_final')
  })

  it('sets everything of a citizen, and says what ends by itself', async () => {
    const [citizen = ''] = ground.citizens
    const run = await set('--citizen', citizen, '--status', 'revoked', '--reason', 'deceased')
    expect(jsonOf(run)).toMatchObject({ citizen, unchanged: 1, withoutStatus: 1 })
  })

  it('refuses what it does not know', async () => {
    const revoked = ['--status', 'revoked', '--reason', 'key_lost']
    for (const [args, code, exit] of [
      [revoked, 'wrong_use', 2],
      [['--batch', 'b_none', ...revoked], 'batch_unknown', 2],
      [['--citizen', 'c_0000', ...revoked], 'citizen_unknown', 2],
      [['--batch', platform, '--citizen', 'c_0000', ...revoked], 'wrong_use', 2],
      [['--batch', oneTime, ...revoked], 'batch_without_status', 1],
      [
        ['--batch', platform, '--status', 'revoked', '--reason', 'because'],
        'status_reason_unknown',
        2,
      ],
    ] as const) {
      const run = await set(...args)
      expect(errorOf(run)).toMatchObject({ code, exit })
      expect(run).toMatchObject({ code: exit, stdout: '' })
    }
  })

  it('tells people what comes next', async () => {
    const { batch } = await mint(ground, ground.folder.at('other'), '--copies', 'platform')
    const run = await netcert([
      ...['status', 'set', '--dir', ground.issuer, '--batch', batch],
      ...['--status', 'revoked', '--reason', 'key_lost'],
    ])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toMatch(/Set to revoked: 1 batch[\s\S]*netcert publish/)
  })
})
