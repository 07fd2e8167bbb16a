import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import {
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { jsonOf } from './netcert-process.js'
import { ask, offerTo, resultOf } from './wire-ground.js'

describe.skipIf(!hasChromium)(`the page of the wallet${chromiumState}`, () => {
  let ground: WalletPageGround
  let phone: WalletDevice
  beforeAll(async () => {
    ground = await startWalletPageGround()
    phone = await ground.device()
    await phone.setUp()
  })
  afterAll(() => ground?.close())

  it('asks nobody but its own origin until its owner says yes', async () => {
    const { offer_uri } = await offerTo(ground.wire, '--by-reference')
    const before = phone.asked.length
    await phone.go('receive', { offer: offer_uri })
    await phone.at('question').waitFor()
    const foreign = phone.asked.slice(before).filter((url) => !url.startsWith(ground.url))
    expect(foreign).toEqual([])
    await phone.at('no').click()
    await phone.at('refusal').waitFor()
    expect(phone.asked.filter((url) => url.startsWith(ground.wire.url))).toEqual([])
  })

  it('receives from an issuer, shows a fact, and remembers to whom', async () => {
    expect(await phone.receive(await offerTo(ground.wire))).toBe('received')
    expect(await phone.left()).toEqual(['10'])
    const { request_uri, session } = await ask(ground.wire)
    expect(await phone.present(request_uri)).toBe('presented')
    expect(jsonOf(await resultOf(ground.wire, session))).toMatchObject({
      ...{ verified: true, facts: { age_equal_or_over: { '18': true } } },
    })
    expect(await phone.left()).toEqual(['9'])
  })

  it('takes nothing up a second time when one goes back', async () => {
    const { request_uri } = await ask(ground.wire)
    expect(await phone.present(request_uri)).toBe('presented')
    await phone.at('presented-home').click()
    await phone.page.goBack()
    expect(await phone.at('share').count()).toBe(0)
    expect(await phone.left()).toEqual(['8'])
  })

  it('is closed after it was opened again, and opens with the PIN alone', async () => {
    await phone.page.reload()
    await phone.at('lock-screen').waitFor()
    await phone.at('pin').fill('918273')
    await phone.at('open-pin').click()
    await phone.at('refusal').waitFor()
    expect(await phone.at('refusal').getAttribute('data-code')).toBe('pin_wrong')
    await phone.unlock()
    expect(await phone.left()).toEqual(['8'])
  })

  it('spoke to nobody but issuer, verifier and its own origin, and the browser had nothing to complain of', () => {
    const own = [new URL(ground.url).origin, ground.wire.url, ground.wire.verifierUrl]
    const hosts = new Set(phone.asked.map((url) => new URL(url).origin))
    expect([...hosts].filter((origin) => !own.includes(origin))).toEqual([])
    expect(phone.complaints).toEqual([])
  })
})
