import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { type FaultyNetwork, startFaultyNetwork } from '../faulty-network.js'
import {
  PIN,
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
  beforeAll(async () => {
    ground = await startWalletPageGround()
    network = await startFaultyNetwork()
    phone = await ground.device({ proxy: network.proxy })
    await phone.setUp()
  })
  afterAll(async () => {
    await ground?.close()
    await network?.close()
  })

  const at = (place: string) => phone.page.locator(`[data-testid=frame][data-place=${place}] h1`)
  /** Presses Back: there is a place one knows, and nothing lies over it. */
  const back = async (place: string) => {
    await phone.page.goBack()
    await at(place).first().waitFor()
    expect(await phone.page.locator('dialog[open]').count()).toBe(0)
  }
  const forward = async (place: string) => {
    await phone.page.goForward()
    await at(place).first().waitFor()
    expect(await phone.page.locator('dialog[open]').count()).toBe(0)
  }
  const home = async () => {
    await phone.go('home')
    await at('home').waitFor()
  }
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
    await home()
    await phone.go('receive', { offer: offer.offer_uri })
    await phone.at('question').waitFor()
    await back('home')
    await forward('receive')
    expect(await phone.at('question').count()).toBe(0)
    await phone.at('offer-text').waitFor()
    expect(network.count(/token/)).toBe(0)
    await home()
    await toCode(offer.offer_uri)
    await phone.at('tx-code').fill(offer.tx_code ?? '')
    await back('home')
    await forward('receive')
    expect(await phone.at('tx-code').count()).toBe(0)
    expect(network.count(/token/)).toBe(0)
    await home()
    expect(await phone.receive(offer)).toBe('received')
    await back('home')
    await forward('receive')
    expect(await phone.at('received').count()).toBe(0)
    expect(await phone.left()).toEqual(['10'])
    expect(network.count(/\/credential$/)).toBe(1)
  })

  it('leaves the fetching of a certificate under way: it arrives once, and says so', async () => {
    const offer = await offerTo(ground.wire, '--type', 'gate-pass')
    await home()
    await toCode(offer.offer_uri)
    await phone.at('tx-code').fill(offer.tx_code ?? '')
    const held = network.next(/\/credential$/, 'held')
    await phone.at('yes').click()
    const { go } = await held
    await back('home')
    expect(await phone.at('card').count()).toBe(1)
    go()
    await phone.at('toast').filter({ hasText: '已领取' }).waitFor()
    await phone.at('card').nth(1).waitFor()
    await forward('receive')
    await phone.at('offer-text').waitFor()
    expect(network.count(/\/credential$/)).toBe(2)
  })

  it('leads from an offer that was scanned on the way to it back to before the scanning', async () => {
    const { offer_uri } = await offerTo(ground.wire)
    await home()
    await phone.go('receive')
    await phone.at('scan-offer').click()
    await phone.at('code-text').fill(offer_uri)
    await phone.at('take-text').click()
    await phone.at('question').waitFor()
    await back('receive')
    await phone.at('offer-text').waitFor()
    expect(await phone.at('question').count()).toBe(0)
    await back('home')
  })

  it('leads out of a request before the tap: nothing left, and it can be taken up anew', async () => {
    const { request_uri, session } = await ask(ground.wire)
    const before = await copies()
    await home()
    await phone.go('present', { request: request_uri })
    await phone.at('consent').waitFor()
    await back('home')
    await forward('present')
    await phone.at('scan-request').waitFor()
    expect(await phone.at('share').count()).toBe(0)
    expect(await isWaiting(session)).toBe(true)
    expect(await copies()).toBe(before)
    expect(await phone.present(request_uri)).toBe('presented')
    await back('home')
    await forward('present')
    expect(await phone.at('presented').count()).toBe(0)
    expect(await copies()).toBe(before - 1)
  })

  it('leaves an answer under way: it is given once, and the wallet says that it was', async () => {
    const { request_uri, session } = await ask(ground.wire)
    const before = await copies()
    await home()
    await phone.go('present', { request: request_uri })
    await phone.at('share').waitFor()
    const held = network.next(/response/, 'held')
    await phone.at('share').click()
    const { go } = await held
    await back('home')
    expect(await isWaiting(session)).toBe(true)
    go()
    await phone.at('toast').filter({ hasText: '已出示' }).waitFor()
    await forward('present')
    await phone.at('scan-request').waitFor()
    expect(jsonOf(await resultOf(ground.wire, session))).toMatchObject({ verified: true })
    expect(await copies()).toBe(before - 1)
  })

  it('leads out of a refusal, and from a request that was scanned to before the scanning', async () => {
    const before = await copies()
    const { request_uri, session } = await ask(ground.wire)
    await home()
    await phone.go('present', { request: request_uri })
    await phone.at('refuse').click()
    await phone.at('refusal').waitFor()
    await back('home')
    await forward('present')
    expect(await phone.at('refusal').count()).toBe(0)
    expect(await isWaiting(session)).toBe(true)
    const second = await ask(ground.wire)
    await phone.at('scan-request').click()
    await phone.at('code-text').fill(second.request_uri)
    await phone.at('take-text').click()
    await phone.at('consent').waitFor()
    await back('present')
    await phone.at('scan-request').waitFor()
    expect(await phone.at('consent').count()).toBe(0)
    expect(await isWaiting(second.session)).toBe(true)
    expect(await copies()).toBe(before)
  })

  it.each([
    ['settings', {}, 'change-pin', 'way-change'],
    ['settings', {}, 'erase', 'erase-sheet'],
    ['safety', { part: 'erase' }, 'erase', 'erase-sheet'],
    ['safety', { part: 'cancel' }, 'cancel-now', 'cancel-now-sheet'],
  ] as const)(
    'takes the sheet of %s %o with it, unanswered',
    async (place, parameters, button, sheet) => {
      await home()
      await phone.go(place, parameters)
      await phone.at(button).click()
      await phone.at(sheet).waitFor()
      await back('home')
      expect(await phone.at(sheet).count()).toBe(0)
      await forward(place)
      await phone.at(button).waitFor()
      expect(await phone.at(sheet).count()).toBe(0)
      expect(await phone.left()).toHaveLength(2)
      expect(network.count(/\/cancel/)).toBe(0)
    },
  )

  it('takes the sheet of a certificate with it, and leads through the parts of safety', async () => {
    await home()
    await phone.at('card').first().click()
    await phone.at('forget').click()
    await phone.page.locator('dialog[open]').waitFor()
    await back('home')
    expect(await phone.left()).toHaveLength(2)
    await phone.go('safety')
    for (const part of ['lost', 'pause', 'move', 'arrive', 'cancel', 'erase']) {
      await phone.at(`part-${part}`).click()
      await phone.at('part-back').waitFor()
      await back('safety')
      await phone.at('part-erase').waitFor()
    }
  })

  it('forgets a file for a new device and a proven PIN, which forward does not bring back', async () => {
    await home()
    await phone.go('safety', { part: 'move' })
    const passphrase = await phone.at('passphrase').textContent()
    await phone.at('make-file').click()
    await phone.at('save-file').waitFor()
    await back('home')
    await forward('safety')
    expect(await phone.at('save-file').count()).toBe(0)
    expect(await phone.at('passphrase').textContent()).not.toBe(passphrase)
    await phone.go('settings')
    await phone.at('change-pin').click()
    await phone.at('pin').fill(PIN)
    await phone.at('open-pin').click()
    await phone.at('pin-new').waitFor()
    await back('safety')
    await forward('settings')
    await phone.at('change-pin').click()
    expect(await phone.at('pin-new').count()).toBe(0)
    await phone.at('way-cancel').click()
  })

  it('lets a certificate’s enrolment be cancelled once: under way it ends by itself, with its receipt', async () => {
    await home()
    await phone.go('safety')
    await phone.at('part-cancel').click()
    await phone.at('cancel-now').click()
    const held = network.next(/\/cancel$/, 'held')
    await phone.at('cancel-now-yes').click()
    const { go } = await held
    await back('safety')
    await forward('safety')
    // A question again: nothing is sent by coming back.
    await phone.at('cancel-question').waitFor()
    await back('safety')
    go()
    await phone.at('part-receipts').waitFor()
    await forward('safety')
    await phone.at('refusal').waitFor()
    expect(await phone.at('refusal').getAttribute('data-code')).toBe('cancellation_impossible')
    expect(network.count(/\/cancel$/)).toBe(1)
    await phone.go('safety', { part: 'receipts' })
    await phone.at('receipt').first().waitFor()
    expect(await phone.at('receipt').count()).toBe(1)
  })

  it('leads out of the closed wallet nowhere into it', async () => {
    await home()
    await phone.go('history')
    await phone.at('lock').click()
    await phone.at('lock-screen').waitFor()
    await phone.page.goBack()
    expect(await phone.at('frame').count()).toBe(0)
    expect(await phone.at('lock-screen').count()).toBe(1)
    await phone.unlock()
  })

  it('makes the browser complain of nothing', () => {
    expect(phone.complaints).toEqual([])
  })
})
