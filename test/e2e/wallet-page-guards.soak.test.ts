import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import {
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { makeRefillsDue } from '../wallet-page-records.js'
import { offerTo } from './wire-ground.js'

const HOUR = 3_600_000

/** A platform that nobody registered, and that leads whoever answered wherever it likes. */
type Stranger = {
  /** A request by value. */
  request(state: string): string
  /** Where the next answer leads. */
  leadsTo: unknown
  /** States of the requests that a presentation came for. */
  readonly presented: string[]
  close(): void
}

async function startStranger(): Promise<Stranger> {
  const presented: string[] = []
  const server: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += part))
    request.on('end', () => {
      const answer = new URLSearchParams(body)
      if (answer.has('vp_token')) presented.push(answer.get('state') ?? '')
      response.writeHead(200, { 'access-control-allow-origin': '*' })
      response.end(JSON.stringify({ redirect_uri: stranger.leadsTo }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const address = `http://127.0.0.1:${port}/answer`
  const claims = [{ path: ['age_equal_or_over', '18'] }]
  const meta = { vct_values: ['urn:netcert:network-certificate:1'] }
  const credentials = [{ id: 'certificate', format: 'dc+sd-jwt', meta, claims }]
  const stranger: Stranger = {
    presented,
    leadsTo: undefined,
    request: (state) =>
      `openid4vp://?${new URLSearchParams({
        ...{ client_id: `redirect_uri:${address}`, response_uri: address, state },
        ...{ response_type: 'vp_token', response_mode: 'direct_post' },
        ...{ nonce: `a-nonce-of-the-stranger-${state}` },
        dcql_query: JSON.stringify({ credentials }),
      })}`,
    close: () => server.close(),
  }
  return stranger
}

describe.skipIf(!hasChromium)(
  `what the page of the wallet guards against${chromiumState}`,
  { timeout: 120_000 },
  () => {
    let ground: WalletPageGround
    let stranger: Stranger
    let phone: WalletDevice
    beforeAll(async () => {
      ;[ground, stranger] = await Promise.all([startWalletPageGround(), startStranger()])
      phone = await ground.device()
      await phone.setUp()
      await phone.receive(await offerTo(ground.wire))
    })
    afterAll(async () => {
      stranger?.close()
      await ground?.close()
    })

    it.each([
      ['its own next question', () => `${ground.url}#/present?request=x`],
      ['erasing everything', () => './#/safety?part=erase'],
      ['a script', () => "javascript:location.assign('/#/safety')"],
      ['no address at all', () => 'http://['],
      ['a number', () => 7],
    ])('is not led by a platform to %s, and its answer counts as delivered', async (_, leadsTo) => {
      stranger.leadsTo = leadsTo()
      const before = stranger.presented.length
      expect(await phone.present(stranger.request('led'))).toBe('presented')
      expect(stranger.presented).toHaveLength(before + 1)
      await phone.page.waitForTimeout(300)
      await expect.poll(() => phone.at('presented').count(), { timeout: 20_000 }).toBe(1)
      expect(new URL(phone.page.url()).hash).toBe('#/present')
    })

    it('takes no second tap at the same place for a yes to the question that came next', async () => {
      stranger.leadsTo = undefined
      await phone.go('present', { request: stranger.request('first') })
      const place = await centreOfShare(phone)
      const tapTwice = async () => {
        await phone.page.mouse.click(...place)
        await phone.go('present', { request: stranger.request('second') })
        await phone.at('share').waitFor()
        await phone.page.mouse.click(...place)
      }
      await tapTwice()
      await phone.page.waitForTimeout(300)
      expect(stranger.presented).toContain('first')
      expect(stranger.presented).not.toContain('second')
      await phone.at('share').click()
      await expect.poll(() => stranger.presented, { timeout: 20_000 }).toContain('second')
    })

    it('takes no second of two taps for a sure yes to what cannot be undone', async () => {
      await phone.go('settings')
      await phone.at('erase').waitFor()
      // Both before anybody has seen the question.
      await phone.page.evaluate(async () => {
        const find = (name: string) => document.querySelector<HTMLElement>(`[data-testid=${name}]`)
        find('erase')?.click()
        while (find('erase-yes') === null) await new Promise(requestAnimationFrame)
        find('erase-yes')?.click()
      })
      await phone.page.waitForTimeout(300)
      expect(await phone.at('erase-sheet').count()).toBe(1)
      await phone.at('erase-no').click()
      await phone.at('erase-sheet').waitFor({ state: 'detached' })
      expect(await phone.at('keeping').count()).toBe(1)
    })

    it('asks no issuer for refills while something is shown, however long they are due', async () => {
      await makeRefillsDue(phone)
      await phone.page.clock.install({ time: new Date() })
      await phone.page.goto('about:blank')
      const request = encodeURIComponent(stranger.request('quiet'))
      await phone.page.goto(`${ground.url}#/present?request=${request}`)
      await phone.unlock()
      await phone.at('share').waitFor()
      const before = phone.asked.length
      await phone.page.clock.runFor(120_000)
      expect(issuerAsked(phone, ground.wire.url, before)).toEqual([])
      await phone.at('refuse').click()
      await phone.go('home')
      await phone.page.clock.runFor(120_000)
      expect(issuerAsked(phone, ground.wire.url, before)).toEqual([])
    })

    it('asks for none however long somebody stays there, and only a while after they left', async () => {
      await phone.go('settings')
      await phone.at('lock-after').selectOption('3600')
      await phone.go('home')
      await phone.go('settings')
      await expect.poll(() => phone.at('lock-after').inputValue()).toBe('3600')
      // Known from the beginning: a clock that runs ahead outruns what is read of it meanwhile.
      await phone.page.reload()
      await phone.unlock()
      await phone.go('present', { request: stranger.request('long') })
      await phone.at('share').waitFor()
      const before = phone.asked.length
      /** So long by the page's clock, and a moment for what it asks then. */
      const stay = async (minutes: number) => {
        await phone.page.clock.runFor(minutes * 60_000)
        await phone.page.keyboard.press('Shift')
        await phone.page.waitForTimeout(500)
      }
      for (let minutes = 0; minutes < 120; minutes += 20) await stay(20)
      expect(issuerAsked(phone, ground.wire.url, before)).toEqual([])
      await phone.at('refuse').click()
      await phone.go('home')
      await stay(9)
      expect(issuerAsked(phone, ground.wire.url, before)).toEqual([])
    })

    it('asks for them a while after it was opened for nothing of that kind', async () => {
      await phone.go('home')
      await phone.page.reload()
      await phone.unlock()
      const before = phone.asked.length
      await phone.page.clock.runFor(60_000)
      await expect
        .poll(() => issuerAsked(phone, ground.wire.url, before).length, { timeout: 20_000 })
        .toBeGreaterThan(0)
    })

    it('closes at the first touch after hours of sleep, which does nothing else', async () => {
      await phone.go('home')
      await phone.page.clock.setFixedTime(Date.now() + 8 * HOUR)
      await phone.page.locator('a[href="#/history"]').first().click()
      await phone.at('lock-screen').waitFor()
      expect(new URL(phone.page.url()).hash).not.toBe('#/history')
    })
  },
)

/** What the page asked the issuer for since then. */
function issuerAsked(phone: WalletDevice, issuer: string, from: number): readonly string[] {
  return phone.asked.slice(from).filter((url) => url.startsWith(issuer))
}

async function centreOfShare(phone: WalletDevice): Promise<[number, number]> {
  const share = phone.at('share')
  await share.click({ trial: true })
  await share.scrollIntoViewIfNeeded()
  const box = await share.boundingBox()
  return [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2]
}
