import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initVerifier, installAccreditation, readRequestKey } from '@netcert/verifier/server'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  accredit,
  createPerson,
  type NumberedCopy,
  numberedCopy,
  presentNumbered,
} from './accreditation-ground.js'
import { root } from './architecture/source-file.js'
import { createHolder, createTrustDomain, later, type TrustDomain } from './trust-domain.js'
import {
  answerRequest,
  encryptAnswer,
  type Held,
  hear,
  membersOf,
  postForm,
  readVpRequest,
} from './vp-wallet-ground.js'

const CHROMIUM = '/usr/bin/chromium'
const examples = ['express-shop/shop.js', 'fetch-handler/server.js']

let home = ''
let origin = ''
let held: Held
let domain: TrustDomain
const running: ChildProcess[] = []

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'netcert-examples-'))
  origin = `http://127.0.0.1:${await freePort()}`
  const now = new Date()
  // The examples run by the clock of the system, so everything is issued for now.
  domain = await createTrustDomain(now)
  await domain.publish(join(home, 'published'))
  const holder = await createHolder()
  held = {
    holder,
    credential: await domain.mint({ jwk: holder.jwk, expiresAt: later(86_400, now) }),
  }
  await initVerifier({
    dir: join(home, 'verifier'),
    baseUrl: `${origin}/netcert`,
    rootDid: domain.rootDid,
    listsDir: join(home, 'published'),
    now,
  })
  await accreditShop(now)
})
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
})
afterAll(() => rm(home, { recursive: true, force: true }))

/** For accounts, and for what the shop asks of everybody. */
async function accreditShop(now: Date): Promise<void> {
  const dir = join(home, 'verifier')
  const { jwk: requestJwk } = await readRequestKey({ dir })
  const token = await accredit(domain, {
    ...{ requestJwk, issuedAt: now, expiresAt: later(86_400, now) },
    claims: [['platform_number'], ['real_person'], ['age_equal_or_over', '18']],
  })
  await installAccreditation({ dir, token, clock: () => now, allowHttpLoopback: false })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return address !== null && typeof address === 'object' ? address.port : 0
}

/** Starts an example and waits for its line. */
async function start(example: string): Promise<unknown> {
  const file = join(root, 'examples', example)
  const child = spawn(process.execPath, [file, join(home, 'verifier')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push(child)
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  return JSON.parse(line)
}

const post = (path: string, headers: Record<string, string> = {}) =>
  fetch(origin + path, { method: 'POST', headers })

describe.each(examples)('the example %s', (example) => {
  it('sells to somebody who proves to be an adult, once, and to nobody else', async () => {
    expect(await start(example)).toEqual({ ready: true, url: origin })
    expect(await hear(await post('/buy'))).toMatchObject({
      ...{ status: 404, body: { error: 'transaction_missing' } },
    })
    const started = await post('/netcert/start?query=age-over-18')
    const cookie = started.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect((await post('/buy', { cookie })).status).toBe(409)
    const { request_uri: requestUri } = (await started.json()) as { request_uri: string }
    await answerRequest(requestUri, held, { issuedAt: new Date() })
    expect(await hear(await post('/buy', { cookie }))).toMatchObject({
      ...{ status: 200, body: { sold: true } },
    })
    expect((await post('/buy', { cookie })).status).toBe(409)
  })
})

describe('the accounts of the shop', () => {
  async function enter(copy: NumberedCopy) {
    const started = await post('/netcert/start?query=sign-in')
    const cookie = started.headers.get('set-cookie')?.split(';')[0] ?? ''
    const { request_uri: link } = (await started.json()) as { request_uri: string }
    const read = await readVpRequest(link)
    const shown = { audience: read.clientId, nonce: read.request.nonce, issuedAt: new Date() }
    const presentation = await presentNumbered(copy, shown)
    const members = membersOf(read.request, { certificate: [presentation] })
    const response = await encryptAnswer(read.request, members)
    const heard = await postForm(read.request.response_uri ?? '', { response })
    expect(heard.body).toHaveProperty('netcert_receipt')
    return (await hear(await post('/enter', { cookie }))).body
  }

  it('are one for each person, whatever phone they come with, until they have it deleted', async () => {
    await start('express-shop/shop.js')
    const person = createPerson()
    const first = await enter(await numberedCopy(domain, person))
    expect(first).toEqual({ number: expect.stringMatching(/^P\w{22}$/), visits: 1 })
    const phone = await numberedCopy(domain, person)
    expect(await enter(phone)).toEqual({ ...first, visits: 2 })
    const friend = await enter(await numberedCopy(domain, createPerson()))
    expect(friend).toMatchObject({ visits: 1 })
    expect(friend['number']).not.toBe(first['number'])
    const presentation = await presentNumbered(phone, {
      ...{ audience: `${origin}/netcert/deletion`, nonce: 'A'.repeat(22), issuedAt: new Date() },
      paths: [['platform_number']],
      bindingClaims: { platform_number_r: phone.r, netcert_purpose: 'deletion' },
    })
    expect((await postForm(`${origin}/netcert/deletion`, { presentation })).status).toBe(200)
    expect(await enter(phone)).toEqual({ ...first, visits: 1 })
  })
})

describe.skipIf(!existsSync(CHROMIUM))('the page of the shop, in a real browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())

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
    await page.goto(origin)
    const answer = page.waitForResponse((response) => response.url().includes('/netcert/start'))
    await page.click('#buy')
    const { request_uri: requestUri } = (await (await answer).json()) as { request_uri: string }
    return { page, context, requestUri, asked, complaints }
  }

  it('shows a QR code, waits and sells, asking nobody but the shop', async () => {
    await start('express-shop/shop.js')
    const { page, context, requestUri, asked, complaints } = await openShop(false)
    await page.waitForSelector('#wallet svg path')
    const heard = await answerRequest(requestUri, held, { issuedAt: new Date() })
    expect(heard).toEqual({ status: 200, body: { netcert_receipt: expect.any(String) } })
    await page.waitForFunction(() => document.querySelector('#result')?.textContent !== '')
    expect(await page.textContent('#result')).toBe('已购买')
    expect(new Set(asked)).toEqual(new Set([origin]))
    expect(complaints.filter((text) => !text.includes('favicon') && !text.includes('404'))).toEqual(
      [],
    )
    await context.close()
  })

  it('goes on where a wallet on the same device leads back to, and nowhere else', async () => {
    await start('express-shop/shop.js')
    const { page, context, requestUri } = await openShop(true)
    expect(await page.getAttribute('#wallet a', 'href')).toBe(requestUri)
    const { body } = await answerRequest(requestUri, held, { issuedAt: new Date() })
    const back = String(body['redirect_uri'])
    expect(back).toMatch(/#response_code=[\w-]{22}$/)
    const elsewhere = await browser.newContext()
    const stranger = await elsewhere.newPage()
    await stranger.goto(back)
    await stranger.waitForFunction(() => document.querySelector('#result')?.textContent !== '')
    expect(await stranger.textContent('#result')).toContain('transaction_missing')
    await elsewhere.close()
    const returned = await context.newPage()
    await returned.goto(back)
    await returned.waitForFunction(() => document.querySelector('#result')?.textContent !== '')
    expect(await returned.textContent('#result')).toBe('已购买')
    expect(new URL(returned.url()).hash).toBe('')
    expect(await page.textContent('#result')).toBe('')
    await context.close()
  })
})
