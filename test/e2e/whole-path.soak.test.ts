import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { type Demo, startDemo } from '../wallet-page/demo.js'
import { sidewaysPixels } from '../wallet-page/looking.js'
import { sizes, type WalletDevice } from '../wallet-page-ground.js'

/** What people see in their language. */
const words = {
  'zh-CN': { ticket: '票已留好', shop: '山间剧场', cancelled: '已注销', receipt: '已删除' },
  en: { ticket: 'ticket', shop: 'theatre', cancelled: 'Cancelled', receipt: 'Deleted' },
} as const
type Language = keyof typeof words

const looks = [
  ['zh-CN', 'light', 'phone', sizes.phone],
  ['en', 'dark', 'desktop', sizes.desktop],
  ['en', 'light', 'phone', sizes.phone],
  ['zh-CN', 'dark', 'desktop', sizes.desktop],
] as const

/** A citizen on their way, and what is looked at on each screen. */
type Way = {
  readonly device: WalletDevice
  readonly language: Language
  readonly wrong: string[]
  look(screen: string): Promise<void>
}

describe.skipIf(!hasChromium)(`the whole path${chromiumState}`, { timeout: 180_000 }, () => {
  let demo: Demo
  beforeAll(async () => {
    demo = await startDemo()
  })
  afterAll(() => demo?.close())

  it.each(looks)('is gone in %s, %s, on a %s', async (language, colorScheme, _size, size) => {
    const at = looks.findIndex((it) => it[0] === language && it[1] === colorScheme)
    const device = await demo.device({ ...size, locale: language, colorScheme })
    const wrong: string[] = []
    const look = async (screen: string) => {
      wrong.push(...(await wrongOn(device.page, { screen, language, colorScheme })))
    }
    const way: Way = { device, language, wrong, look }
    await receive(way, at)
    await signIn(way)
    await enter(way)
    await seeWhoKnows(way)
    await cancel(way)
    const own = [demo.wallet, demo.citizens, demo.shop].map((url) => new URL(url).origin)
    const origins = new Set(device.asked.map((url) => new URL(url).origin))
    // The issuer and the shop's verifier: on this machine, as everything of the demo.
    const others = [...origins].filter((it) => !own.includes(it))
    expect(others.filter((it) => new URL(it).hostname !== '127.0.0.1')).toEqual([])
    expect(others.length).toBeLessThanOrEqual(2)
    expect(wrong).toEqual([])
    expect(device.complaints).toEqual([])
    await device.close()
  })

  async function receive({ device, language, look }: Way, person: number) {
    const { page, at } = device
    await page.goto(`${demo.citizens}?lang=${language}`)
    await look('citizens')
    await page.locator('.person button').nth(person).click()
    await page.locator('#open').waitFor()
    const link = (await page.getAttribute('#open', 'href')) ?? ''
    const code = (await page.textContent('#code')) ?? ''
    await page.goto(link)
    await at('set-up-screen').waitFor()
    await look('set-up')
    await device.setUp()
    const end = await device.walk({
      ...{ ends: ['received', 'refusal'], yes: 'yes' },
      async before() {
        await look('question')
        if ((await at('tx-code').count()) > 0) await at('tx-code').fill(code)
      },
    })
    expect(end).toBe('received')
    await look('received')
    await at('received-home').click()
    await at('certificates').waitFor()
    await look('home')
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  }

  /** Two taps: a copy for the shop, and the answer. */
  async function signIn({ device, language, look }: Way) {
    const { page } = device
    await page.goto(`${demo.shop}/?lang=${language}`)
    await look('shop')
    await page.click('[data-show=autumn] .buy')
    await page.click('[data-show=autumn] .wallet a')
    await device.unlock()
    let taps = 0
    const isAtShop = () => page.url().startsWith(demo.shop)
    await device.walk({
      ...{ ends: ['presented', 'refusal'], yes: 'share', left: isAtShop },
      async before() {
        await look('consent')
        taps += 1
      },
    })
    await page.waitForURL((url) => url.href.startsWith(demo.shop))
    expect(taps).toBe(2)
    const result = page.locator('[data-show=autumn] .result')
    await result.filter({ hasText: words[language].ticket }).waitFor()
    await look('ticket')
  }

  async function enter({ device, look }: Way) {
    const { page, at, context } = device
    await page.goto(device.url)
    await device.unlock()
    await context.setOffline(true)
    const door = await demo.door()
    await device.go('gate', { challenge: door.challenge })
    await at('gate-consent').waitFor()
    await look('gate')
    await at('share').click()
    await at('answer-code').waitFor()
    await look('gate code')
    const text = (await at('answer-code').getAttribute('data-text')) ?? ''
    expect(await door.judge(text.slice(0, -8))).toMatchObject({ colour: 'red' })
    expect(await door.judge(text)).toMatchObject({ colour: 'green', repeated: false })
    // Seen once more by the same camera, it lets nobody else in.
    expect(await door.judge(text)).toMatchObject({ repeated: true })
    await at('code-done').click()
    await door.end()
    await context.setOffline(false)
  }

  async function seeWhoKnows({ device, language, look }: Way) {
    const { page, at } = device
    await device.go('history')
    await page.locator('[data-testid=history][data-state=there]').waitFor()
    await look('history')
    const known = (await at('history').textContent()) ?? ''
    expect(known.toLowerCase()).toContain(words[language].shop)
    expect(await at('event').count()).toBeGreaterThanOrEqual(2)
    expect(await at('who-knows-summary').getAttribute('data-named')).toBe('0')
  }

  async function cancel({ device, language, look }: Way) {
    const { at } = device
    await device.go('safety', { part: 'cancel' })
    await at('cancel-question').waitFor()
    await look('cancel')
    await at('cancel-now').click()
    await look('cancel, sure')
    await at('cancel-now-yes').click()
    await at('cancelled').waitFor()
    await look('cancelled')
    expect(await at('cancelled').textContent()).toContain(words[language].cancelled)
    expect(await at('receipt').textContent()).toContain(words[language].receipt)
    await device.go('home')
    await at('no-certificates').waitFor()
  }
})

/** The language and the look that was asked for, and nothing beyond the edge. */
async function wrongOn(
  page: Page,
  wish: { readonly screen: string; readonly language: string; readonly colorScheme: string },
): Promise<readonly string[]> {
  const { screen, language, colorScheme } = wish
  const lang = await page.evaluate(() => document.documentElement.lang)
  const isDark = await page.evaluate(() => {
    const [red = 255] = getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []
    return Number(red) < 128
  })
  const beyond = await sidewaysPixels(page)
  return [
    ...(lang === language ? [] : [`${screen}: in ${lang}`]),
    ...(isDark === (colorScheme === 'dark') ? [] : [`${screen}: not ${colorScheme}`]),
    ...(beyond <= 1 ? [] : [`${screen}: ${beyond} px beyond the edge`]),
  ]
}
