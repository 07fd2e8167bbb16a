import { createTrust } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { later } from '../../../test/trust-domain.js'
import { vciGround } from '../../../test/vci-wallet-ground.js'

const vci = vciGround()
const polls = () => vci.issuer.pathsAsked().filter((path) => path === '/tenant/deferred').length

describe('a put-off issuance', () => {
  it('is asked for by the interval and no earlier, until it comes, over restarts', async () => {
    vci.issuer.behaviour.deferrals = 2
    const first = await vci.open()
    const outcome = await vci.receive(first, { batch: 3 })
    expect(outcome).toEqual({
      kind: 'received',
      certificates: [],
      failed: [],
      wards: [],
      deferred: [{ configurationId: 'certificate', retryAt: later(5) }],
    })
    vci.ground.now = later(4)
    expect(await first.pollDeferred()).toMatchObject([{ kind: 'waiting', retryAt: later(5) }])
    expect(polls()).toBe(0)
    await vci.ground.closeAll()
    const wallet = await vci.open()
    vci.ground.now = later(5)
    expect(await wallet.pollDeferred()).toMatchObject([{ kind: 'waiting', retryAt: later(10) }])
    vci.ground.now = later(10)
    expect(await wallet.pollDeferred()).toMatchObject([
      { kind: 'received', certificate: { copies: 3 } },
    ])
    expect(await wallet.pollDeferred()).toEqual([])
    expect(await wallet.list()).toMatchObject([{ copies: 3, remaining: 3 }])
  })

  it('is asked for after the token has ended, by renewing it', async () => {
    vci.issuer.behaviour.deferrals = 1
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 1 })
    vci.ground.now = later(2 * 86_400)
    expect(await wallet.pollDeferred()).toMatchObject([{ kind: 'received' }])
  })

  it.each(['invalid_transaction_id', 'credential_request_denied'])(
    'ends with %s, and is not asked for again',
    async (error) => {
      vci.issuer.behaviour.deferrals = 1
      const wallet = await vci.open()
      await vci.receive(wallet)
      vci.issuer.behaviour.deferredError = error
      vci.ground.now = later(5)
      expect(await wallet.pollDeferred()).toEqual([
        { kind: 'ended', configurationId: 'certificate', code: error },
      ])
      expect(await wallet.pollDeferred()).toEqual([])
    },
  )

  it('waits when the issuer has a fault or cannot be reached', async () => {
    vci.issuer.behaviour.deferrals = 1
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 1 })
    vci.issuer.behaviour.deferredError = 'server_error'
    vci.ground.now = later(5)
    expect(await wallet.pollDeferred()).toMatchObject([{ kind: 'waiting', retryAt: later(10) }])
    vci.issuer.behaviour.deferredError = null
    vci.ground.now = later(10)
    expect(await wallet.pollDeferred()).toMatchObject([{ kind: 'received' }])
  })

  it('waits while the lists of this wallet have ended: the issuer was not asked, and has refused nothing', async () => {
    vci.issuer.behaviour.deferrals = 1
    const { domain } = vci.ground
    let expiresAt = later(4)
    const trust = async () =>
      createTrust({
        trustListToken: await domain.trustListToken({ expiresAt }),
        rootDids: [domain.rootDid],
        now: vci.ground.now,
        ...{ graceSeconds: 0, minimumSequence: 0 },
      })
    const wallet = await vci.open({ trust })
    await vci.receive(wallet, { batch: 1 })
    vci.ground.now = later(5)
    expect(await wallet.pollDeferred()).toMatchObject([{ kind: 'waiting', retryAt: later(10) }])
    expect(polls()).toBe(0)
    expiresAt = later(3600)
    vci.ground.now = later(10)
    expect(await wallet.pollDeferred()).toMatchObject([{ kind: 'received' }])
  })

  it('with certificates for foreign keys ends, and stores none', async () => {
    vci.issuer.behaviour.deferrals = 1
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 1 })
    const stranger = await vci.open({ dir: `${vci.ground.folder}/stranger` })
    const [jwk] = await stranger.createHolderKeys(1)
    const foreign = await vci.ground.domain.mint({ jwk: jwk! })
    vci.issuer.behaviour.credentials = () => [foreign]
    vci.ground.now = later(5)
    expect(await wallet.pollDeferred()).toMatchObject([{ kind: 'ended', code: 'key_foreign' }])
    expect(await wallet.list()).toEqual([])
  })

  it('is taken in once by two callers at the same time', async () => {
    vci.issuer.behaviour.deferrals = 1
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 2 })
    vci.ground.now = later(5)
    const reports = await Promise.all([wallet.pollDeferred(), wallet.pollDeferred()])
    expect(reports.flat().filter(({ kind }) => kind === 'received')).toHaveLength(1)
    expect(await wallet.list()).toHaveLength(1)
  })
})
