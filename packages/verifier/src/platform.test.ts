import { parseQuery } from '@netcert/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testNow } from '../../../test/trust-domain.js'
import { createVpGround, over18, type VpGround } from '../../../test/vp-platform-ground.js'
import {
  answerRequest,
  hear,
  membersOf,
  presentFor,
  readVpRequest,
} from '../../../test/vp-wallet-ground.js'
import { verifier } from './platform.js'

const wallet = { issuedAt: testNow }

let ground: VpGround
const page: { seen: unknown } = { seen: null }

beforeAll(async () => {
  ground = await createVpGround({
    page: ({ certificate }, request, response) => {
      void certificate('age-over-18')(request, response, () => {
        page.seen = 'netcert' in request ? request.netcert : null
        response.setHeader('content-type', 'application/json')
        response.end('{"sold":true}')
      })
    },
  })
})
afterAll(() => ground.close())

type Started = { readonly cookie: string; readonly body: Record<string, string> }

async function start(parameters: Record<string, string> = {}): Promise<Started> {
  const asked = new URLSearchParams({ query: 'age-over-18', ...parameters })
  const response = await fetch(`${ground.baseUrl}/start?${asked}`, { method: 'POST' })
  expect(response.status).toBe(201)
  const cookie = response.headers.get('set-cookie') ?? ''
  return { cookie, body: (await response.json()) as Record<string, string> }
}

const pairOf = (cookie: string) => cookie.split(';')[0] ?? ''

async function call(method: string, path: string, headers: Record<string, string> = {}) {
  const url = path.startsWith('/buy') ? ground.origin + path : ground.baseUrl + path
  return hear(await fetch(url, { method, headers }))
}

