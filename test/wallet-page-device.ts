import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { serveWalletPage } from '../scripts/src/wallet-page.js'
import { launchChromium } from './chromium.js'
import type { GateGround } from './gate-ground.js'

const PIN = '284917'

/** A phone with the wallet's page open, set up with a PIN, and kept for when there is no network. */
export type WalletPageDevice = {
  readonly page: Page
  readonly context: BrowserContext
  /** The element of a `data-testid`. */
  at(testId: string): ReturnType<Page['getByTestId']>
  /** Takes up an offer of the ground's issuer, and agrees to all it is asked. */
  receive(types: readonly string[]): Promise<void>
  /** Comes to a part of the wallet, as a code that was scanned leads there. */
  go(place: string, parameters?: Readonly<Record<string, string>>): Promise<void>
  /** Opens the closed wallet with the PIN. */
  unlock(): Promise<void>
  close(): Promise<void>
}

/** A server of the page, and phones that open it; close it. */
export type WalletPageDevices = {
  open(context?: BrowserContextOptions): Promise<WalletPageDevice>
  close(): Promise<void>
}

/** Serves the page for the issuer of a ground. */
export async function startWalletPages(
  ground: Pick<GateGround, 'served' | 'rootDid'>,
): Promise<WalletPageDevices> {
  const name = { 'zh-CN': '示例签发机构', en: 'Example issuer' }
  const issuer = { root: ground.rootDid, baseUrl: ground.served.url, name }
  const server = await serveWalletPage({ port: 0, settings: { issuer, allowHttpLoopback: true } })
  const browser = await launchChromium()
  return {
    open: (context = {}) => openDevice({ browser, ground, url: server.url }, context),
    async close() {
      await browser.close()
      await server.close()
    },
  }
}

async function openDevice(
  on: {
    readonly browser: Browser
    readonly ground: Pick<GateGround, 'served'>
    readonly url: string
  },
  wish: BrowserContextOptions,
): Promise<WalletPageDevice> {
  const phone = { viewport: { width: 390, height: 844 }, locale: 'zh-CN' }
  const context = await on.browser.newContext({ ...phone, ...wish })
  const page = await context.newPage()
  await page.goto(on.url)
  const at = (testId: string) => page.getByTestId(testId)
  await at('pin-new').fill(PIN)
  await at('pin-again').fill(PIN)
  await at('create-pin').click()
  await at('frame').waitFor()
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  const device: WalletPageDevice = {
    ...{ page, context, at },
    async receive(types) {
      const citizen = on.ground.served.nextPerson().reference
      const { offerUri } = await on.ground.served.offer({ citizen, types })
      // What an offer before this one came to is not this one's.
      await device.go('home')
      await at('received').waitFor({ state: 'detached' })
      await device.go('receive', { offer: offerUri })
      const step = page.locator('[data-testid=yes]:not([disabled]), [data-testid=received]')
      while ((await step.first().getAttribute('data-testid')) === 'yes') {
        const asked = (await at('question').textContent()) ?? ''
        await at('yes').click()
        await page.waitForFunction(
          (before) => document.querySelector('[data-testid=question]')?.textContent !== before,
          asked,
        )
      }
      // What counts for gates is copied beside it.
      await page.waitForLoadState('networkidle')
    },
    async go(place, parameters = {}) {
      const hash = `#/${place}?${new URLSearchParams(parameters)}`
      await page.evaluate((to) => void (location.hash = to), hash)
    },
    async unlock() {
      await at('pin').fill(PIN)
      await at('open-pin').click()
      await at('frame').waitFor()
    },
    close: () => context.close(),
  }
  return device
}
