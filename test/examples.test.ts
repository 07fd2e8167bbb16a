import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCounter } from '../examples/ticket-shop/counter.js'
import { createPerson, numberedCopy } from './accreditation-ground.js'
import { exampleGround } from './example-ground.js'
import { answerNumbered } from './example-wallet.js'
import { answerRequest, hear } from './vp-wallet-ground.js'

const CHROMIUM = '/usr/bin/chromium'
const SHOP = 'ticket-shop/shop.js'
/** What a ticket for a show for adults takes. */
const ADULT = [['platform_number'], ['real_person'], ['age_equal_or_over', '18']]
const RESULT = '[data-show=midnight] .result'
const ground = exampleGround()
const { start, post } = ground

describe('the example fetch-handler', () => {
  it('sells to somebody who proves to be an adult, once, and to nobody else', async () => {
    expect(await start('fetch-handler/server.js')).toMatchObject({
      ready: true,
      url: ground.origin,
    })
    expect(await hear(await post('/buy'))).toMatchObject({
      ...{ status: 404, body: { error: 'transaction_missing' } },
    })
    const started = await post('/netcert/start?query=age-over-18')
    const cookie = started.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect((await post('/buy', { cookie })).status).toBe(409)
    const { request_uri: requestUri } = (await started.json()) as { request_uri: string }
    await answerRequest(requestUri, ground.held, { issuedAt: new Date() })
    expect(await hear(await post('/buy', { cookie }))).toMatchObject({
      ...{ status: 200, body: { sold: true } },
    })
    expect((await post('/buy', { cookie })).status).toBe(409)
  })
})

describe('the shop', () => {
  const bySlip = async (slip: string, show = 'autumn') =>
    hear(await post(`/tickets/${show}`, { 'shop-slip': slip }))

  it('answers every address under its policy, and does not say what it is made with', async () => {
    await start(SHOP)
    for (const path of ['/', '/account', '/everything', '/tickets', '/netcert/account', '/none']) {
      const { headers } = await fetch(ground.origin + path)
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-powered-by')).toBeNull()
    }
  })

  it('tells a visitor that something failed, and where to nobody but its log', async () => {
    await start(SHOP)
    await rm(join(ground.dir, 'tickets.sqlite'))
    const response = await fetch(`${ground.origin}/everything`)
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({ error: 'server_error', id: expect.any(String) })
  })

  it('sells for an answer what was asked with it, and nothing else', async () => {
    await start(SHOP)
    const started = await post('/netcert/start?query=ticket-autumn')
    const cookie = started.headers.get('set-cookie')?.split(';')[0] ?? ''
    const { request_uri: requestUri } = (await started.json()) as { request_uri: string }
    await answerNumbered(requestUri, await numberedCopy(ground.domain, createPerson()))
    expect(await hear(await post('/tickets/lanterns', { cookie }))).toMatchObject({
      body: { error: 'purpose_differs' },
    })
  })

  it('takes a slip of the counter once', async () => {
    const { slips: [first = '', second = ''] = [] } = await start(SHOP)
    expect(await bySlip(first)).toMatchObject({ status: 200, body: { means: 'other' } })
    expect(await bySlip(first, 'lanterns')).toMatchObject({ status: 404 })
    expect(await bySlip(second, 'lanterns')).toMatchObject({ status: 200 })
    expect(await bySlip(second)).toMatchObject({ status: 404 })
  })

  it('lets nobody guess one: after ten tries the right one does not count either', async () => {
    const { slips: [slip = ''] = [] } = await start(SHOP)
    for (let guess = 0; guess < 10; guess += 1) {
      expect(await bySlip(`${100_000_000_000 + guess}`)).toMatchObject({ status: 404 })
    }
    expect(await bySlip(slip)).toMatchObject({ status: 429, body: { error: 'too_many_tries' } })
    expect((await fetch(`${ground.origin}/`)).status).toBe(200)
  })

  it('takes a slip for a day, and no other number', () => {
    const counter = openCounter()
    const written = new Date('2026-01-01T10:00:00Z')
    const until = (hours: number) => new Date(written.getTime() + hours * 3_600_000)
    const [first, second] = [counter.write('c-1', written), counter.write('c-2', written)]
    expect(counter.take(first, until(23))).toMatchObject({ customer: 'c-1' })
    expect(counter.take(first, until(23))).toBeNull()
    expect(counter.take(second, until(24))).toBeNull()
    expect(counter.take('', written)).toBeNull()
  })
})

