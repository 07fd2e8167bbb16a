import { type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium, launchChromium } from '../chromium.js'
import { startNetcert, temporaryFolder } from './netcert-process.js'

type Addresses = {
  readonly citizens: string
  readonly wallet: string
  readonly kiosk: string
  readonly shop: string
}

const PIN = '284917'

describe.skipIf(!hasChromium)(
  `the first visitor of npm start${chromiumState}`,
  { timeout: 180_000 },
  () => {
    const folder = temporaryFolder()
    let demo: ChildProcess
    let at: Addresses
    let browser: Browser
    let context: BrowserContext
    let wallet: Page
    beforeAll(async () => {
      demo = startNetcert(['demo', '--dir', folder.at('demo'), '--json'])
      at = await addressesOf(demo)
      browser = await launchChromium()
      context = await browser.newContext({
        viewport: { width: 390, height: 844 },
        locale: 'zh-CN',
        hasTouch: true,
        isMobile: true,
      })
    }, 180_000)
    afterAll(async () => {
      await browser?.close()
      demo?.kill('SIGTERM')
      if (demo?.exitCode === null) await once(demo, 'exit')
      folder.remove()
    })

    it('becomes a citizen and gets the certificates into a new wallet', async () => {
      const page = await context.newPage()
      await page.goto(`${at.citizens}?lang=zh-CN`)
      await page.locator('.person button').first().click()
      const code = (await page.textContent('#code')) ?? ''
      const link = (await page.getAttribute('#open', 'href')) ?? ''
      expect(link.startsWith(at.wallet)).toBe(true)
      wallet = page
      await wallet.goto(link)
      await setUp(wallet)
      expect(await receive(wallet, code)).toContain('received')
      await wallet.getByTestId('received-home').click()
      await wallet.getByTestId('certificates').waitFor()
    })

    it('gets a ticket at the shop with two taps, and is back at the shop', async () => {
      await wallet.goto(`${at.shop}/?lang=zh-CN`)
      await wallet.click('[data-show=autumn] .buy')
      await wallet.click('[data-show=autumn] .wallet a')
      await open(wallet)
      await answer(wallet)
      await wallet.waitForURL((url) => url.href.startsWith(at.shop))
      await wallet.waitForFunction(
        () => document.querySelector('[data-show=autumn] .result')?.textContent !== '',
      )
      expect(await wallet.textContent('[data-show=autumn] .result')).toContain('票已留好')
    })

    it('sees who learned what, in the wallet and at the shop', async () => {
      await wallet.goto(`${at.shop}/known?lang=zh-CN`)
      await wallet.waitForSelector('.table table')
      const known = (await wallet.textContent('#tables')) ?? ''
      expect(known).toMatch(/autumn/)
      await wallet.goto(`${at.wallet}#/history`)
      await open(wallet)
      await wallet.goto(`${at.wallet}#/history`)
      await wallet.waitForFunction(() => document.body.textContent?.includes('山间剧场'))
    })
  },
)

/** The one line that names the pages. */
async function addressesOf(demo: ChildProcess): Promise<Addresses> {
  let text = ''
  for await (const chunk of demo.stdout?.setEncoding('utf8') ?? []) {
    text += String(chunk)
    const line = text.split('\n').find((it) => it.includes('"citizens"') && it.includes('"kiosk"'))
    if (line !== undefined && line.endsWith('}')) return JSON.parse(line) as Addresses
  }
  throw new Error(`the demo named no pages: ${text}`)
}

async function setUp(page: Page): Promise<void> {
  await page.getByTestId('set-up-screen').waitFor()
  if ((await page.getByTestId('choose-pin').count()) > 0)
    await page.getByTestId('choose-pin').click()
  await page.getByTestId('pin-new').fill(PIN)
  await page.getByTestId('pin-again').fill(PIN)
  await page.getByTestId('create-pin').click()
  await page.getByTestId('frame').waitFor({ timeout: 60_000 })
}

/** Opens the locked wallet. */
async function open(page: Page): Promise<void> {
  await page.getByTestId('pin').fill(PIN)
  await page.getByTestId('open-pin').click()
  await page.getByTestId('frame').waitFor({ timeout: 60_000 })
}

/** Says yes to everything an offer asks. */
async function receive(page: Page, code: string): Promise<string> {
  for (;;) {
    const step = page.locator('[data-testid=question],[data-testid=received],[data-testid=refusal]')
    await step.first().waitFor({ timeout: 60_000 })
    const kind = (await step.first().getAttribute('data-testid')) ?? ''
    if (kind !== 'question') return `${kind} ${await step.first().textContent()}`
    if ((await page.getByTestId('tx-code').count()) > 0)
      await page.getByTestId('tx-code').fill(code)
    await page.getByTestId('yes').click()
    await page.waitForTimeout(300)
  }
}

/** Says yes to whatever a request asks, until it is answered. */
async function answer(page: Page): Promise<void> {
  for (let turns = 0; turns < 4; turns += 1) {
    const share = page.getByTestId('share')
    const isAsked = await share.waitFor({ timeout: 20_000 }).then(
      () => true,
      () => false,
    )
    if (!isAsked) return
    const state = await page.getByTestId('consent').getAttribute('data-state')
    await share.click()
    if (state === 'ready') return
    await page.waitForTimeout(300)
  }
}
