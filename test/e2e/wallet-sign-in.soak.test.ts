import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import {
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { jsonOf } from './netcert-process.js'
import type { Offer } from './wire-ground.js'

describe.skipIf(!hasChromium)(`receiving after a sign-in${chromiumState}`, () => {
  let ground: WalletPageGround
  let phone: WalletDevice
  beforeAll(async () => {
    ground = await startWalletPageGround()
  })
  afterAll(() => ground?.close())
  beforeEach(async () => {
    phone = await ground.device()
    await phone.setUp()
  })
  afterEach(() => phone?.close())

  /** Takes an offer up, and agrees until the issuer's own page is there. */
  const toIssuer = async () => {
    const how = ['--type', 'network-certificate', '--grant', 'authorization-code']
    const { offer_uri } = jsonOf<Offer>(await ground.wire.at('offer', 'create', ...how))
    await phone.go('receive', { offer: offer_uri })
    const left = () => phone.page.url().startsWith(ground.wire.url)
    expect(await phone.walk({ ends: ['received', 'refusal'], yes: 'yes', left })).toBe('left')
    await phone.page.locator('input[name=document_number]').waitFor()
  }
  /** Who they are, and the code that the issuer sends them. */
  const signIn = async (at: number) => {
    const { page } = phone
    const { documentNumber, name } = ground.wire.people[at]!
    const sent = () => [...ground.wire.server.log().matchAll(/login code for \S+: (\d+)/g)]
    const before = sent().length
    await page.fill('input[name=document_number]', documentNumber)
    await page.fill('input[name=name]', name)
    await page.click('button.go')
    await page.locator('input[name=code]').waitFor()
    await expect.poll(() => sent().length, { timeout: 20_000 }).toBe(before + 1)
    await page.fill('input[name=code]', sent().at(-1)?.[1] ?? '')
    await page.click('button.go')
    await page.locator('[name=decision]').first().waitFor()
  }
  const decide = async (decision: string) => {
    await phone.page.locator(`[name=decision][value=${decision}]`).click()
    await phone.at('lock-screen').waitFor()
    await phone.unlock()
    await phone.page.locator('[data-testid=received], [data-testid=refusal]').first().waitFor()
  }

  it('comes back with the certificate, whose answer is good once', async () => {
    await toIssuer()
    await signIn(0)
    await decide('agree')
    await expect.poll(() => phone.at('received').count(), { timeout: 20_000 }).toBe(1)
    expect(phone.page.url()).toBe(`${ground.url}#/receive`)
    await phone.page.reload()
    await phone.unlock()
    await phone.at('offer-text').waitFor()
    expect(await phone.at('refusal').count()).toBe(0)
    expect(await phone.left()).toEqual(['10'])
  })

  it('leads back from the issuer’s page into the closed wallet, which can begin again', async () => {
    await toIssuer()
    await phone.page.goBack()
    await phone.at('lock-screen').waitFor()
    await phone.unlock()
    await phone.at('offer-text').waitFor()
    expect(await phone.at('yes').count()).toBe(0)
    await toIssuer()
    await signIn(1)
    await decide('agree')
    expect(await phone.left()).toEqual(['10'])
  })

  it('says so when its citizen said no at the issuer’s, and has nothing', async () => {
    await toIssuer()
    await signIn(2)
    await decide('refuse')
    expect(await phone.at('refusal').getAttribute('data-code')).toMatch(
      /issuer_refused|grant_refused/,
    )
    await phone.go('home')
    await phone.at('no-certificates').waitFor()
  })

  it('takes no answer that somebody else thought up, and asks nobody for it', async () => {
    await phone.page.goto(`${ground.url}?code=thought-up&state=thought-up`)
    await phone.unlock()
    await phone.at('refusal').waitFor()
    expect(await phone.at('refusal').getAttribute('data-code')).toBe('sign_in_mismatch')
    expect(phone.asked.filter((url) => /\/(token|credential)$/.test(url))).toEqual([])
  })
})
