import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { type FaultyNetwork, startFaultyNetwork } from '../faulty-network.js'
import {
  receiveFirst,
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { jsonOf } from './netcert-process.js'
import { ask, offerTo, resultOf } from './wire-ground.js'

const RESPONSE = /\/response/
const CANCEL = /\/cancel$/

describe.skipIf(!hasChromium)(`showing and leaving over a bad network${chromiumState}`, () => {
  let ground: WalletPageGround
  let network: FaultyNetwork
  let phone: WalletDevice
  beforeAll(async () => {
    ground = await startWalletPageGround()
    network = await startFaultyNetwork()
    phone = await ground.device({ proxy: network.proxy })
    await phone.setUp()
    await receiveFirst(phone, await offerTo(ground.wire))
  })
  afterAll(async () => {
    await ground?.close()
    await network?.close()
  })

  const copies = async () => Number((await phone.left())[0])
  const code = () => phone.at('refusal').getAttribute('data-code')
  const sentence = async () => (await phone.at('refusal').textContent()) ?? ''
  const isWaiting = async (session: string) => (await resultOf(ground.wire, session)).code !== 0

  it('reads a request again that did not come, and uses nothing up before it did', async () => {
    const { request_uri, session } = await ask(ground.wire)
    const before = await copies()
    const met = network.next(/\/request/, 'cut')
    expect(await phone.present(request_uri)).toBe('refusal')
    await met
    expect(await sentence()).toContain('网络')
    expect(await isWaiting(session)).toBe(true)
    expect(await copies()).toBe(before)
    await phone.page.goBack()
    const second = network.next(/\/request/, 'refused')
    expect(await phone.present(request_uri)).toBe('refusal')
    await second
    await phone.at('again').click()
    expect(await phone.walk({ ends: ['presented', 'refusal'], yes: 'share' })).toBe('presented')
    expect(await isWaiting(session)).toBe(false)
    expect(await copies()).toBe(before - 1)
  })

  it('says what it does while a platform takes its time, and waits for it', async () => {
    const { request_uri } = await ask(ground.wire)
    const held = network.next(RESPONSE, 'held')
    const end = phone.present(request_uri)
    const { go } = await held
    expect(await phone.at('working').getAttribute('data-step')).toBe('answering')
    expect(await phone.at('working').textContent()).toContain('正在出示')
    go()
    expect(await end).toBe('presented')
  })

  it('does not claim that an answer was not received: it went out, and its copy goes nowhere else', async () => {
    const { request_uri, session } = await ask(ground.wire)
    const before = await copies()
    const met = network.next(RESPONSE, 'lost')
    expect(await phone.present(request_uri)).toBe('refusal')
    await met
    expect(await code()).toBe('answer_undelivered')
    expect(await sentence()).toMatch(/可能已经送到，也可能没有.*先看对方的页面.*记录里有/)
    // The wallet cannot try again with what it sent: no button says so.
    expect(await phone.at('again').count()).toBe(0)
    expect(jsonOf(await resultOf(ground.wire, session))).toMatchObject({ verified: true })
    expect(await copies()).toBe(before - 1)
    await phone.go('history')
    await phone.at('event').first().waitFor()
  })

  it('says the same of an answer that did not leave; the platform takes another one', async () => {
    const { request_uri, session } = await ask(ground.wire)
    const before = await copies()
    const met = network.next(RESPONSE, 'refused')
    expect(await phone.present(request_uri)).toBe('refusal')
    await met
    expect(await code()).toBe('answer_undelivered')
    expect(await isWaiting(session)).toBe(true)
    expect(await phone.present(request_uri)).toBe('presented')
    expect(await isWaiting(session)).toBe(false)
    expect(await copies()).toBe(before - 2)
  })

  it('does not wait for ever, and gives nothing twice when the platform took it late', async () => {
    const { request_uri, session } = await ask(ground.wire)
    const before = await copies()
    const held = network.next(RESPONSE, 'held')
    const end = phone.present(request_uri)
    const { go } = await held
    expect(await end).toBe('refusal')
    expect(await code()).toBe('answer_undelivered')
    go()
    await expect.poll(() => isWaiting(session), { timeout: 20_000 }).toBe(false)
    expect(await phone.present(request_uri)).toBe('refusal')
    expect(await code()).toMatch(/request_unavailable|answer_refused/)
    expect(await copies()).toBeGreaterThanOrEqual(before - 2)
  })

  it('cancels nothing while it cannot reach the issuer', async () => {
    await phone.go('safety', { part: 'cancel' })
    await phone.at('cancel-now').click()
    const met = network.next(/\/nonce$/, 'refused')
    await phone.at('cancel-now-yes').click()
    await met
    await phone.at('refusal').waitFor()
    expect(await code()).toBe('cancellation_undelivered')
    expect(network.count(CANCEL)).toBe(0)
    expect(await copies()).toBeGreaterThan(0)
  })

  it('says that nobody knows whether a broken cancelling counted, and gets the receipt by trying again', async () => {
    await phone.go('safety', { part: 'cancel' })
    await phone.at('cancel-now').click()
    const met = network.next(CANCEL, 'lost')
    await phone.at('cancel-now-yes').click()
    await met
    await phone.at('refusal').waitFor()
    expect(await code()).toBe('cancellation_undelivered')
    expect(await sentence()).toMatch(/不知道签发机构是否已经注销.*请重试/)
    await phone.at('again').click()
    await phone.at('cancel-now').click()
    await phone.at('cancel-now-yes').click()
    await phone.at('cancelled').waitFor()
    await expect.poll(() => phone.at('receipt').count(), { timeout: 20_000 }).toBe(1)
    await phone.go('safety', { part: 'receipts' })
    await phone.at('receipt').first().waitFor()
    await expect.poll(() => phone.at('receipt').count(), { timeout: 20_000 }).toBe(1)
    await phone.go('home')
    await phone.at('no-certificates').waitFor()
  })
})
