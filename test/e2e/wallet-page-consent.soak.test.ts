import { createRequestObject, createRequestUrl } from '@netcert/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { didAsker, requestOf } from '../vp-verifier-ground.js'
import { findBarriers } from '../wallet-page/looking.js'
import {
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { type ServedPlatform, startPlatform } from './platform-ground.js'
import { ask, offerTo } from './wire-ground.js'

/** A request whose answer goes to an address that is not on this machine. */
async function farRequest(): Promise<string> {
  const { clientId, signer, proof } = await didAsker()
  const asked = requestOf({ url: 'https://nobody.invalid' })
  const issuedAt = new Date()
  const expiresAt = new Date(issuedAt.getTime() + 300_000)
  const requestObject = await createRequestObject({
    ...{ request: { client_id: clientId, ...asked }, signer, proof, issuedAt, expiresAt },
  })
  return createRequestUrl({ clientId, requestObject })
}

describe.skipIf(!hasChromium)(`the questions on the page of the wallet${chromiumState}`, () => {
  let ground: WalletPageGround
  let platform: ServedPlatform
  let phone: WalletDevice
  beforeAll(async () => {
    ground = await startWalletPageGround()
    platform = await startPlatform(ground.wire, {
      ...{ id: 'https://telecom.example', name: 'Telecom', sectors: ['age-check', 'telecom'] },
    })
    phone = await ground.device()
    await phone.setUp()
    await phone.receive(await offerTo(ground.wire))
  })
  afterAll(async () => {
    await ground?.close()
    await platform?.end()
  })

  /** Opens a request, and leaves the question standing. */
  const open = async (request: string, at = 'consent') => {
    await phone.go('home')
    await phone.go('present', { request })
    await phone.at(at).waitFor()
  }

  describe('about who asks', () => {
    it('say that it is the first time, and then how often it was and when last', async () => {
      const first = await platform.ask('age-check')
      await open(first.request_uri)
      expect(await phone.at('before').getAttribute('data-times')).toBe('0')
      expect(await phone.at('before').textContent()).toContain('第一次')
      expect(await phone.present((await platform.ask('age-check')).request_uri)).toBe('presented')
      await open((await platform.ask('age-check')).request_uri)
      const said = (await phone.at('before').textContent()) ?? ''
      expect(said).toContain('第 2 次')
      expect(said).toContain(String(new Date().getFullYear()))
    })

    it('count nobody else: a verifier that nobody registered is met for the first time', async () => {
      await open((await ask(ground.wire)).request_uri)
      expect(await phone.at('asker').getAttribute('data-known')).toBe('false')
      expect(await phone.at('before').getAttribute('data-times')).toBe('0')
      await phone.at('refuse').click()
      await open((await ask(ground.wire)).request_uri)
      expect(await phone.at('before').getAttribute('data-times')).toBe('0')
    })

    it('link the privacy policy that was registered, opened by hand and without a referrer', async () => {
      await open((await platform.ask('age-check')).request_uri)
      const link = phone.at('privacy-policy')
      expect(await link.textContent()).toContain('telecom.example')
      const attribute = (name: string) => link.getAttribute(name)
      expect(await attribute('href')).toBe('https://telecom.example/privacy')
      expect([await attribute('target'), await attribute('rel')]).toEqual([
        ...['_blank', 'noopener noreferrer'],
      ])
      expect(phone.asked.filter((url) => url.includes('telecom.example'))).toEqual([])
    })

    it('have no such link where nobody registered one', async () => {
      await open((await ask(ground.wire)).request_uri)
      expect(await phone.at('privacy-policy').count()).toBe(0)
    })
  })

  describe('about who somebody is', () => {
    const path = (name: string) => phone.at('values').locator(`[data-path=${name}] dd`)

    it('show the values when asked to, and hide them again; they are the citizen’s own', async () => {
      await phone.receive(await offerTo(ground.wire, '--type', 'network-certificate-platform'))
      await phone.go('home')
      await phone.go('present', { request: (await platform.ask('telecom')).request_uri })
      await phone.walk({ ends: ['identity', 'refusal'], yes: 'share' })
      const person = ground.wire.people[0]
      expect(await phone.at('consent').textContent()).not.toContain(person?.name ?? '?')
      expect(await phone.at('values').count()).toBe(0)
      await phone.at('own-values').click()
      const given = (await path('given_name').textContent()) ?? '?'
      expect(person?.name.endsWith(given)).toBe(true)
      const number = (await path('id_number').textContent()) ?? ''
      expect(number.replaceAll(' ', '')).toBe(person?.documentNumber)
      expect(await path('birthdate').count()).toBe(0)
      expect(await findBarriers(phone.page)).toEqual([])
      await phone.at('own-values').click()
      expect(await phone.at('values').count()).toBe(0)
    })

    it('have nothing to show where nothing in plain words is asked for', async () => {
      await open((await platform.ask('age-check')).request_uri)
      expect(await phone.at('own-values').count()).toBe(0)
    })
  })

  it('say on a certificate who corrects what is wrong in it', async () => {
    await phone.go('home')
    await phone.at('card').first().click()
    expect(await phone.at('wrong-data').textContent()).toContain(new URL(ground.wire.url).host)
  })

  describe('that were answered with yes', () => {
    const refusal = async () => ({
      code: await phone.at('refusal').getAttribute('data-code'),
      title: await phone.page.locator('main h1').textContent(),
      text: (await phone.at('refusal').textContent()) ?? '',
    })

    it('and whose reply was lost: it may have arrived, and the history has it', async () => {
      const { request_uri } = await platform.ask('age-check')
      const lost = (url: URL) => url.pathname.includes('/response')
      await phone.page.route(lost, async (route) => {
        await route.fetch()
        await route.abort('connectionreset')
      })
      expect(await phone.present(request_uri)).toBe('refusal')
      await phone.page.unroute(lost)
      const { code, title, text } = await refusal()
      expect([code, title]).toEqual(['answer_undelivered', '不知道是否送到'])
      expect(text).toContain('可能已经送到')
      // The code is in sight for whoever is asked for help, and no part of what is read out as an alarm.
      expect(await phone.at('refusal-code').textContent()).toContain('answer_undelivered')
      expect(text).not.toContain('answer_undelivered')
      expect(await findBarriers(phone.page)).toEqual([])
      await phone.at('refused-history').click()
      await phone.page.locator('[data-testid=history][data-state=there]').waitFor()
    })

    it('and that left nothing, for there was no network', async () => {
      await phone.go('home')
      await phone.go('present', { request: await farRequest() })
      await phone.at('share').waitFor()
      await phone.context.setOffline(true)
      await phone.at('share').click()
      await phone.at('refusal').waitFor()
      await phone.context.setOffline(false)
      const { code, title, text } = await refusal()
      expect([code, title]).toEqual(['answer_unsent', '没有出示'])
      expect(text).toContain('什么也没有送出')
    })
  })

  it('leave the browser nothing to complain of', () => {
    expect(phone.complaints).toEqual([])
  })
})
