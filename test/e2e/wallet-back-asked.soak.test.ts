import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { type WayBack, wayBack } from '../wallet-page/way-back.js'
import {
  receiveFirst,
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { type ServedPlatform, startPlatform } from './platform-ground.js'
import { offerTo } from './wire-ground.js'

describe.skipIf(!hasChromium)(`the way back where a name is asked for${chromiumState}`, () => {
  let ground: WalletPageGround
  let telecom: ServedPlatform
  let phone: WalletDevice
  let way: WayBack
  beforeAll(async () => {
    ground = await startWalletPageGround()
    telecom = await startPlatform(ground.wire, {
      ...{ id: 'https://telecom.example', name: 'telecom', sectors: ['telecom'] },
    })
    phone = await ground.device()
    await phone.setUp()
    const types = ['--type', 'network-certificate', '--type', 'network-certificate-platform']
    await receiveFirst(phone, await offerTo(ground.wire, ...types))
    way = wayBack(phone)
  })
  afterAll(async () => {
    await telecom?.end()
    await ground?.close()
  })

  const state = (name: string) =>
    phone.page.locator(`[data-testid=consent][data-state=${name}]`).waitFor()
  const knows = async (session: string) =>
    (await telecom.at('request', 'result', session, '--allow-http-loopback')).code === 0

  it('leads out of each question, and the platform learns nothing of it', async () => {
    const { request_uri, session } = await telecom.ask('telecom')
    for (const last of ['needs_platform_copy', 'needs_identity_consent', 'ready']) {
      await way.home()
      await phone.go('present', { request: request_uri })
      await phone.at('consent').waitFor()
      for (;;) {
        const now = await phone.at('consent').getAttribute('data-state')
        if (now === last) break
        await phone.at('share').click()
        await phone.page.locator(`[data-testid=consent]:not([data-state=${now}])`).waitFor()
      }
      await state(last)
      await way.back('home')
      await way.forward('present')
      await phone.at('scan-request').waitFor()
      expect(await phone.at('share').count()).toBe(0)
      expect(await knows(session)).toBe(false)
    }
    expect(await phone.present(request_uri)).toBe('presented')
    expect(await knows(session)).toBe(true)
    await phone.go('history')
    await phone.at('event').first().waitFor()
    await expect.poll(() => phone.at('event').count(), { timeout: 20_000 }).toBe(1)
  })

  it('makes the browser complain of nothing', () => {
    expect(phone.complaints).toEqual([])
  })
})
