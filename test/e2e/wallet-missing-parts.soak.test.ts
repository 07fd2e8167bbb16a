import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import {
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { offerTo } from './wire-ground.js'

describe.skipIf(!hasChromium)(`parts of the wallet’s page that do not come${chromiumState}`, () => {
  let ground: WalletPageGround
  let phone: WalletDevice
  beforeAll(async () => {
    ground = await startWalletPageGround()
  })
  afterAll(() => ground?.close())
  beforeEach(async () => {
    // A browser that keeps no page: every part comes from the network when it is gone to.
    phone = await ground.device({ serviceWorkers: 'block' })
    await phone.setUp()
  })
  afterEach(() => phone?.close())

  it('say so in their place, and the others go on', async () => {
    await phone.context.route('**/assets/history-screen-*.js', (route) => route.abort())
    await phone.go('history')
    await phone.at('not-loaded').waitFor()
    await phone.go('settings')
    await phone.page.locator('[data-place=settings] h1').waitFor()
    expect(await phone.at('not-loaded').count()).toBe(0)
    await phone.context.unroute('**/assets/history-screen-*.js')
    await phone.go('history')
    await phone.at('reopen').click()
    await phone.unlock()
    await phone.page.locator('[data-place=history] h1').waitFor()
  })

  it('do not spoil an act for good: it goes as soon as its rules come', async () => {
    const rules = '**/assets/whole-wallet-*.js'
    await phone.context.route(rules, (route) => route.abort())
    const offer = await offerTo(ground.wire)
    expect(await phone.receive(offer)).toBe('refusal')
    await phone.context.unroute(rules)
    expect(await phone.receive(offer)).toBe('received')
  })
})
