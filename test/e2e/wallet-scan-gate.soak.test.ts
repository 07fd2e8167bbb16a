import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveWalletPage } from '../../scripts/src/wallet-page.js'
import { chromiumState, hasChromium } from '../chromium.js'
import { gateGround } from '../gate-ground.js'
import { createEvent, laneSettings, openLane } from '../gate-lanes.js'
import { readQrCodes } from '../qr-reading.js'
import { type FilmedDevice, openFilmedDevice } from '../wallet-page/filmed-device.js'
import { receiveFirst } from '../wallet-page-ground.js'

describe.skipIf(!hasChromium)(`the camera of the wallet's page at a gate${chromiumState}`, () => {
  const ground = gateGround({ citizens: 2 })
  let server: Awaited<ReturnType<typeof serveWalletPage>>
  let phone: FilmedDevice
  beforeAll(async () => {
    const name = { 'zh-CN': '示例签发机构', en: 'Example issuer' }
    const issuer = { root: ground.rootDid, baseUrl: ground.served.url, name }
    server = await serveWalletPage({ port: 0, settings: { issuer, allowHttpLoopback: true } })
    phone = await openFilmedDevice(server.url)
    await phone.setUp()
    const citizen = ground.served.nextPerson().reference
    const { offerUri } = await ground.served.offer({ citizen, types: ['gate-pass'] })
    await receiveFirst(phone, { offer_uri: offerUri, tx_code: null })
    await phone.page.waitForLoadState('networkidle')
    await phone.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    await phone.context.setOffline(true)
  })
  afterAll(async () => {
    await phone?.close()
    await server?.close()
  })
  const open = () => openLane(ground, laneSettings(ground, createEvent(ground.venue)))

  it('reads the challenge with no network, and the gate reads the answer from the screen', async () => {
    const lane = await open()
    await phone.hold([await lane.challenge()])
    await phone.go('scan')
    await phone.at('gate-consent').waitFor()
    await phone.at('share').click()
    await phone.at('answer-code').waitFor()
    const [seen = ''] = await readQrCodes(await phone.page.screenshot())
    expect(await lane.gate.judge(seen)).toMatchObject({ colour: 'green' })
    await phone.at('code-done').click()
    expect(await phone.left()).toEqual(['7'])
  })

  it('takes neither a torn challenge nor the answer of another phone', async () => {
    const challenge = await (await open()).challenge()
    await phone.hold([challenge.slice(0, -20)])
    await phone.go('scan')
    await phone.at('gate-refusal').waitFor()
    expect(await phone.at('refusal').getAttribute('data-code')).toBe('gate_code')
    await phone.go('home')
    await phone.hold([`NC1:${challenge.slice(5)}`])
    await phone.go('scan')
    await phone.at('foreign-code').waitFor()
    expect(await phone.left()).toEqual(['7'])
  })
})
