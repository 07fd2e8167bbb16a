import type { BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { gateGround } from '../gate-ground.js'
import { createEvent, laneSettings, openLane } from '../gate-lanes.js'
import {
  startWalletPages,
  type WalletPageDevice,
  type WalletPageDevices,
} from '../wallet-page-device.js'
import {
  PIN,
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { ask, offerTo, resultOf } from './wire-ground.js'

const DAY = 86_400_000
const wrong = [
  ['two days slow', -2 * DAY],
  ['two days fast', 2 * DAY],
] as const

const setOff = (context: BrowserContext, milliseconds: number): Promise<void> =>
  context.clock.setSystemTime(Date.now() + milliseconds)

describe.skipIf(!hasChromium)(`a wallet whose clock became wrong${chromiumState}`, () => {
  let ground: WalletPageGround
  let device: WalletDevice | undefined
  beforeAll(async () => {
    ground = await startWalletPageGround()
  })
  afterAll(() => ground?.close())
  afterEach(() => device?.close())

  it.each(wrong)(
    'by being %s: says to look at it, blames nobody, uses nothing, and goes on once it is right',
    async (_how, off) => {
      device = await ground.device()
      await device.setUp()
      expect(await device.receive(await offerTo(ground.wire))).toBe('received')
      await setOff(device.context, off)
      await device.page.reload()
      await device.unlock()
      const { request_uri, session } = await ask(ground.wire)
      expect(await device.present(request_uri)).toBe('refusal')
      const sentence = (await device.at('refusal').textContent()) ?? ''
      expect(sentence).toContain('请先校准本机的日期和时间')
      expect(sentence).not.toMatch(/不合规范|联系签发机构|不可信/)
      expect((await resultOf(ground.wire, session)).code).not.toBe(0)
      await setOff(device.context, 0)
      await device.page.reload()
      await device.unlock()
      expect(await device.left()).toEqual(['10'])
      expect(await device.present(request_uri)).toBe('presented')
      expect(await device.left()).toEqual(['9'])
      expect(device.complaints).toEqual([])
    },
  )
})

describe.skipIf(!hasChromium)(`a wallet with a wrong clock at a gate${chromiumState}`, () => {
  const ground = gateGround({ citizens: 1 })
  let devices: WalletPageDevices
  let phone: WalletPageDevice
  beforeAll(async () => {
    devices = await startWalletPages(ground)
    phone = await devices.open()
    await phone.receive(['gate-pass'])
    await phone.context.setOffline(true)
  })
  afterAll(() => devices?.close())

  /** Opens the wallet anew under that clock, before a gate whose clock is right. */
  const atGate = async (off: number) => {
    await setOff(phone.context, off)
    await phone.page.reload()
    await phone.at('pin').fill(PIN)
    await phone.at('open-pin').click()
    await phone.at('frame').waitFor()
    const lane = await openLane(ground, laneSettings(ground, createEvent(ground.venue)))
    await phone.go('gate', { challenge: await lane.challenge() })
    await phone.at('gate-consent').waitFor()
    return lane
  }

  it('that is right: says nothing of clocks', async () => {
    await atGate(0)
    expect(await phone.at('clocks').count()).toBe(0)
  })

  it.each(wrong)('that is %s: names both times, and enters by the gate’s', async (_how, off) => {
    const lane = await atGate(off)
    expect(await phone.at('clocks').textContent()).toMatch(/手机时间（.+）与入口时间（.+）对不上/)
    await phone.at('share').click()
    await phone.at('answer-code').waitFor()
    const text = (await phone.at('answer-code').getAttribute('data-text')) ?? ''
    expect(await lane.gate.judge(text)).toMatchObject({ colour: 'green', code: 'entered' })
  })
})
