import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { serveWalletPage } from '../scripts/src/wallet-page.js'
import { launchChromium } from './chromium.js'
import { type Offer, startWire, type Wire } from './e2e/wire-ground.js'

/** What the wallets of the tests are opened with. */
export const PIN = '284917'

/** Issuer and verifier as processes, the page of the wallet beside them, and a browser to open it in. */
export type WalletPageGround = {
  readonly wire: Wire
  readonly browser: Browser
  /** The page, by a name: passkeys belong to a domain. */
  readonly url: string
  /** A new device with the page open; nothing is set up on it. */
  device(wish?: DeviceWish): Promise<WalletDevice>
  close(): Promise<void>
}

/** How a device differs from a phone that speaks Chinese. */
export type DeviceWish = BrowserContextOptions & {
  /** Where the page is, if not at the ground's own address. */
  readonly url?: string
  /** By how much the device's clock is wrong. */
  readonly clockOffSeconds?: number
}

/** A browser of its own with the page, and all that left it and went wrong in it. */
export type WalletDevice = {
  readonly context: BrowserContext
  readonly page: Page
  /** Where the page is. */
  readonly url: string
  /** Addresses that were asked for, in order, without what a page makes by itself (blob:, data:). */
  readonly asked: readonly string[]
  /** What the browser complained of: errors of scripts, of the content policy, of Trusted Types. */
  readonly complaints: readonly string[]
  /** The element of a `data-testid`. */
  at(testId: string): Locator
  /** Chooses the PIN; the wallet is open then. */
  setUp(): Promise<void>
  /** Opens the closed wallet with the PIN. */
  unlock(): Promise<void>
  /** Goes to a place as a link leads there. */
  go(place: string, parameters?: Readonly<Record<string, string>>): Promise<void>
  /** Takes an offer up and agrees to all it asks. @returns the last screen: `received`, or `refusal` */
  receive(offer: Offer): Promise<string>
  /** Says yes to what a request asks. @returns the last screen: `presented`, or `refusal` */
  present(request: string): Promise<string>
  /** Says yes until one of the last screens is there, and gives its name. */
  walk(steps: Walk): Promise<string>
  /** How many copies each card of the home screen says are left. */
  left(): Promise<readonly string[]>
  close(): Promise<void>
}

/** Starts everything; close it. */
export async function startWalletPageGround(): Promise<WalletPageGround> {
  const [wire, browser] = await Promise.all([startWire(), launchChromium()])
  const server = await servePageOf(wire)
  const url = byName(server.url)
  return {
    ...{ wire, browser, url },
    device: (wish = {}) => openDevice(browser, { url, ...wish }),
    async close() {
      await browser.close()
      await server.close()
      await wire.close()
    },
  }
}

/** The page of the wallet for the issuer of a wire. */
export function servePageOf(wire: Wire): ReturnType<typeof serveWalletPage> {
  const root = readFileSync(join(wire.issuer, 'root.did'), 'utf8').trim()
  const name = { 'zh-CN': '示例签发机构', en: 'Example issuer' }
  const issuer = { root, baseUrl: wire.url, name }
  return serveWalletPage({ port: 0, settings: { issuer, allowHttpLoopback: true } })
}

/** An address of this machine by its name. */
export const byName = (url: string): string => url.replace('127.0.0.1', 'localhost')

/** Sizes that people have before them. */
export const sizes = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 800 } },
} as const

/** A new device; the tests of a ground have it from there. */
export async function openDevice(
  browser: Browser,
  { url, clockOffSeconds = 0, ...wish }: DeviceWish & { readonly url: string },
): Promise<WalletDevice> {
  const context = await browser.newContext({ ...sizes.phone, locale: 'zh-CN', ...wish })
  if (clockOffSeconds !== 0) {
    await context.clock.setSystemTime(Date.now() + clockOffSeconds * 1000)
  }
  const page = await context.newPage()
  const noted = note(context, url)
  await page.goto(url)
  return deviceOn({ context, page, url, ...noted })
}

