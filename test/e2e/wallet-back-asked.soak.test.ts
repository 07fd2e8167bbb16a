import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import {
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
  beforeAll(async () => {
    ground = await startWalletPageGround()
    telecom = await startPlatform(ground.wire, {
      ...{ id: 'https://telecom.example', name: 'telecom', sectors: ['telecom'] },
    })
    phone = await ground.device()
    await phone.setUp()
    const types = ['--type', 'network-certificate', '--type', 'network-certificate-platform']
    expect(await phone.receive(await offerTo(ground.wire, ...types))).toBe('received')
  })
  afterAll(async () => {
    await telecom?.end()
    await ground?.close()
  })

  const home = async () => {
    await phone.go('home')
    await phone.page.locator('[data-place=home] h1').waitFor()
  }
  const back = async () => {
    await phone.page.goBack()
    await phone.page.locator('[data-place=home] h1').waitFor()
    expect(await phone.page.locator('dialog[open]').count()).toBe(0)
  }
  const state = (name: string) =>
    phone.page.locator(`[data-testid=consent][data-state=${name}]`).waitFor()
  const knows = async (session: string) =>
    (await telecom.at('request', 'result', session, '--allow-http-loopback')).code === 0

  it('leads out of each question, and the platform learns nothing of it', async () => {
    const { request_uri, session } = await telecom.ask('telecom')
    for (const last of ['needs_platform_copy', 'needs_identity_consent', 'ready']) {
      await home()
      await phone.go('present', { request: request_uri })
      await phone.at('consent').waitFor()
      for (;;) {
        const now = await phone.at('consent').getAttribute('data-state')
        if (now === last) break
        await phone.at('share').click()
        await phone.page.locator(`[data-testid=consent]:not([data-state=${now}])`).waitFor()
      }
      await state(last)
      await back()
      await phone.page.goForward()
      await phone.at('scan-request').waitFor()
      expect(await phone.at('share').count()).toBe(0)
      expect(await knows(session)).toBe(false)
    }
    expect(await phone.present(request_uri)).toBe('presented')
    expect(await knows(session)).toBe(true)
    await phone.go('history')
    await phone.at('event').first().waitFor()
    expect(await phone.at('event').count()).toBe(1)
  })

  it('makes the browser complain of nothing', () => {
    expect(phone.complaints).toEqual([])
  })
})
