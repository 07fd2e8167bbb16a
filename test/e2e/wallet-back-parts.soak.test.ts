import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { type FaultyNetwork, startFaultyNetwork } from '../faulty-network.js'
import { type WayBack, wayBack } from '../wallet-page/way-back.js'
import {
  PIN,
  receiveFirst,
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { offerTo } from './wire-ground.js'

describe.skipIf(!hasChromium)(`the way back out of sheets and parts${chromiumState}`, () => {
  let ground: WalletPageGround
  let network: FaultyNetwork
  let phone: WalletDevice
  let way: WayBack
  beforeAll(async () => {
    ground = await startWalletPageGround()
    network = await startFaultyNetwork()
    phone = await ground.device({ proxy: network.proxy })
    await phone.setUp()
    await receiveFirst(phone, await offerTo(ground.wire))
    way = wayBack(phone)
  })
  afterAll(async () => {
    await ground?.close()
    await network?.close()
  })

  it.each([
    ['settings', {}, 'change-pin', 'way-change'],
    ['settings', {}, 'erase', 'erase-sheet'],
    ['safety', { part: 'erase' }, 'erase', 'erase-sheet'],
    ['safety', { part: 'cancel' }, 'cancel-now', 'cancel-now-sheet'],
  ] as const)(
    'takes the sheet of %s %o with it, unanswered',
    async (place, parameters, button, sheet) => {
      await way.home()
      await phone.go(place, parameters)
      await phone.at(button).click()
      await phone.at(sheet).waitFor()
      await way.back('home')
      expect(await phone.at(sheet).count()).toBe(0)
      await way.forward(place)
      await phone.at(button).waitFor()
      expect(await phone.at(sheet).count()).toBe(0)
      expect(await phone.left()).toEqual(['10'])
      expect(network.count(/\/cancel$/)).toBe(0)
    },
  )

  it('takes the sheet of a certificate with it, and leads through the parts of safety', async () => {
    await way.home()
    await phone.at('card').first().click()
    await phone.at('forget').click()
    await phone.page.locator('dialog[open]').waitFor()
    await way.back('home')
    expect(await phone.left()).toEqual(['10'])
    await phone.go('safety')
    for (const part of ['lost', 'pause', 'move', 'arrive', 'cancel', 'erase']) {
      await phone.at(`part-${part}`).click()
      await phone.at('back').waitFor()
      await way.back('safety')
      await phone.at('part-erase').waitFor()
    }
  })

  it('forgets a file for a new device and a proven PIN, which forward does not bring back', async () => {
    await way.home()
    await phone.go('safety', { part: 'move' })
    const passphrase = await phone.at('passphrase').textContent()
    await phone.at('make-file').click()
    await phone.at('save-file').waitFor()
    await way.back('home')
    await way.forward('safety')
    expect(await phone.at('save-file').count()).toBe(0)
    expect(await phone.at('passphrase').textContent()).not.toBe(passphrase)
    await phone.go('settings')
    await phone.at('change-pin').click()
    await phone.at('pin').fill(PIN)
    await phone.at('open-pin').click()
    await phone.at('pin-new').waitFor()
    await way.back('safety')
    await way.forward('settings')
    await phone.at('change-pin').click()
    expect(await phone.at('pin-new').count()).toBe(0)
    await phone.at('way-cancel').click()
  })

  it('lets a certificate’s enrolment be cancelled once: under way it ends by itself, with its receipt', async () => {
    await way.home()
    await phone.go('safety')
    await phone.at('part-cancel').click()
    await phone.at('cancel-now').click()
    const held = network.next(/\/cancel$/, 'held')
    await phone.at('cancel-now-yes').click()
    const { go } = await held
    await way.back('safety')
    await way.forward('safety')
    // A question again: nothing is sent by coming back.
    await phone.at('cancel-question').waitFor()
    await way.back('safety')
    go()
    await phone.at('part-receipts').waitFor()
    await way.forward('safety')
    await phone.at('refusal').waitFor()
    expect(await phone.at('refusal').getAttribute('data-code')).toBe('cancellation_impossible')
    expect(network.count(/\/cancel$/)).toBe(1)
    await phone.go('safety', { part: 'receipts' })
    await phone.at('receipt').first().waitFor()
    await expect.poll(() => phone.at('receipt').count(), { timeout: 20_000 }).toBe(1)
  })

  it('leads out of the closed wallet nowhere into it', async () => {
    await way.home()
    await phone.go('history')
    await phone.at('lock').click()
    await phone.at('lock-screen').waitFor()
    await phone.page.goBack()
    expect(await phone.at('frame').count()).toBe(0)
    await expect.poll(() => phone.at('lock-screen').count(), { timeout: 20_000 }).toBe(1)
    await phone.unlock()
  })

  it('makes the browser complain of nothing', () => {
    expect(phone.complaints).toEqual([])
  })
})
