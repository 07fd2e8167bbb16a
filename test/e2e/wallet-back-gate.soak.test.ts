import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { gateGround } from '../gate-ground.js'
import { createEvent, type LaneWish, laneSettings, openLane } from '../gate-lanes.js'
import { type WayBack, wayBack } from '../wallet-page/way-back.js'
import {
  startWalletPages,
  type WalletPageDevice,
  type WalletPageDevices,
} from '../wallet-page-device.js'

describe.skipIf(!hasChromium)(`the way back at a gate${chromiumState}`, () => {
  const ground = gateGround({ citizens: 2 })
  let devices: WalletPageDevices
  let phone: WalletPageDevice
  let way: WayBack
  beforeAll(async () => {
    devices = await startWalletPages(ground)
    phone = await devices.open()
    way = wayBack(phone)
    await phone.receive(['gate-pass', 'network-certificate'])
    await phone.context.setOffline(true)
  })
  afterAll(() => devices?.close())

  const lane = (wish: LaneWish = {}) =>
    openLane(ground, laneSettings(ground, createEvent(ground.venue), wish))
  /** Copies of all certificates. */
  const left = async () => {
    await phone.go('home')
    await phone.at('card').first().waitFor()
    const shown = await phone.at('card').evaluateAll((all) => all.map((it) => it.dataset['left']))
    return shown.reduce((sum, one) => sum + Number(one), 0)
  }
  const shownCode = async () => {
    await phone.at('answer-code').waitFor()
    return (await phone.at('answer-code').getAttribute('data-text')) ?? ''
  }
  /** As a code that is typed on the way from the gate's own screen. */
  const scanFromGate = async (challenge: string) => {
    await phone.go('gate')
    await phone.at('scan-gate').click()
    await phone.at('code-text').fill(challenge)
    await phone.at('take-text').click()
  }

  it('leads out of the question, and uses nothing; forward asks nothing', async () => {
    const before = await left()
    const { challenge } = await lane()
    await phone.go('gate', { challenge: await challenge() })
    await phone.at('gate-consent').waitFor()
    await way.back('home')
    await way.forward('gate')
    await phone.at('gate-start').waitFor()
    expect(await phone.at('share').count()).toBe(0)
    expect(await phone.at('show-again').count()).toBe(0)
    expect(await left()).toBe(before)
  })

  it('takes the code off the screen, which is shown again and not made again', async () => {
    const before = await left()
    const { challenge, gate } = await lane()
    await phone.go('gate', { challenge: await challenge() })
    await phone.at('share').click()
    const text = await shownCode()
    await way.back('home')
    await way.forward('gate')
    await phone.at('show-again').click()
    expect(await shownCode()).toBe(text)
    expect(await gate.judge(text)).toMatchObject({ colour: 'green' })
    await phone.at('code-done').click()
    expect(await left()).toBe(before - 1)
  })

  it('leads from a code that was scanned for to before the scanning, question and code alike', async () => {
    const before = await left()
    const { challenge } = await lane()
    const text = await challenge()
    await scanFromGate(text)
    await phone.at('gate-consent').waitFor()
    await way.back('gate')
    await phone.at('gate-start').waitFor()
    expect(await left()).toBe(before)
    await scanFromGate(text)
    await phone.at('share').click()
    const code = await shownCode()
    await way.back('gate')
    await phone.at('gate-start').waitFor()
    await phone.at('show-again').click()
    expect(await shownCode()).toBe(code)
    await phone.at('code-done').click()
    expect(await left()).toBe(before - 1)
  })

  it('gives no name away: out of the question about plain words nothing leaves', async () => {
    const before = await left()
    // Another venue: this one has seen enough of this person today.
    const event = createEvent(ground.otherVenue)
    const { challenge } = await openLane(ground, laneSettings(ground, event, { kind: 'name' }))
    await phone.go('gate', { challenge: await challenge() })
    await phone.at('gate-identity').waitFor()
    await way.back('home')
    await way.forward('gate')
    await phone.at('gate-start').waitFor()
    expect(await phone.at('gate-identity').count()).toBe(0)
    expect(await left()).toBe(before)
    await phone.go('gate', { challenge: await challenge() })
    await phone.at('share').click()
    await phone.at('gate-consent').waitFor()
    // The yes to plain words alone makes no code.
    await way.back('home')
    expect(await left()).toBe(before)
    await phone.go('history')
    await phone.page.locator('[data-testid=history][data-state=there]').waitFor()
    expect(await phone.at('who-knows-summary').getAttribute('data-named')).toBe('0')
    expect(await phone.at('history').textContent()).not.toContain('江北歌剧院')
  })

  it('leads out of a refusal', async () => {
    const { challenge } = await lane({ kind: 'ticket' })
    await way.home()
    await phone.go('gate', { challenge: await challenge() })
    await phone.at('gate-refusal').waitFor()
    await way.back('home')
    await way.forward('gate')
    expect(await phone.at('gate-refusal').count()).toBe(0)
  })
})
