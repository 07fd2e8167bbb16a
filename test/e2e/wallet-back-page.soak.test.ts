import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { type FaultyNetwork, startFaultyNetwork } from '../faulty-network.js'
import { type WayBack, wayBack } from '../wallet-page/way-back.js'
import {
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { jsonOf } from './netcert-process.js'
import { ask, offerTo, resultOf } from './wire-ground.js'

describe.skipIf(!hasChromium)(`the way back on the wallet's page${chromiumState}`, () => {
  let ground: WalletPageGround
  let network: FaultyNetwork
  let phone: WalletDevice
  let way: WayBack
  beforeAll(async () => {
    ground = await startWalletPageGround()
    network = await startFaultyNetwork()
    phone = await ground.device({ proxy: network.proxy })
    await phone.setUp()
    way = wayBack(phone)
  })
  afterAll(async () => {
    await ground?.close()
    await network?.close()
  })

  /** Copies of all certificates. */
  const copies = async () => (await phone.left()).reduce((sum, left) => sum + Number(left), 0)
  const isWaiting = async (session: string) => (await resultOf(ground.wire, session)).code !== 0
  /** Agrees to be asked, up to the question with the code. */
  const toCode = async (offer: string) => {
    await phone.go('receive', { offer })
    await phone.at('question').waitFor()
    while ((await phone.at('tx-code').count()) === 0) {
      const asked = await phone.at('question').textContent()
      await phone.at('yes').click()
      await phone.page.waitForFunction(
        (before) => document.querySelector('[data-testid=question]')?.textContent !== before,
        asked,
      )
      await phone.at('question').waitFor()
    }
  }

  it('leads out of each question of an offer; nobody was asked, and no code is spent', async () => {
    const offer = await offerTo(ground.wire)
    await way.home()
    await phone.go('receive', { offer: offer.offer_uri })
    await phone.at('question').waitFor()
    await way.back('home')
    await way.forward('receive')
    expect(await phone.at('question').count()).toBe(0)
    await phone.at('offer-text').waitFor()
    expect(network.count(/\/token$/)).toBe(0)
    await way.home()
    await toCode(offer.offer_uri)
    await phone.at('tx-code').fill(offer.tx_code ?? '')
    await way.back('home')
    await way.forward('receive')
    expect(await phone.at('tx-code').count()).toBe(0)
    expect(network.count(/\/token$/)).toBe(0)
    await way.home()
    expect(await phone.receive(offer)).toBe('received')
    await way.back('home')
    await way.forward('receive')
    expect(await phone.at('received').count()).toBe(0)
    expect(await phone.left()).toEqual(['10'])
    expect(network.count(/\/credential$/)).toBe(1)
  })

  it('leaves the fetching of a certificate under way: it arrives once, and says so', async () => {
    const offer = await offerTo(ground.wire, '--type', 'gate-pass')
    await way.home()
    await toCode(offer.offer_uri)
    await phone.at('tx-code').fill(offer.tx_code ?? '')
    const held = network.next(/\/credential$/, 'held')
    await phone.at('yes').click()
    const { go } = await held
    await way.back('home')
    await expect.poll(() => phone.at('card').count(), { timeout: 20_000 }).toBe(1)
    go()
    await phone.at('toast').filter({ hasText: '已领取' }).waitFor()
    await phone.at('card').nth(1).waitFor()
    await way.forward('receive')
    await phone.at('offer-text').waitFor()
    expect(network.count(/\/credential$/)).toBe(2)
  })

  it('leads from an offer that was scanned on the way to it back to before the scanning', async () => {
    const { offer_uri } = await offerTo(ground.wire)
    await way.home()
    await phone.go('receive')
    await phone.at('scan-offer').click()
    await phone.at('code-text').fill(offer_uri)
    await phone.at('take-text').click()
    await phone.at('question').waitFor()
    await way.back('receive')
    await phone.at('offer-text').waitFor()
    expect(await phone.at('question').count()).toBe(0)
    await way.back('home')
  })

  it('leads out of a request before the tap: nothing left, and it can be taken up anew', async () => {
    const { request_uri, session } = await ask(ground.wire)
    const before = await copies()
    await way.home()
    await phone.go('present', { request: request_uri })
    await phone.at('consent').waitFor()
    await way.back('home')
    await way.forward('present')
    await phone.at('scan-request').waitFor()
    expect(await phone.at('share').count()).toBe(0)
    expect(await isWaiting(session)).toBe(true)
    expect(await copies()).toBe(before)
    expect(await phone.present(request_uri)).toBe('presented')
    await way.back('home')
    await way.forward('present')
    expect(await phone.at('presented').count()).toBe(0)
    expect(await copies()).toBe(before - 1)
  })

  it('leaves an answer under way: it is given once, and the wallet says that it was', async () => {
    const { request_uri, session } = await ask(ground.wire)
    const before = await copies()
    await way.home()
    await phone.go('present', { request: request_uri })
    await phone.at('share').waitFor()
    const held = network.next(/response/, 'held')
    await phone.at('share').click()
    const { go } = await held
    await way.back('home')
    expect(await isWaiting(session)).toBe(true)
    go()
    await phone.at('toast').filter({ hasText: '已出示' }).waitFor()
    await way.forward('present')
    await phone.at('scan-request').waitFor()
    expect(jsonOf(await resultOf(ground.wire, session))).toMatchObject({ verified: true })
    expect(await copies()).toBe(before - 1)
  })

  it('leads out of a refusal, and from a request that was scanned to before the scanning', async () => {
    const before = await copies()
    const { request_uri, session } = await ask(ground.wire)
    await way.home()
    await phone.go('present', { request: request_uri })
    await phone.at('refuse').click()
    await phone.at('refusal').waitFor()
    await way.back('home')
    await way.forward('present')
    expect(await phone.at('refusal').count()).toBe(0)
    expect(await isWaiting(session)).toBe(true)
    const second = await ask(ground.wire)
    await phone.at('scan-request').click()
    await phone.at('code-text').fill(second.request_uri)
    await phone.at('take-text').click()
    await phone.at('consent').waitFor()
    await way.back('present')
    await phone.at('scan-request').waitFor()
    expect(await phone.at('consent').count()).toBe(0)
    expect(await isWaiting(second.session)).toBe(true)
    expect(await copies()).toBe(before)
  })

  it('makes the browser complain of nothing', () => {
    expect(phone.complaints).toEqual([])
  })
})
