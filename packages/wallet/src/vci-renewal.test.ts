import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { describe, expect, it } from 'vitest'
import { later } from '../../../test/trust-domain.js'
import { vciGround } from '../../../test/vci-wallet-ground.js'
import { renewalTime } from './vci-renewal-times.js'

const vci = vciGround()
const over18 = parseQuery(queries['age-over-18'])
const HOUR = 3600
const WEEK = 7 * 24 * HOUR
const asked = (path: string) => vci.issuer.pathsAsked().filter((it) => it === path).length

async function use(wallet: Awaited<ReturnType<typeof vci.open>>, times: number) {
  for (let time = 0; time < times; time += 1) {
    await wallet.present({
      query: over18,
      audience: 'https://shop.example',
      nonce: 'n-0S6_WzA2Mj-1',
    })
  }
}

describe('the time of renewal', () => {
  it('is a random hour of the life-time: neither the first nor so late that none is left', () => {
    const times = Array.from({ length: 500 }, () => renewalTime(0, WEEK))
    expect(Math.min(...times)).toBeGreaterThanOrEqual(HOUR)
    expect(Math.max(...times)).toBeLessThan(WEEK - HOUR)
    const hours = new Set(times.map((time) => Math.floor(time / HOUR)))
    expect(hours.size).toBeGreaterThan(100)
  })

  it('reaches from the second hour to the last but one', () => {
    expect(renewalTime(0, WEEK, () => 0)).toBe(HOUR)
    expect(renewalTime(0, WEEK, (below) => below - 1)).toBe(WEEK - HOUR - 1)
    expect(renewalTime(0, 2 * HOUR)).toBe(HOUR)
  })
})

describe('renewing', () => {
  it('happens once in each life-time, with as many copies, whatever was used, without the citizen', async () => {
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 4 })
    await use(wallet, 3)
    expect(await wallet.refill()).toEqual([])
    vci.ground.now = later(WEEK - 1)
    expect(await wallet.refill()).toMatchObject([
      { kind: 'received', reason: 'schedule', certificate: { copies: 4 } },
    ])
    expect(await wallet.refill()).toEqual([])
    expect(asked('/tenant/credential')).toBe(2)
  })

  it('happens at once when copies have run out, and says so', async () => {
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 2 })
    await use(wallet, 2)
    expect(await wallet.refill()).toMatchObject([{ kind: 'received', reason: 'run_out' }])
    const left = (await wallet.list()).map(({ remaining }) => remaining)
    expect(left.toSorted((a, b) => a - b)).toEqual([0, 2])
  })

  it('renews a token that the issuer has ended early, once', async () => {
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 1 })
    await use(wallet, 1)
    vci.issuer.state.accessTokens.clear()
    expect(await wallet.refill()).toMatchObject([{ kind: 'received', reason: 'run_out' }])
    await use(wallet, 1)
    vci.issuer.state.accessTokens.clear()
    vci.issuer.behaviour.tokenAnswer = (it) => ({ ...it, access_token: 'of no use' })
    expect(await wallet.refill()).toMatchObject([{ kind: 'failed', code: 'issuer_refused' }])
  })

  it('goes on after all copies have expired, in another process', async () => {
    await vci.receive(await vci.open(), { batch: 2 })
    await vci.ground.closeAll()
    vci.ground.now = later(3 * WEEK)
    const wallet = await vci.open()
    expect(await wallet.list()).toEqual([])
    expect(await wallet.refill()).toMatchObject([{ kind: 'received' }])
    expect(await wallet.list()).toMatchObject([{ remaining: 2 }])
  })

  it('uses no refresh token twice, by parallel callers either', async () => {
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 1 })
    vci.ground.now = later(WEEK - 1)
    const reports = await Promise.all([wallet.refill(), wallet.refill(), wallet.refill()])
    expect(reports.flat()).toMatchObject([{ kind: 'received' }])
    expect(await wallet.refill()).toEqual([])
  })

  it('ends with the grant, and then the citizen is needed', async () => {
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 1 })
    vci.issuer.state.refreshTokens.clear()
    vci.ground.now = later(WEEK - 1)
    expect(await wallet.refill()).toEqual([
      { kind: 'ended', reason: 'schedule', configurationId: 'certificate' },
    ])
    expect(await wallet.refill()).toEqual([])
  })

  it('is tried again hours later when the issuer is out of order', async () => {
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 1 })
    vci.ground.now = later(WEEK - 1)
    vci.issuer.behaviour.credentialError = 'server_error'
    expect(await wallet.refill()).toMatchObject([{ kind: 'failed', code: 'issuer_refused' }])
    expect(await wallet.refill()).toEqual([])
    vci.issuer.behaviour.credentialError = null
    vci.ground.now = later(WEEK + 3 * HOUR)
    expect(await wallet.refill()).toMatchObject([{ kind: 'received' }])
  })

  it('asks for nothing a second time that the issuer put off', async () => {
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 1 })
    await use(wallet, 1)
    vci.issuer.behaviour.deferrals = 1
    expect(await wallet.refill()).toMatchObject([{ kind: 'deferred', reason: 'run_out' }])
    expect(await wallet.refill()).toEqual([])
  })
})

describe('deleting a certificate', () => {
  it('tells the issuer that asked for it, and renews it no more', async () => {
    const wallet = await vci.open()
    const { certificates } = await vci.receive(wallet, { batch: 2 })
    await wallet.forget(certificates[0]?.id ?? '')
    expect(await wallet.list()).toEqual([])
    const told = vci.issuer.asked.filter(({ path }) => path === '/tenant/notification')
    expect(JSON.parse(told.at(-1)?.body ?? '')).toMatchObject({ event: 'credential_deleted' })
    vci.ground.now = later(WEEK)
    expect(await wallet.refill()).toEqual([])
  })

  it('works where the issuer cannot be told', async () => {
    const wallet = await vci.open()
    const { certificates } = await vci.receive(wallet, { batch: 2 })
    await vci.issuer.close()
    await wallet.forget(certificates[0]?.id ?? '')
    expect(await wallet.list()).toEqual([])
    expect(await wallet.refill()).toEqual([])
  })
})
