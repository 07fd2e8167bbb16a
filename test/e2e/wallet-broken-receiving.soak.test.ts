import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { type Fault, type FaultyNetwork, startFaultyNetwork } from '../faulty-network.js'
import {
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { offerTo } from './wire-ground.js'

const CREDENTIAL = /\/credential$/

describe.skipIf(!hasChromium)(`receiving over a bad network${chromiumState}`, () => {
  let ground: WalletPageGround
  let network: FaultyNetwork
  let phone: WalletDevice
  beforeAll(async () => {
    ground = await startWalletPageGround()
  })
  afterAll(() => ground?.close())
  beforeEach(async () => {
    network = await startFaultyNetwork()
    phone = await ground.device({ proxy: network.proxy })
    await phone.setUp()
  })
  afterEach(async () => {
    await phone?.close()
    await network?.close()
  })

  const sentence = async () => (await phone.at('refusal').textContent()) ?? ''
  const code = () => phone.at('refusal').getAttribute('data-code')
  const hasNothing = async () => {
    await phone.go('home')
    await phone.at('no-certificates').waitFor()
  }
  /** Agrees to what is asked from here on. */
  const goOn = (tx: string | null) =>
    phone.walk({
      ...{ ends: ['received', 'refusal'], yes: 'yes' },
      async before() {
        if ((await phone.at('tx-code').count()) > 0) await phone.at('tx-code').fill(tx ?? '')
      },
    })

  it('says what it does while a slow issuer takes its time, and waits for it', async () => {
    const session = await phone.context.newCDPSession(phone.page)
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 300 },
      ...{ downloadThroughput: 40_000, uploadThroughput: 15_000 },
    })
    const held = network.next(CREDENTIAL, 'held')
    const received = phone.receive(await offerTo(ground.wire))
    const { go } = await held
    expect(await phone.at('working').getAttribute('data-step')).toBe('fetching')
    expect(await phone.at('working').getAttribute('role')).toBe('status')
    expect(await phone.at('working').textContent()).toContain('正在领取')
    go()
    expect(await received).toBe('received')
    expect(await phone.left()).toEqual(['10'])
  })

  it.each([
    ['the offer', /offer/, 'lost'],
    ['what the issuer says of itself', /openid-credential-issuer/, 'cut'],
    ['the token, before the code arrived', /\/token$/, 'refused'],
  ] as const)('tries again with the same code when %s did not come', async (_what, path, fault) => {
    const offer = await offerTo(ground.wire, '--by-reference')
    const met = network.next(path, fault)
    expect(await phone.receive(offer)).toBe('refusal')
    await met
    expect(await sentence()).toMatch(/网络/)
    await expect.poll(() => phone.at('again').count(), { timeout: 20_000 }).toBe(1)
    await phone.at('again').click()
    expect(await goOn(offer.tx_code)).toBe('received')
    expect(await phone.left()).toEqual(['10'])
  })

  it.each(['lost', 'cut'] as const satisfies readonly Fault[])(
    'keeps nothing of a certificate that was %s on its way, says so, and takes a new code',
    async (fault) => {
      const offer = await offerTo(ground.wire)
      const met = network.next(CREDENTIAL, fault)
      expect(await phone.receive(offer)).toBe('refusal')
      await met
      expect(await sentence()).toContain('网络')
      expect(await phone.at('nothing-kept').textContent()).toMatch(/什么也没有存下.*领取码/)
      await phone.at('again').click()
      expect(await goOn(offer.tx_code)).toBe('refusal')
      expect(await code()).toBe('grant_refused')
      expect(await sentence()).toContain('重新要一个')
      await hasNothing()
      expect(await phone.receive(await offerTo(ground.wire))).toBe('received')
      expect(await phone.left()).toEqual(['10'])
    },
  )

  it('says that a code is spent whose token was lost on its way', async () => {
    const offer = await offerTo(ground.wire)
    // The first one is told a nonce for its proof, and the second one brings the code.
    const first = network.next(/\/token$/, 'held')
    const second = network.next(/\/token$/, 'lost')
    const end = phone.receive(offer)
    const { go } = await first
    go()
    await second
    expect(await end).toBe('refusal')
    expect(await sentence()).toContain('网络')
    expect(await phone.at('nothing-kept').textContent()).toContain('领取码可能已经用掉')
    await phone.at('again').click()
    expect(await goOn(offer.tx_code)).toBe('refusal')
    expect(await code()).toBe('grant_refused')
    await hasNothing()
  })
})