/** A page as a device: another one of the same browser, for example. */
export function deviceOn(
  seen: Pick<WalletDevice, 'context' | 'page' | 'url' | 'asked' | 'complaints'>,
): WalletDevice {
  const { page, context } = seen
  const at = (testId: string) => page.getByTestId(testId)
  const device: WalletDevice = {
    ...{ ...seen, at },
    async setUp() {
      await at('pin-new').fill(PIN)
      await at('pin-again').fill(PIN)
      await at('create-pin').click()
      await at('frame').waitFor()
    },
    async unlock() {
      await at('pin').fill(PIN)
      await at('open-pin').click()
      await at('frame').waitFor()
    },
    async go(place, parameters = {}) {
      const hash = `#/${place}?${new URLSearchParams(parameters)}`
      await page.evaluate((to) => void (location.hash = to), hash)
    },
    async receive({ offer_uri, tx_code }) {
      await device.go('receive', { offer: offer_uri })
      return walk(page, {
        ends: ['received', 'refusal'],
        async before() {
          if ((await at('tx-code').count()) > 0) await at('tx-code').fill(tx_code ?? '')
        },
        yes: 'yes',
      })
    },
    async present(request) {
      await device.go('present', { request })
      return walk(page, { ends: ['presented', 'refusal'], yes: 'share' })
    },
    walk: (steps) => walk(page, steps),
    async left() {
      await device.go('home')
      await at('card').first().waitFor()
      return at('card').evaluateAll((cards) => cards.map((it) => it.dataset['left'] ?? ''))
    },
    close: () => context.close(),
  }
  return device
}

/** Receives what a test begins with. @throws Error where the page refuses it */
export async function receiveFirst(device: WalletDevice, offer: Offer): Promise<void> {
  const end = await device.receive(offer)
  if (end !== 'received') throw new Error(`nothing was received: ${end}`)
}

/** Agrees up to the fetching, and does not wait for what comes of it. */
export async function beginReceiving(device: WalletDevice, offer: Offer): Promise<void> {
  await device.go('receive', { offer: offer.offer_uri })
  for (let kind = ''; kind !== 'receive'; ) {
    await device.at('question').waitFor()
    kind = (await device.at('question').getAttribute('data-kind')) ?? ''
    if ((await device.at('tx-code').count()) > 0)
      await device.at('tx-code').fill(offer.tx_code ?? '')
    const button = await device.at('yes').elementHandle()
    await button?.click()
    await button?.waitForElementState('hidden')
  }
}

/** The names of the last screens and of the button before them. */
export type Walk = {
  readonly ends: readonly string[]
  readonly yes: string
  /** Before each yes. */
  readonly before?: () => Promise<void>
  /** Whether the page went elsewhere, which ends it too. */
  readonly left?: () => boolean
}

/** Says yes until one of the last screens is there. */
async function walk(page: Page, { ends, yes, before, left }: Walk): Promise<string> {
  const screens = page.locator([...ends, yes].map((it) => `[data-testid=${it}]`).join(', '))
  for (;;) {
    await Promise.race([
      screens.first().waitFor(),
      ...(left === undefined ? [] : [gone(page, left)]),
    ])
    if (left?.() === true) return 'left'
    const here = (await screens.first().getAttribute('data-testid')) ?? ''
    if (here !== yes) return here
    await before?.()
    const button = await page.getByTestId(yes).elementHandle()
    await button?.click()
    await button?.waitForElementState('hidden').catch(() => undefined)
  }
}

const gone = (page: Page, left: () => boolean): Promise<void> => page.waitForURL(() => left())

/** Notes from now on what leaves a browser, and what it complains of. */
export function note(
  context: BrowserContext,
  url: string,
): { asked: string[]; complaints: string[] } {
  const asked: string[] = []
  const complaints: string[] = []
  context.on('request', (request) => {
    if (/^(https?|wss?):/.test(request.url())) asked.push(request.url())
  })
  context.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    const from = message.location().url
    // An issuer's or a verifier's refusal is no fault of the page; the browser writes it down all the same.
    const isForeign = from !== '' && !from.startsWith(new URL(url).origin)
    if (!message.text().startsWith('Failed to load resource') || !isForeign) {
      complaints.push(`${message.text()} ${from}`)
    }
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  return { asked, complaints }
}
