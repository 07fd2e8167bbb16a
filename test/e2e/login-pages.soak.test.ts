import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium, launchChromium } from '../chromium.js'
import { type ServedIssuer, serveTestIssuer } from '../issuer-server-ground.js'
import { authorizeUrl, pushRequest, redeem, REDIRECT_URI } from '../oauth-flow.js'
import { createBrowser } from '../oauth-wallet.js'

/** Login and consent as a person meets them: a real browser, two languages, two widths. */

const widths = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } }
const words = {
  'zh-CN': { login: '登录以领取凭证', code: '输入验证码', agree: '同意签发', refuse: '拒绝' },
  en: {
    login: 'Log in to receive certificates',
    code: 'Enter the code',
    agree: 'Agree',
    refuse: 'Refuse',
  },
}
type Language = keyof typeof words
type Width = keyof typeof widths

const ways = (Object.keys(words) as Language[]).flatMap((language) =>
  (Object.keys(widths) as Width[]).map((width) => [language, width] as const),
)

/** What a page must be for whoever cannot see it well, or uses a thumb. */
async function assertUsable(page: Page, language: Language): Promise<void> {
  expect(await page.locator('html').getAttribute('lang')).toBe(language)
  const found = await page.evaluate(() => {
    const { documentElement: root } = document
    const fields = [...document.querySelectorAll<HTMLInputElement>('input:not([type=hidden])')]
    const touched = [...document.querySelectorAll<HTMLElement>('button, input:not([type=hidden])')]
    return {
      overflow: root.scrollWidth - root.clientWidth,
      unnamed: fields.filter(({ labels }) => (labels?.[0]?.textContent ?? '') === '').length,
      headings: document.querySelectorAll('h1').length,
      small: touched.filter((element) => element.getBoundingClientRect().height < 44).length,
      outside: touched.filter((element) => {
        const { left, right } = element.getBoundingClientRect()
        return left < 0 || right > root.clientWidth
      }).length,
    }
  })
  expect(found).toEqual({ overflow: 0, unnamed: 0, headings: 1, small: 0, outside: 0 })
}

describe.skipIf(!hasChromium)(`login and consent in Chromium${chromiumState}`, () => {
  let served: ServedIssuer
  let browser: Browser
  const contexts: BrowserContext[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    served = await serveTestIssuer({ citizens: 8 })
    browser = await launchChromium()
  }, 60_000)
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
  })
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })

  /** A browser of that language and width; what it complains about is noted. */
  async function openPage(language: Language, width: Width): Promise<Page> {
    const context = await browser.newContext({ locale: language, viewport: widths[width] })
    contexts.push(context)
    const page = await context.newPage()
    complaints.length = 0
    page.on('console', (line) => void complaints.push(line.text()))
    page.on('pageerror', (error) => void complaints.push(error.message))
    // The wallet's own page, which is on no server here.
    await page.route(`${REDIRECT_URI}*`, (route) => route.fulfill({ body: 'wallet' }))
    return page
  }

  /** Pictures for whoever wants to look, where a folder is named. */
  async function picture(page: Page, name: string): Promise<void> {
    const folder = process.env['NETCERT_PICTURES']
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) })
  }

  async function enter(page: Page, person: { documentNumber: string; name: string }) {
    await page.fill('input[name=document_number]', person.documentNumber)
    await page.fill('input[name=name]', person.name)
    await page.click('button.go')
  }

  it.each(ways)('leads from the wallet and back, in %s on a %s', async (language, width) => {
    const asking = await pushRequest(served, { scope: 'network-certificate gate-pass' })
    const page = await openPage(language, width)
    const title = () => page.locator('h1').textContent()
    const look = async (name: string) => {
      await picture(page, `${name}-${language}-${width}`)
      await assertUsable(page, language)
    }
    await page.goto(authorizeUrl(served, asking.requestUri))
    expect(await title()).toBe(words[language].login)
    await look('login')
    await enter(page, served.nextPerson())
    expect(await title()).toBe(words[language].code)
    await page.fill('input[name=code]', '000000')
    await page.click('button.go')
    await page.locator('[role=alert]').waitFor()
    await look('code')
    await page.fill('input[name=code]', served.codes.at(-1)?.code ?? '')
    await page.click('button.go')
    await page.getByRole('button', { name: words[language].agree }).waitFor()
    expect(await page.locator('body').textContent()).toContain('https://wallet.example')
    await look('consent')
    await page.getByRole('button', { name: words[language].agree }).click()
    await page.waitForURL(`${REDIRECT_URI}*`)
    const redirect = new URL(page.url())
    const code = redirect.searchParams.get('code') ?? ''
    const authorized = { ...asking, browser: createBrowser(), redirect, code }
    expect((await redeem(served, authorized)).status).toBe(200)
    // No script, style or picture was refused or missing.
    expect(complaints.filter((line) => !line.includes('400 (Bad Request)'))).toEqual([])
  })

  it.each(ways)('takes a refusal back to the wallet, in %s on a %s', async (language, width) => {
    const { requestUri } = await pushRequest(served)
    const page = await openPage(language, width)
    await page.goto(authorizeUrl(served, requestUri))
    await enter(page, served.nextPerson())
    await page.fill('input[name=code]', served.codes.at(-1)?.code ?? '')
    await page.click('button.go')
    await page.getByRole('button', { name: words[language].refuse }).click()
    await page.waitForURL(`${REDIRECT_URI}*`)
    const { searchParams } = new URL(page.url())
    expect(searchParams.get('error')).toBe('access_denied')
    expect(searchParams.has('code')).toBe(false)
  })

  it('can be gone through with the keyboard alone, and changes its language on a click', async () => {
    const { requestUri } = await pushRequest(served)
    const page = await openPage('zh-CN', 'phone')
    await page.goto(authorizeUrl(served, requestUri))
    await page.getByRole('link', { name: 'English' }).click()
    expect(await page.locator('h1').textContent()).toBe(words.en.login)
    const person = served.nextPerson()
    const order = ['document_number', 'name']
    for (const name of order) {
      await page.locator(`input[name=${name}]`).focus()
      await page.keyboard.insertText(name === 'name' ? person.name : person.documentNumber)
    }
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BUTTON')
    await page.keyboard.press('Enter')
    await page.locator('input[name=code]').waitFor()
    await page.locator('input[name=code]').focus()
    await page.keyboard.type(served.codes.at(-1)?.code ?? '')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: words.en.agree }).waitFor()
    await assertUsable(page, 'en')
  })

  it('shows a wallet that says nothing good as long as it likes, and stays whole', async () => {
    const client_id = `https://${'very-long-name-without-an-end.'.repeat(12)}example`
    const { requestUri } = await pushRequest(served, { client_id })
    const page = await openPage('en', 'phone')
    await page.goto(authorizeUrl(served, requestUri, client_id))
    await enter(page, served.nextPerson())
    await page.fill('input[name=code]', served.codes.at(-1)?.code ?? '')
    await page.click('button.go')
    await page.getByRole('button', { name: words.en.agree }).waitFor()
    await picture(page, 'consent-long')
    await assertUsable(page, 'en')
  })
})
