import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { findBarriers } from '../wallet-page/looking.js'
import {
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { offerTo } from './wire-ground.js'

describe.skipIf(!hasChromium)(`a certificate that was put off${chromiumState}`, () => {
  let ground: WalletPageGround
  beforeAll(async () => {
    ground = await startWalletPageGround()
  })
  afterAll(() => ground?.close())

  /** A device that waits for a certificate, on the home screen. */
  async function waiting(): Promise<WalletDevice> {
    const device = await ground.device()
    await device.setUp()
    // It is not to come before the test is over.
    await device.context.route('**/deferred-credential', (route) => route.abort())
    await device.receive(await offerTo(ground.wire, '--deferred'))
    await device.go('home')
    await device.at('put-off-card').waitFor()
    return device
  }

  it('is a card of its own with when it is asked for again, also after the page was closed', async () => {
    const device = await waiting()
    const name = await device.at('put-off-card').locator('strong').textContent()
    expect(await findBarriers(device.page)).toEqual([])
    expect(name).toMatch(/^\p{Script=Han}+$/u)
    expect(await device.at('put-off-card').textContent()).toContain('还在准备')
    await device.page.reload()
    await device.unlock()
    await device.at('put-off-card').waitFor()
    expect(await device.at('card').count()).toBe(0)
    await device.close()
  })

  it('is waited for no more after a no and a yes, and not asked for again', async () => {
    const device = await waiting()
    await device.at('stop-waiting').click()
    expect(await device.at('stop-waiting-sheet').textContent()).toContain('重新领取')
    await device.at('stop-waiting-no').click()
    await expect.poll(() => device.at('put-off-card').count(), { timeout: 20_000 }).toBe(1)
    await device.at('stop-waiting').click()
    await device.at('stop-waiting-yes').click()
    await device.at('put-off-card').waitFor({ state: 'detached' })
    const asked = device.asked.length
    await device.page.reload()
    await device.unlock()
    await device.at('no-certificates').waitFor()
    expect(await device.at('put-off-card').count()).toBe(0)
    const later = device.asked.slice(asked).filter((url) => url.startsWith(ground.wire.url))
    expect(later.filter((url) => url.includes('deferred'))).toEqual([])
    expect(device.complaints).toEqual([])
    await device.close()
  })
})
