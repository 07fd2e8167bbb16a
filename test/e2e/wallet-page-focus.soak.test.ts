import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import {
  PIN,
  receiveFirst,
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { ask, offerTo } from './wire-ground.js'

describe.skipIf(!hasChromium)(
  `where somebody is who listens to the page of the wallet${chromiumState}`,
  () => {
    let ground: WalletPageGround
    let phone: WalletDevice
    beforeAll(async () => {
      ground = await startWalletPageGround()
      phone = await ground.device({ locale: 'en' })
      await phone.setUp()
      await receiveFirst(phone, await offerTo(ground.wire))
    })
    afterAll(() => ground?.close())

    /** The words of what has the focus, or its test id where it is to be pressed. */
    const focused = () =>
      phone.page.evaluate(() => {
        const element = document.activeElement
        if (!(element instanceof HTMLElement)) return ''
        return element.dataset['testid'] ?? `${element.tagName} ${element.textContent}`
      })
    const expectFocus = async (on: string) => {
      await expect.poll(focused, { timeout: 20_000 }).toBe(on)
    }
    /** By the keyboard: a tap of a finger leaves no focus in every browser. */
    const press = async (testId: string) => {
      await phone.page.locator(`[data-testid=${testId}]:not([aria-disabled=true])`).first().focus()
      await phone.page.keyboard.press('Enter')
    }

    it('is at the heading of each screen, of each part of it, and of what one goes back to', async () => {
      await phone.go('safety')
      await expectFocus('H1 Safety')
      await press('part-lost')
      await expectFocus('H1 Lost a phone')
      await press('back')
      await expectFocus('H1 Safety')
      await press('tab-family')
      await expectFocus('H1 Family')
      await phone.page.goBack()
      await expectFocus('H1 Safety')
    })

    it('is at the question of a platform when it has come, and at what came of it', async () => {
      const { request_uri } = await ask(ground.wire)
      await phone.go('present', { request: request_uri })
      await phone.at('consent').waitFor()
      await expect.poll(focused, { timeout: 20_000 }).toMatch(/^H1 /)
      await press('share')
      await phone.at('presented').waitFor()
      await expectFocus('H1 Shown')
    })

    it('is given back by a question whose answer was no, to what opened it', async () => {
      await phone.go('settings')
      for (const answer of ['erase-no', 'Escape']) {
        await press('erase')
        await phone.page.locator('dialog[open]').waitFor()
        if (answer === 'Escape') await phone.page.keyboard.press('Escape')
        else await press(answer)
        await phone.page.locator('dialog[open]').waitFor({ state: 'detached' })
        await expectFocus('erase')
      }
    })

    it('is in the field for the new PIN once the old one was right, and in the old one after a wrong one', async () => {
      await phone.go('settings')
      await press('change-pin')
      await expectFocus('pin')
      await phone.at('pin').fill('111222')
      await press('open-pin')
      await phone.at('refusal').waitFor()
      await expectFocus('pin')
      await phone.at('pin').fill(PIN)
      await press('open-pin')
      await expectFocus('pin-new')
      await phone.page.keyboard.press('Escape')
      await expectFocus('change-pin')
    })

    it('stays on a button while what it began is under way', async () => {
      await phone.go('home')
      await phone.at('card').first().click()
      await phone.at('claims').waitFor()
      await press('refill')
      await phone.at('toast').waitFor()
      expect(await focused()).toBe('refill')
    })
  },
)
