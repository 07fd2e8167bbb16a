import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { type FaultyNetwork, startFaultyNetwork } from '../faulty-network.js'
import {
  beginReceiving,
  byName,
  receiveFirst,
  servePageOf,
  startWalletPageGround,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { copiesKept, makeRefillsDue } from '../wallet-page-records.js'
import { startVersionedPage } from '../wallet-page-versions.js'
import { offerTo } from './wire-ground.js'

const CREDENTIAL = /\/credential$/

describe.skipIf(!hasChromium)(`an act that is interrupted${chromiumState}`, () => {
  let ground: WalletPageGround
  let network: FaultyNetwork
  beforeAll(async () => {
    ground = await startWalletPageGround()
    network = await startFaultyNetwork()
  })
  afterAll(async () => {
    await ground?.close()
    await network?.close()
  })

  it('does not double what it receives when the page is opened anew in the middle', async () => {
    const phone = await ground.device({ proxy: network.proxy })
    await phone.setUp()
    const offer = await offerTo(ground.wire)
    const held = network.next(CREDENTIAL, 'held')
    await beginReceiving(phone, offer)
    const { go } = await held
    await phone.page.reload()
    go()
    await phone.unlock()
    await phone.go('home')
    await phone.at('no-certificates').waitFor()
    expect(await phone.receive(offer)).toBe('refusal')
    expect(await phone.at('refusal').getAttribute('data-code')).toBe('grant_refused')
    expect(await phone.receive(await offerTo(ground.wire))).toBe('received')
    expect(await phone.left()).toEqual(['10'])
  })

  it('finishes what it receives when it is locked in the middle', async () => {
    const phone = await ground.device({ proxy: network.proxy })
    await phone.setUp()
    const held = network.next(CREDENTIAL, 'held')
    await beginReceiving(phone, await offerTo(ground.wire))
    const { go } = await held
    await phone.at('lock').click()
    await phone.at('lock-screen').waitFor()
    go()
    await expect.poll(() => copiesKept(phone), { timeout: 20_000 }).toBe(10)
    await phone.unlock()
    expect(await phone.left()).toEqual(['10'])
    await phone.close()
  })

  it('finishes what it fetches by itself when it is locked in the middle', async () => {
    const phone = await ground.device({ proxy: network.proxy })
    await phone.page.clock.install({ time: new Date() })
    await phone.page.reload()
    await phone.setUp()
    await receiveFirst(phone, await offerTo(ground.wire))
    await makeRefillsDue(phone)
    await phone.go('home')
    const held = network.next(CREDENTIAL, 'held')
    await phone.page.clock.runFor(60_000)
    const { go } = await held
    await phone.at('lock').click()
    await phone.at('lock-screen').waitFor()
    go()
    await expect.poll(() => copiesKept(phone), { timeout: 20_000 }).toBe(20)
    await phone.close()
  })

  it('lets no newer version in while it fetches, and loses nothing to it afterwards', async () => {
    const served = await servePageOf(ground.wire)
    const versions = await startVersionedPage(byName(served.url))
    const device = await ground.device({ url: versions.url, proxy: network.proxy })
    await device.setUp()
    await device.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    versions.publish('two')
    await device.page.evaluate(async () => {
      await (await navigator.serviceWorker.getRegistration())?.update()
    })
    await device.at('update').waitFor()
    const held = network.next(CREDENTIAL, 'held')
    const received = device.receive(await offerTo(ground.wire))
    const { go } = await held
    expect(await device.at('update-now').isDisabled()).toBe(true)
    go()
    expect(await received).toBe('received')
    await device.at('update-now').click()
    await device.at('lock-screen').waitFor()
    await device.unlock()
    expect(await device.left()).toEqual(['10'])
    await device.close()
    await versions.close()
    await served.close()
  })
})