describe.skipIf(!existsSync(CHROMIUM))('the page of the shop, in a real browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())

  const adult = () => numberedCopy(ground.domain, createPerson(), { status: 7 })

  /** A page, the addresses it asked and everything its policy refused. */
  async function openShop(sameDevice: boolean) {
    const context = await browser.newContext({ hasTouch: sameDevice, isMobile: sameDevice })
    const page = await context.newPage()
    const asked: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).origin))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`${ground.origin}/?lang=zh-CN`)
    const answer = page.waitForResponse((response) => response.url().includes('/netcert/start'))
    await page.click('[data-show=midnight] .buy')
    const { request_uri: requestUri } = (await (await answer).json()) as { request_uri: string }
    return { page, context, requestUri, asked, complaints }
  }

  it('shows a QR code, waits and sells, asking nobody but the shop', async () => {
    await start(SHOP)
    const { page, context, requestUri, asked, complaints } = await openShop(false)
    await page.waitForSelector('.wallet.open svg path')
    const heard = await answerNumbered(requestUri, await adult(), ADULT)
    expect(heard).toEqual({ status: 200, body: { netcert_receipt: expect.any(String) } })
    await page.waitForFunction(
      () => document.querySelector('[data-show=midnight] .result')?.textContent !== '',
    )
    expect(await page.textContent(RESULT)).toBe('票已留好。我们只多知道一件事：您已满 18 周岁。')
    expect(new Set(asked)).toEqual(new Set([ground.origin]))
    expect(complaints.filter((text) => !text.includes('favicon') && !text.includes('404'))).toEqual(
      [],
    )
    await context.close()
  })

  it('asks one thing at a time: what was asked before takes no answer to what is asked now', async () => {
    await start(SHOP)
    const { page, context } = await openShop(false)
    await page.waitForSelector('[data-show=midnight] .wallet svg path')
    const answer = page.waitForResponse((response) =>
      response.url().includes('query=ticket-autumn'),
    )
    await page.click('[data-show=autumn] .buy')
    const { request_uri: requestUri } = (await (await answer).json()) as { request_uri: string }
    await page.waitForSelector('[data-show=autumn] .wallet svg path')
    expect(await page.locator('.wallet.open').count()).toBe(1)
    await answerNumbered(requestUri, await numberedCopy(ground.domain, createPerson()))
    await page.waitForFunction(
      () => document.querySelector('[data-show=autumn] .result')?.textContent !== '',
    )
    expect(await page.textContent('[data-show=autumn] .result')).toContain('票已留好')
    expect(await page.textContent(RESULT)).toBe('')
    await context.close()
  })

  it('goes on where a wallet on the same device leads back to, and nowhere else', async () => {
    await start(SHOP)
    const { page, context, requestUri } = await openShop(true)
    expect(await page.getAttribute('.wallet.open a', 'href')).toBe(requestUri)
    const { body } = await answerNumbered(requestUri, await adult(), ADULT)
    const back = String(body['redirect_uri'])
    expect(back).toMatch(/#response_code=[\w-]{22}$/)
    const elsewhere = await browser.newContext()
    const stranger = await elsewhere.newPage()
    await stranger.goto(back)
    await stranger.waitForFunction(
      () => document.querySelector('[data-show=midnight] .result')?.textContent !== '',
    )
    expect(await stranger.textContent(RESULT)).toBe('请重新开始。')
    await elsewhere.close()
    const returned = await context.newPage()
    await returned.goto(back)
    await returned.waitForFunction(
      () => document.querySelector('[data-show=midnight] .result')?.textContent !== '',
    )
    expect(await returned.textContent(RESULT)).toBe(
      '票已留好。我们只多知道一件事：您已满 18 周岁。',
    )
    expect(new URL(returned.url()).hash).toBe('')
    await page.locator('.wallet.open').waitFor({ state: 'detached' })
    expect(await page.textContent(RESULT)).toBe('')
    await context.close()
  })

  it('says nothing where the question was asked, when it looks only after all was done', async () => {
    await start(SHOP)
    const { page, context, requestUri } = await openShop(true)
    let look = () => {}
    const looks = new Promise<void>((resolve) => (look = resolve))
    await page.route('**/progress', (route) => looks.then(() => route.continue()))
    const { body } = await answerNumbered(requestUri, await adult(), ADULT)
    const returned = await context.newPage()
    await returned.goto(String(body['redirect_uri']))
    await returned.waitForFunction(
      () => document.querySelector('[data-show=midnight] .result')?.textContent !== '',
    )
    look()
    await page.locator('.wallet.open').waitFor({ state: 'detached' })
    expect(await page.textContent(RESULT)).toBe('')
    await context.close()
  })
})
