import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium, launchChromium } from '../../../test/chromium.js'
import { databasesOn } from '../../../test/database-engines.js'
import { startTestRegistrar, type TestRegistrar } from '../../../test/issuer-registrar-ground.js'
import { createIssuerApp } from './http.js'

const desktop = { width: 1280, height: 900 }
const phone = { width: 375, height: 740 }

describe.skipIf(!hasChromium)(`the public register in a browser${chromiumState}`, () => {
  const databases = databasesOn('sqlite')
  let ground: TestRegistrar
  let browser: Browser
  let address: string
  let server: ReturnType<typeof createServer>

  beforeAll(async () => {
    ground = await startTestRegistrar(databases)
    await ground.publish()
    server = createServer(createIssuerApp({ publishedDir: ground.out })).listen(0, '127.0.0.1')
    await once(server, 'listening')
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/register/`
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    server?.close()
    await ground?.remove()
  })

  /** The page, and everything it complained about or asked for. */
  async function open(url: string, viewport: typeof desktop, locale = 'zh-CN') {
    const page = await browser.newPage({ viewport, locale })
    const complaints: string[] = []
    const requests: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(url)
    return { page, complaints, requests }
  }
  const names = (page: Page) => page.locator('.platform h2').allTextContents()
  const screenshot = async (page: Page, name: string): Promise<void> => {
    const folder = process.env['NETCERT_SCREENSHOTS']
    if (folder === undefined) return
    await page.screenshot({ path: join(folder, `register-${name}.png`), fullPage: true })
  }

  it('shows every platform in Chinese, asks nobody else, and complains of nothing', async () => {
    const { page, complaints, requests } = await open(address, desktop)
    expect((await names(page)).toSorted()).toEqual(
      ['东湖体育馆', '好票网', '华信移动', '江南银行', '老友圈'].toSorted(),
    )
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    expect(await page.getByText('《中华人民共和国反电信网络诈骗法》第九条').count()).toBe(1)
    expect(await page.locator('.gone').textContent()).toContain('不再分配')
    expect(complaints).toEqual([])
    expect(requests.filter((url) => !url.startsWith(address))).toEqual([])
    await screenshot(page, 'desktop-zh')
    await page.close()
  })

  it('finds platforms by name, claim, purpose and law, in either language', async () => {
    const { page } = await open(address, desktop)
    const search = async (text: string): Promise<string[]> => {
      await page.locator('#search').fill(text)
      return names(page)
    }
    expect(await search('jiangnan')).toEqual(['江南银行'])
    expect(await search('证件号码')).toEqual(expect.arrayContaining(['华信移动', '江南银行']))
    expect(await search('反洗钱法')).toEqual(['江南银行'])
    expect(await search('购票 好票')).toEqual(['好票网'])
    expect(await search('<img src=x>')).toEqual([])
    expect(await page.locator('.empty').textContent()).toBe('没有符合条件的平台。')
    expect(await search('')).toHaveLength(5)
    await page.locator('[data-filter=identity]').click()
    expect((await names(page)).toSorted()).toEqual(['华信移动', '江南银行'].toSorted())
    await page.locator('[data-filter=fact]').click()
    expect(await names(page)).toEqual(['好票网'])
    expect(await page.locator('.purpose').count()).toBe(1)
    await page.close()
  })

  it('speaks English when asked, and keeps to it', async () => {
    const { page } = await open(address, phone)
    await page.getByRole('button', { name: 'English' }).click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Who may ask for what')
    expect(await names(page)).toContain('Good Tickets')
    await page.reload()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await screenshot(page, 'phone-en')
    await page.close()
    const english = await open(address, desktop, 'en-GB')
    expect(await names(english.page)).toContain('Jiangnan Bank')
    await screenshot(english.page, 'desktop-en')
    await english.page.close()
  })

  it.each([
    ['desktop', desktop],
    ['phone', phone],
    ['narrow phone', { width: 320, height: 600 }],
  ])('fits a %s without scrolling sideways', async (_what, viewport) => {
    const { page } = await open(address, viewport)
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(viewport.width)
    await page.close()
  })

  it('works from a folder, without a server', async () => {
    const file = pathToFileURL(join(ground.out, 'register', 'index.html')).href
    const { page, complaints, requests } = await open(file, phone)
    expect(await names(page)).toHaveLength(5)
    expect(complaints).toEqual([])
    expect(requests.every((url) => url.startsWith('file:'))).toBe(true)
    await screenshot(page, 'phone-zh')
    await page.close()
  })

  it('is used with the keyboard alone', async () => {
    const { page } = await open(address, desktop)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await page.keyboard.press('Tab')
    await page.keyboard.type('bank')
    expect(await names(page)).toEqual(['Jiangnan Bank'])
    await page.close()
  })

  it('loads and runs nothing from elsewhere, whatever gets into the page', async () => {
    const { page } = await open(address, desktop)
    const tried = await page.evaluate(() => {
      const attempt = (work: () => void): string => {
        try {
          work()
          return 'taken'
        } catch (error) {
          return error instanceof TypeError ? 'refused' : 'failed'
        }
      }
      const script = document.createElement('script')
      return [
        attempt(() => void (script.src = 'https://elsewhere.example/x.js')),
        attempt(() => void (document.body.innerHTML = '<b>x</b>')),
      ]
    })
    expect(tried).toEqual(['refused', 'refused'])
    const asked = await page.evaluate(() =>
      window.fetch('https://elsewhere.example/').then(
        () => 'asked',
        () => 'refused',
      ),
    )
    expect(asked).toBe('refused')
    await page.close()
  })
})
