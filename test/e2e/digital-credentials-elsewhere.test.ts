import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DcApiRequest } from '@netcert/protocol'
import { openWallet, type OpenWallet } from '@netcert/wallet'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium, launchChromium, setVirtualWallet } from '../chromium.js'
import { createAskingPage, type Outcome, type PageGlobals } from '../digital-credentials-page.js'
import { testNow } from '../trust-domain.js'
import type { VpGround } from '../vp-platform-ground.js'

describe.skipIf(!hasChromium)(
  `verifyAndWait() where the browser brings no answer${chromiumState}`,
  () => {
    let ground: VpGround
    let browser: Browser
    let page: Page
    let folder: string
    let ours: OpenWallet

    beforeAll(async () => {
      ground = await createAskingPage()
      browser = await launchChromium()
      folder = await mkdtemp(join(tmpdir(), 'netcert-browser-'))
      const options = { dir: folder, clock: () => testNow, create: true, allowHttpLoopback: true }
      ours = await openWallet({ ...options, trust: () => ground.trust })
      const [jwk] = await ours.wallet.createHolderKeys(1)
      if (jwk === undefined) throw new TypeError('no key was made')
      const credentials = [await ground.domain.mint({ jwk })]
      await ours.wallet.receive({ credentials, kind: 'one-time' })
    })
    afterAll(async () => {
      await browser?.close()
      await ours?.close()
      ground?.close()
      await rm(folder, { recursive: true })
    })
    beforeEach(async () => {
      page = await browser.newPage()
      await page.goto(ground.origin)
    })
    afterEach(() => page.close())

    async function clicked(work: Promise<Outcome>): Promise<Outcome> {
      await page.click('#ask')
      return work
    }

    /** Asks on the page, and gives the link that follows. */
    async function askOnPage(options: object = {}) {
      const outcome = page.evaluate((given) => {
        const globals = globalThis as unknown as PageGlobals
        const into = document.body.appendChild(document.createElement('div'))
        into.id = 'shown'
        const usual = { query: 'age-over-18', into, base: '/netcert', browser: true }
        return globals.ask(() => globals.verifyAndWait({ ...usual, ...given }))
      }, options)
      await page.click('#ask')
      return outcome
    }
    const shown = () => page.locator('#shown')

    it('goes on with a link that another wallet answers, after the browser’s way was cancelled', async () => {
      await setVirtualWallet(page, { action: 'decline' })
      const outcome = askOnPage({ sameDevice: true })
      const link = (await shown().locator('a').getAttribute('href')) ?? ''
      const { wallet } = ours
      const answered = await wallet.answerRequest({ request: link, consent: () => 'share' })
      await page.goto(answered.redirectUri ?? '')
      const finished = await page.evaluate(() => {
        const globals = globalThis as unknown as PageGlobals
        const options = { query: 'age-over-18', into: document.body, base: '/netcert' }
        return globals.verifyAndWait(options)
      })
      expect(finished).toMatchObject({ verified: true })
      await outcome.catch(() => undefined)
    })

    it('asks the browser nothing that does not know the protocol, and shows the QR code at once', async () => {
      const asked = await page.evaluate(() => {
        const log: string[] = []
        Object.assign(globalThis, { log })
        const own = globalThis as unknown as { DigitalCredential: object }
        const userAgentAllowsProtocol = (protocol: string) => log.push(protocol) < 0
        Object.assign(own.DigitalCredential, { userAgentAllowsProtocol })
        navigator.credentials.get = () => {
          log.push('asked')
          return Promise.resolve(null)
        }
        return log
      })
      expect(asked).toEqual([])
      void askOnPage({ sameDevice: false }).catch(() => undefined)
      await shown().locator('svg').waitFor()
      const log = await page.evaluate(() => (globalThis as unknown as { log: string[] }).log)
      expect(log).toEqual([expect.stringMatching(/^openid4vp-v1-/)])
    })

    it('asks a browser that cannot be asked about protocols', async () => {
      await page.evaluate(() => {
        const own = globalThis as unknown as { DigitalCredential: object }
        Object.assign(own.DigitalCredential, { userAgentAllowsProtocol: undefined })
        navigator.credentials.get = () => Promise.resolve(null)
      })
      void askOnPage({ sameDevice: false }).catch(() => undefined)
      await shown().locator('svg').waitFor()
      expect(await shown().locator('svg').count()).toBe(1)
    })

    it('shows no other way once the page itself stopped waiting', async () => {
      const asked = page.evaluate(() => {
        const globals = globalThis as unknown as PageGlobals
        const into = document.body.appendChild(document.createElement('div'))
        into.id = 'shown'
        const controller = new AbortController()
        const { signal } = controller
        const options = { query: 'age-over-18', into, base: '/netcert', browser: true, signal }
        return globals.ask(() => {
          // Nobody is there to answer, so the browser's question stays open.
          setTimeout(() => controller.abort(), 1_000)
          return globals.verifyAndWait(options)
        })
      })
      expect(await clicked(asked)).toMatchObject({ error: 'aborted' })
      expect(await shown().innerHTML()).toBe('')
    })

    it('shows no other way after an answer that does not hold: that is an answer', async () => {
      await page.route('**/start?*', async (route) => {
        const response = await route.fetch()
        const { request } = (await response.json()) as { request: DcApiRequest }
        const { protocol } = request
        await setVirtualWallet(page, { action: 'respond', protocol, response: { response: 'x' } })
        await route.fulfill({ response })
      })
      const { error } = (await askOnPage()) as Outcome
      expect(error).toEqual(expect.any(String))
      expect(await shown().innerHTML()).toBe('')
    })
  },
)
