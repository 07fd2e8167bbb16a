import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { type Demo, startDemo } from '../wallet-page/demo.js'
import { findBarriers, findSmallTargets, sidewaysPixels } from '../wallet-page/looking.js'
import { tourWallet } from '../wallet-page/tour.js'
import { PIN, sizes, type WalletDevice } from '../wallet-page-ground.js'

const looks = [
  ['in Chinese, light, on a phone', { locale: 'zh-CN', colorScheme: 'light' }],
  ['in English, dark, on a phone', { locale: 'en', colorScheme: 'dark' }],
  ['in Chinese, dark, on a desktop', { locale: 'zh-CN', colorScheme: 'dark', ...sizes.desktop }],
  ['in English, light, on a desktop', { locale: 'en', colorScheme: 'light', ...sizes.desktop }],
] as const

describe.skipIf(!hasChromium)(
  `the page of the wallet for everybody${chromiumState}`,
  { timeout: 300_000 },
  () => {
    let demo: Demo
    beforeAll(async () => {
      demo = await startDemo()
    })
    afterAll(() => demo?.close())

    it.each(looks)('has no serious barrier on any screen, %s', async (_name, wish) => {
      const device = await demo.device(wish)
      const found: string[] = []
      const small: string[] = []
      const screens: string[] = []
      await tourWallet(demo, device, async (screen) => {
        screens.push(screen)
        for (const { rule, impact, where, why } of await findBarriers(device.page)) {
          if (impact === 'serious' || impact === 'critical') {
            found.push(`${screen}: ${rule} at ${where} (${why})`)
          }
        }
        small.push(...(await findSmallTargets(device.page)).map((it) => `${screen}: ${it}`))
      })
      expect(screens).toEqual(expect.arrayContaining(['home', 'consent-ready', 'gate-code']))
      expect([...new Set(found)]).toEqual([])
      expect([...new Set(small)]).toEqual([])
      expect(device.complaints).toEqual([])
      await device.close()
    })

    it.each(['zh-CN', 'en'])('fits a phone with text at twice its size, in %s', async (locale) => {
      const device = await demo.device({ locale })
      const wide: string[] = []
      await tourWallet(demo, device, async (screen) => {
        await setTextSize(device, 200)
        const beyond = await sidewaysPixels(device.page)
        if (beyond > 1) wide.push(`${screen}: ${beyond} px`)
        await setTextSize(device, 100)
      })
      expect(wide).toEqual([])
      await device.close()
    })

    it('is gone through by the keyboard alone, and the focus is seen', async () => {
      const device = await demo.device({ locale: 'en', ...sizes.desktop })
      const { page, at } = device
      const press = async (key: string) => {
        await page.keyboard.press(key)
        await page.waitForTimeout(30)
      }
      const reach = async (testId: string) => {
        for (let steps = 0; steps < 40; steps += 1) {
          if ((await focused(device)) === testId) {
            expect(await isFocusSeen(device), testId).toBe(true)
            // The answer to a question that just came counts from a moment later.
            await page.locator(':focus:not([aria-disabled=true])').waitFor()
            return
          }
          await press('Tab')
        }
        throw new Error(`${testId} is not reached by the keyboard`)
      }
      await reach('pin-new')
      await page.keyboard.type(PIN)
      await press('Tab')
      await page.keyboard.type(PIN)
      await press('Enter')
      await at('frame').waitFor()
      const [offer] = await demo.offers(device)
      await page.evaluate((to) => void (location.hash = new URL(to).hash), offer?.link ?? '')
      await at('question').waitFor()
      await reach('yes')
      await press('Enter')
      await at('tx-code').waitFor()
      await reach('tx-code')
      await page.keyboard.type(offer?.code ?? '')
      await press('Enter')
      // A code is ended by Enter or by the button after it.
      if ((await at('question').count()) > 0) {
        await reach('yes')
        await press('Enter')
      }
      await at('received').waitFor()
      await reach('received-home')
      await press('Enter')
      await at('card').first().waitFor()
      await reach('card')
      await press('Enter')
      await at('claims').waitFor()
      await reach('tab-safety')
      await press('Enter')
      await at('safety').waitFor()
      await reach('part-erase')
      await press('Enter')
      await reach('erase')
      await press('Enter')
      await page.locator('dialog[open]').waitFor()
      await press('Escape')
      await page.locator('dialog[open]').waitFor({ state: 'detached' })
      expect(await focused(device)).toBe('erase')
      await reach('lock')
      await press('Enter')
      await at('lock-screen').waitFor()
      await reach('pin')
      await device.close()
    })

    it('moves nothing where somebody wants less motion', async () => {
      const device = await demo.device({ reducedMotion: 'reduce' })
      await device.setUp()
      await device.go('settings')
      await device.at('keeping').waitFor()
      const moving = await device.page.evaluate(
        () =>
          document.getAnimations().filter(({ effect }) => {
            const { duration } = effect?.getComputedTiming() ?? {}
            return typeof duration === 'number' && duration > 10
          }).length,
      )
      expect(moving).toBe(0)
      await device.close()
    })
  },
)

/** As a browser's setting of the text size does it. */
function setTextSize({ page }: WalletDevice, percent: number): Promise<void> {
  return page.evaluate((to) => {
    document.documentElement.style.fontSize = `${to}%`
  }, percent)
}

const focused = ({ page }: WalletDevice): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement
    return element instanceof HTMLElement ? (element.dataset['testid'] ?? '') : ''
  })

/** Whether what has the focus looks different from when it has none. */
const isFocusSeen = ({ page }: WalletDevice): Promise<boolean> =>
  page.evaluate(() => {
    const element = document.activeElement
    if (!(element instanceof HTMLElement)) return false
    const look = () => {
      const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(element)
      return JSON.stringify([outlineStyle, outlineWidth, boxShadow, borderColor])
    }
    const withFocus = look()
    element.blur()
    const without = look()
    element.focus()
    return withFocus !== without
  })
