import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { findBarriers } from '../wallet-page/looking.js'
import {
  receiveFirst,
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { type ServedPlatform, startPlatform } from './platform-ground.js'
import { ask, offerTo } from './wire-ground.js'

describe.skipIf(!hasChromium)(
  `requests that got nothing on the page of the wallet${chromiumState}`,
  () => {
    let ground: WalletPageGround
    let platform: ServedPlatform
    let phone: WalletDevice
    beforeAll(async () => {
      ground = await startWalletPageGround()
      platform = await startPlatform(ground.wire, {
        ...{ id: 'https://telecom.example', name: 'Telecom', sectors: ['age-check', 'telecom'] },
      })
      phone = await ground.device()
      await phone.setUp()
      await receiveFirst(phone, await offerTo(ground.wire))
    })
    afterAll(async () => {
      await ground?.close()
      await platform?.end()
    })

    const refuse = async (request: string, by = 'refuse') => {
      await phone.go('present', { request })
      await phone.at('consent').waitFor()
      await phone.at(by).click()
      await phone.at('refusal').waitFor()
    }
    const lines = () => phone.page.locator('[data-testid=event][data-kind=refused]')

    it('are in the history by who asked, what for, what was asked by name, and why', async () => {
      await refuse((await platform.ask('age-check')).request_uri)
      await phone.go('history')
      await lines().waitFor()
      const line = (await lines().textContent()) ?? ''
      expect(line).toContain('Telecom')
      expect(line).toContain('您没有同意')
      expect(await lines().locator('.asked').count()).toBeGreaterThan(0)
      // Nothing was given to anybody: there is no picture of it, and nothing to be kept in a file.
      expect(await phone.at('history-empty').count()).toBe(1)
      expect(await phone.at('save-ledger').count()).toBe(0)
    })

    it('are named by their address where nobody registered them, also when no answer was given at all', async () => {
      await refuse((await ask(ground.wire)).request_uri, 'ignore')
      await phone.go('history')
      await expect.poll(() => lines().count(), { timeout: 20_000 }).toBe(2)
      expect(await lines().first().textContent()).toMatch(
        /没有给(127\.0\.0\.1|localhost):\d+任何内容/,
      )
    })

    it('stand beside what was given, are deleted by a tap alone, and the ledger stays', async () => {
      expect(await phone.present((await platform.ask('age-check')).request_uri)).toBe('presented')
      await phone.go('history')
      await phone.page.locator('[data-testid=event][data-kind=disclosure]').waitFor()
      const barriers = await findBarriers(phone.page)
      expect(barriers.filter(({ impact }) => /serious|critical/.test(impact))).toEqual([])
      await phone.at('forget-refused').click()
      await phone.at('forget-refused-yes').click()
      await expect.poll(() => lines().count(), { timeout: 20_000 }).toBe(0)
      expect(await phone.at('forget-refused').count()).toBe(0)
      expect(await phone.page.locator('[data-testid=event]').count()).toBe(1)
      await phone.at('check-ledger').click()
      await phone.page.locator('[data-testid=ledger-check][data-code=whole]').waitFor()
      expect(phone.complaints).toEqual([])
    })
  },
)