describe('a page that asks', () => {
  it('starts by the name of a query, in a cookie that no script and no other site gets', async () => {
    const { cookie, body } = await start()
    expect(cookie).toMatch(/^netcert=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(body['request_uri']).toMatch(/^openid4vp:\/\/\?client_id=decentralized_identifier%3A/)
    expect(JSON.stringify(body)).not.toContain(pairOf(cookie).split('=')[1])
  })

  it('leads to a wallet that is a web page where the platform names one, with the request behind the #', async () => {
    const platform = verifier({
      ...{ engine: ground.engine, queries: { q: over18 }, drawQr: () => [], script: '' },
      ...{ baseUrl: ground.baseUrl, walletUrl: 'https://wallet.example/#/home' },
    })
    const asked = new Request(`${ground.baseUrl}/start?query=q`, { method: 'POST' })
    const body = (await (await platform.handler(asked)).json()) as Record<string, string>
    const link = new URL(body['wallet_link'] ?? '')
    expect(link.origin + link.pathname + link.search).toBe('https://wallet.example/')
    expect(link.hash).toBe(
      `#/present?${new URLSearchParams({ request: body['request_uri'] ?? '' })}`,
    )
    expect((await start()).body).not.toHaveProperty('wallet_link')
  })

  it('over https the cookie is bound to the host', async () => {
    const platform = verifier({
      ...{ engine: ground.engine, queries: { q: over18 }, drawQr: () => [], script: '' },
      baseUrl: 'https://shop.example/netcert',
    })
    const asked = new Request('https://shop.example/netcert/start?query=q', { method: 'POST' })
    const response = await platform.handler(asked)
    expect(response.status).toBe(201)
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-netcert=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    )
  })

  it('waits, and gets the result once', async () => {
    const { cookie, body } = await start()
    const headers = { cookie: pairOf(cookie) }
    expect((await call('GET', '/progress', headers)).body).toEqual({ progress: 'waiting' })
    expect(await call('POST', '/result', headers)).toMatchObject({
      ...{ status: 409, body: { error: 'session_waiting' } },
    })
    await answerRequest(body['request_uri'] ?? '', ground.held, wallet)
    expect((await call('GET', '/progress', headers)).body).toEqual({ progress: 'answered' })
    expect(await call('POST', '/result', headers)).toMatchObject({
      ...{ status: 200, body: { verified: true, purpose: 'age-over-18' } },
    })
    expect(await call('POST', '/result', headers)).toMatchObject({
      ...{ status: 409, body: { error: 'result_delivered' } },
    })
  })

  it('hands the result to the platform on its own request, once', async () => {
    const { cookie, body } = await start()
    await answerRequest(body['request_uri'] ?? '', ground.held, wallet)
    const headers = { cookie: pairOf(cookie) }
    expect(await call('POST', '/buy', headers)).toEqual({ status: 200, body: { sold: true } })
    expect(page.seen).toMatchObject({
      ...{ verified: true, means: 'certificate', role: 'self' },
      ...{ facts: { age_equal_or_over: { '18': true } } },
    })
    page.seen = null
    expect((await call('POST', '/buy', headers)).status).toBe(409)
    expect(page.seen).toBeNull()
  })

  it('cannot use the answer to one question for another', async () => {
    const { cookie, body } = await start({ query: 'real-person' })
    const read = await readVpRequest(body['request_uri'] ?? '')
    const shown = await presentFor(read, ground.held, { ...wallet, paths: [['real_person']] })
    const { encryptAnswer, postForm } = await import('../../../test/vp-wallet-ground.js')
    const id = parseQuery(read.request.dcql_query).credentials[0]?.id ?? ''
    const members = membersOf(read.request, { [id]: [shown] })
    const response = await encryptAnswer(read.request, members)
    expect((await postForm(read.request.response_uri ?? '', { response })).status).toBe(200)
    expect(await call('POST', '/buy', { cookie: pairOf(cookie) })).toMatchObject({
      ...{ status: 422, body: { error: 'purpose_differs' } },
    })
  })

  it('on the same device needs the code its wallet brought, in the browser that started', async () => {
    const { cookie, body } = await start({ return_to: '/cart?item=1' })
    const heard = await answerRequest(body['request_uri'] ?? '', ground.held, wallet)
    const [back, code] = String(heard.body['redirect_uri']).split('#response_code=')
    expect(back).toBe(`${ground.origin}/cart?item=1`)
    const stranger = pairOf((await start()).cookie)
    const withCode = { 'netcert-response-code': code ?? '' }
    const tries: [Record<string, string>, number][] = [
      [{ cookie: pairOf(cookie) }, 403],
      [{ cookie: pairOf(cookie), 'netcert-response-code': 'A'.repeat(22) }, 403],
      [{ cookie: pairOf(cookie), 'netcert-response-code': 'A'.repeat(9_000) }, 403],
      [{ cookie: stranger, ...withCode }, 409],
      [withCode, 404],
      [{ cookie: `${pairOf(cookie)}; ${pairOf(cookie)}`, ...withCode }, 404],
      [{ cookie: pairOf(cookie), ...withCode }, 200],
    ]
    for (const [headers, status] of tries) {
      expect((await call('POST', '/buy', headers)).status).toBe(status)
    }
  })

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'cart',
    '',
    '/a#b',
    '/a b',
    `/${'a'.repeat(1_024)}`,
  ])('is not led back to %s', async (path) => {
    const asked = new URLSearchParams({ query: 'age-over-18', return_to: path })
    expect(await call('POST', `/start?${asked}`)).toMatchObject({
      ...{ status: 400, body: { error: 'request_malformed' } },
    })
  })

  it.each(['', 'unknown', '__proto__', 'constructor'])('cannot ask for %j', async (query) => {
    expect(await call('POST', `/start?query=${query}`)).toMatchObject({
      ...{ status: 400, body: { error: 'query_unknown' } },
    })
  })

  it('gets the snippet as a file of its own', async () => {
    const response = await fetch(`${ground.baseUrl}/verify-and-wait.js`)
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('addresses', () => {
  it.each([
    ['GET', '/start?query=age-over-18'],
    ['GET', '/result'],
    ['POST', '/progress'],
    ['GET', `/response/${'A'.repeat(22)}`],
    ['POST', '/request'],
    ['GET', '/request/a/b'],
    ['DELETE', `/request/${'A'.repeat(22)}`],
    ['GET', '/elsewhere'],
    ['GET', '//request/x'],
  ])('%s %s answers nothing', async (method, path) => {
    expect(await call(method, path)).toMatchObject({ status: 404, body: { error: 'not_found' } })
  })

  it.each(['none', 'A'.repeat(22), 'A'.repeat(23), '%00', '..'.repeat(11)])(
    'of a request that never was: %s',
    async (id) => {
      const heard = await call('GET', `/request/${encodeURIComponent(id)}`)
      expect(heard).toMatchObject({ status: 404, body: { error: 'invalid_request' } })
    },
  )

  it('for wallets may be read by pages of any origin, those for the page may not', async () => {
    const { body } = await start()
    const requestUri = new URL(body['request_uri'] ?? '').searchParams.get('request_uri') ?? ''
    const request = await fetch(requestUri)
    expect(request.headers.get('content-type')).toBe('application/oauth-authz-req+jwt')
    expect(request.headers.get('cache-control')).toBe('no-store')
    expect(request.headers.get('access-control-allow-origin')).toBe('*')
    const progress = await fetch(`${ground.baseUrl}/progress`)
    expect(progress.headers.has('access-control-allow-origin')).toBe(false)
  })
})
