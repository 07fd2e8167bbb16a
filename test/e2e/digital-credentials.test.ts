import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseJws } from '@netcert/credential'
import type { DcApiRequest } from '@netcert/protocol'
import type { DcApiAsked } from '@netcert/verifier'
import { openWallet, type OpenWallet } from '@netcert/wallet'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium, launchChromium, setVirtualWallet } from '../chromium.js'
import { createAskingPage, type Outcome, type PageGlobals } from '../digital-credentials-page.js'
import { testNow } from '../trust-domain.js'
import { over18, type VpGround } from '../vp-platform-ground.js'

/** The Digital Credentials API in a real browser: page, browser, wallet and verifier. */

type Given = { readonly protocol: string; readonly data: Record<string, unknown> }

describe.skipIf(!hasChromium)(`the Digital Credentials API in Chromium${chromiumState}`, () => {
  let ground: VpGround
  let browser: Browser
  let page: Page
  let folder: string
  let ours: OpenWallet

  beforeAll(async () => {
    ground = await createAskingPage()
    browser = await launchChromium()
    folder = await mkdtemp(join(tmpdir(), 'netcert-browser-'))
    const trust = () => ground.trust
    ours = await openWallet({ dir: folder, clock: () => testNow, create: true, trust })
    const keys = await ours.wallet.createHolderKeys(10)
    const credentials = await Promise.all(keys.map((jwk) => ground.domain.mint({ jwk })))
    await ours.wallet.receive({ credentials, kind: 'one-time' })
  })
  afterAll(async () => {
    await browser?.close()
    await ours?.close()
    ground?.close()
    await rm(folder, { recursive: true })
  })
  beforeEach(async () => {
    page = await browser.newPage()
    await page.goto(ground.origin)
  })
  afterEach(() => page.close())

  const answer = async (request: DcApiRequest, origin: string) => {
    const { wallet } = ours
    return (await wallet.answerBrowser({ request, origin, consent: () => 'share' })).answer
  }

  /** A click, for a wallet is only asked after one. */
  async function inPage(work: Promise<Outcome>): Promise<Outcome> {
    await page.click('#ask')
    return work
  }

  const askWith = (request: DcApiRequest): Promise<Outcome> =>
    page.evaluate((text) => {
      const globals = globalThis as unknown as PageGlobals
      return globals.ask(() => globals.get(JSON.parse(text)))
    }, JSON.stringify(request))

  /** Has the page ask with the request, and the wallet behind the browser answer it. */
  async function present(request: DcApiRequest): Promise<Given> {
    const { protocol, data } = await answer(request, new URL(page.url()).origin)
    await setVirtualWallet(page, { action: 'respond', protocol, response: data })
    return (await inPage(askWith(request))).value as Given
  }

  const handIn = async ({ requestId }: DcApiAsked, data: unknown) => {
    const answered = await fetch(`${ground.baseUrl}/dc-api/${requestId}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ data }),
    })
    const { code } = (await answered.json()) as { code?: string }
    return { status: answered.status, code }
  }

  const ways = [null, 'did'].flatMap((clientId) =>
    (['dc_api', 'dc_api.jwt'] as const).map((mode) => [clientId as 'did' | null, mode] as const),
  )
  const ask = (clientId: 'did' | null, mode: 'dc_api' | 'dc_api.jwt') =>
    ground.engine.createDcApiRequest({ query: over18, origin: ground.origin, mode, clientId })

  it.each(ways)('signed by %s, %s: the verifier gets its fact', async (clientId, mode) => {
    const asked = await ask(clientId, mode)
    const { protocol, data } = await present(asked.request)
    const kind = clientId === null ? 'unsigned' : 'signed'
    expect(protocol).toBe(`openid4vp-v1-${kind}`)
    expect(Object.keys(data)).toEqual([mode === 'dc_api' ? 'vp_token' : 'response'])
    expect(await handIn(asked, data)).toEqual({ status: 200 })
    const result = await ground.engine.result(asked.session, null)
    expect(result).toMatchObject({ verified: true, facts: { age_equal_or_over: { '18': true } } })
  })

  it.each([null, 'did'] as const)('signed by %s: aud is the origin', async (clientId) => {
    const { request } = await ask(clientId, 'dc_api')
    const { data } = await present(request)
    const [presentation = ''] = Object.values(data['vp_token'] as Record<string, string[]>).flat()
    const keyBinding = presentation.split('~').at(-1) ?? ''
    const { payload } = parseJws(keyBinding, { algorithms: ['ES256'], maxDepth: 8 })
    expect(payload['aud']).toBe(`origin:${ground.origin}`)
  })

  it('verifyAndWait() asks through the browser and resolves with the result', async () => {
    await page.route('**/start?*', async (route) => {
      const response = await route.fetch()
      const { request } = (await response.json()) as { request: DcApiRequest }
      const { protocol, data } = await answer(request, ground.origin)
      await setVirtualWallet(page, { action: 'respond', protocol, response: data })
      await route.fulfill({ response })
    })
    const asked = page.evaluate(() => {
      const globals = globalThis as unknown as PageGlobals
      const into = document.body
      const options = { query: 'age-over-18', into, base: '/netcert', browser: true }
      return globals.ask(() => globals.verifyAndWait(options))
    })
    expect(await inPage(asked)).toMatchObject({
      value: { verified: true, facts: { age_equal_or_over: { '18': true } } },
    })
  })

  it('a person who declines leaves the verifier with nothing', async () => {
    const { request, session } = await ask('did', 'dc_api.jwt')
    await setVirtualWallet(page, { action: 'decline' })
    expect((await inPage(askWith(request))).value).toBeUndefined()
    expect(await ground.engine.progress(session)).toBe('waiting')
  })

  it('a signed request that another site shows is refused by the wallet', async () => {
    await page.goto(ground.origin.replace('127.0.0.1', 'localhost'))
    const { request } = await ask('did', 'dc_api')
    await expect(present(request)).rejects.toMatchObject({ code: 'expected_origins' })
  })

  it('an answer that another site got is refused by the verifier', async () => {
    await page.goto(ground.origin.replace('127.0.0.1', 'localhost'))
    const asked = await ask(null, 'dc_api')
    const { data } = await present(asked.request)
    expect(await handIn(asked, data)).toEqual({ status: 422, code: 'kb_aud' })
  })

  it('an answer counts once', async () => {
    const asked = await ask(null, 'dc_api')
    const { data } = await present(asked.request)
    expect(await handIn(asked, data)).toEqual({ status: 200 })
    expect(await handIn(asked, data)).toMatchObject({ code: 'session_used' })
  })
})
