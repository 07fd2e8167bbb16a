import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import {
  byName,
  deviceOn,
  servePageOf,
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { startVersionedPage, type VersionedPage } from '../wallet-page-versions.js'
import { ask, offerTo } from './wire-ground.js'

/** Waits until the page is kept on the device. */
const kept = async ({ page }: WalletDevice): Promise<void> => {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
}

describe.skipIf(!hasChromium)(`what the page of the wallet keeps${chromiumState}`, () => {
  let ground: WalletPageGround
  beforeAll(async () => {
    ground = await startWalletPageGround()
  })
  afterAll(() => ground?.close())

  /** A device that holds a certificate. */
  async function holder(url?: string): Promise<WalletDevice> {
    const device = await ground.device(url === undefined ? {} : { url })
    await device.setUp()
    expect(await device.receive(await offerTo(ground.wire))).toBe('received')
    await kept(device)
    return device
  }

  it('opens, unlocks and shows its certificates with no network after the first visit', async () => {
    const device = await holder()
    await device.context.setOffline(true)
    await device.page.reload()
    await device.at('lock-screen').waitFor()
    await device.unlock()
    expect(await device.left()).toEqual(['10'])
    for (const place of ['history', 'scan', 'family', 'safety', 'settings', 'gate', 'receive']) {
      await device.go(place)
      await device.page.locator(`[data-place=${place}] h1`).waitFor()
      await expect.poll(() => device.at('offline').count(), { timeout: 20_000 }).toBe(1)
    }
    await device.close()
  })

  it('says what is missing when a certificate or a request is to be fetched with no network', async () => {
    const device = await holder()
    const { request_uri } = await ask(ground.wire)
    const offer = await offerTo(ground.wire)
    await device.context.setOffline(true)
    expect(await device.present(request_uri)).toBe('refusal')
    expect(await device.at('refusal').textContent()).toMatch(/网络/)
    expect(await device.receive(offer)).toBe('refusal')
    expect(await device.at('refusal').textContent()).toMatch(/网络/)
    await device.context.setOffline(false)
    expect(await device.receive(offer)).toBe('received')
    expect(await device.present(request_uri)).toBe('presented')
    await device.close()
  })

  it('is open in one tab only, and the other one may take it', async () => {
    const device = await holder()
    const { context } = device
    const second = deviceOn({ ...device, page: await context.newPage() })
    await second.page.goto(ground.url)
    await second.at('elsewhere').waitFor()
    expect(await device.left()).toEqual(['10'])
    await second.at('take-here').click()
    await second.unlock()
    expect(await second.left()).toEqual(['10'])
    await device.at('elsewhere').waitFor()
    expect(await device.at('frame').count()).toBe(0)
    await device.at('take-here').click()
    await device.unlock()
    await second.at('elsewhere').waitFor()
    await device.close()
  })

  it('gives the wallet to a tab that waits when the one that had it is closed', async () => {
    const device = await holder()
    const second = deviceOn({ ...device, page: await device.context.newPage() })
    await second.page.goto(ground.url)
    await second.at('elsewhere').waitFor()
    await device.page.close()
    await second.at('take-here').click()
    await second.unlock()
    expect(await second.left()).toEqual(['10'])
    await device.close()
  })

  it('says a clear word when the browser erased what it kept, and begins anew', async () => {
    const device = await holder()
    const session = await device.context.newCDPSession(device.page)
    const origin = new URL(ground.url).origin
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
    await device.at('erased').waitFor()
    await device.page.reload()
    await device.at('set-up-screen').waitFor()
    await device.setUp()
    await device.go('home')
    await device.at('no-certificates').waitFor()
    expect(await device.receive(await offerTo(ground.wire))).toBe('received')
    await device.close()
  })

  it('says so too when it is closed, instead of taking a PIN that opens nothing', async () => {
    const device = await holder()
    await device.page.reload()
    await device.at('lock-screen').waitFor()
    const session = await device.context.newCDPSession(device.page)
    const origin = new URL(ground.url).origin
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
    expect(await device.at('erased').textContent()).toContain('清除')
    await device.at('reopen').click()
    await device.at('set-up-screen').waitFor()
    await device.close()
  })

  describe('across versions of the page', () => {
    let served: Awaited<ReturnType<typeof servePageOf>>
    let versions: VersionedPage
    beforeAll(async () => {
      served = await servePageOf(ground.wire)
      versions = await startVersionedPage(byName(served.url))
    })
    afterAll(async () => {
      await versions?.close()
      await served?.close()
    })
    const version = ({ page }: WalletDevice) =>
      page.evaluate(() => document.querySelector('meta[name=version]')?.getAttribute('content'))
    const lookForNewer = ({ page }: WalletDevice) =>
      page.evaluate(async () => {
        await (await navigator.serviceWorker.getRegistration())?.update().catch(() => undefined)
      })

    it('keeps the old one until its owner lets the newer one take over, and loses nothing', async () => {
      const device = await holder(versions.url)
      versions.publish('two')
      await lookForNewer(device)
      await device.at('update').waitFor()
      await device.at('update-later').click()
      await device.page.reload()
      await device.at('lock-screen').waitFor()
      expect(await version(device)).toBeUndefined()
      await device.unlock()
      // In the middle of a question: nothing is taken from under anybody's hands.
      await device.at('update').waitFor()
      const { request_uri } = await ask(ground.wire)
      await device.go('present', { request: request_uri })
      await device.at('consent').waitFor()
      await device.page.waitForTimeout(1_000)
      await expect.poll(() => device.at('consent').count(), { timeout: 20_000 }).toBe(1)
      await device.at('update-now').click()
      await device.at('lock-screen').waitFor()
      await device.page.waitForFunction(() => document.querySelector('meta[name=version]') !== null)
      expect(await version(device)).toBe('two')
      await device.unlock()
      expect(await device.left()).toEqual(['10'])
      await device.context.setOffline(true)
      await device.page.reload()
      await device.unlock()
      expect(await version(device)).toBe('two')
      await device.close()
    })

    it('keeps the settings it knows while its host has other words in their place', async () => {
      const device = await holder(versions.url)
      versions.isBeingMoved = true
      await device.page.reload()
      await device.unlock()
      await device.page.waitForLoadState('networkidle')
      versions.isBeingMoved = false
      await device.context.setOffline(true)
      await device.page.reload()
      await device.unlock()
      expect(await device.left()).toEqual(['10'])
      await device.close()
    })

    it('stays with the version it has when the newer one did not arrive whole', async () => {
      versions.publish('three')
      const device = await holder(versions.url)
      versions.publishTorn()
      await lookForNewer(device)
      await device.page.waitForTimeout(1_000)
      expect(await device.at('update').count()).toBe(0)
      await device.page.reload()
      await device.unlock()
      expect(await version(device)).toBe('three')
      expect(await device.left()).toEqual(['10'])
      await device.close()
    })
  })
})
