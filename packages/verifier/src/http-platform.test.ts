import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testNow } from '../../../test/trust-domain.js'
import { createVpGround, type VpGround } from '../../../test/vp-platform-ground.js'
import { answerRequest, hear } from '../../../test/vp-wallet-ground.js'
import { createVerifierApp, type RequestLine, type VerifierAppOptions } from './http.js'

let ground: VpGround
const log: RequestLine[] = []
const servers: Server[] = []

beforeAll(async () => {
  ground = await createVpGround()
})
afterAll(() => {
  ground.close()
  for (const server of servers) server.close()
})

/** The same platform behind the app of the server, whose addresses lead to the ground's own port. */
async function serve(options: Partial<VerifierAppOptions> = {}): Promise<string> {
  const app = createVerifierApp({
    ...{ platform: ground.platform, health: () => ({ trust_list: 1 }) },
    log: (line) => log.push(line),
    ...options,
  })
  const server = createServer({ maxHeaderSize: 16 * 1024 }, app).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const start = (base: string) => fetch(`${base}/netcert/start?query=age-over-18`, { method: 'POST' })

describe('the server for wallets and pages', () => {
  it('leads a wallet from the start to the result', async () => {
    const base = await serve()
    const started = await start(base)
    const cookie = started.headers.get('set-cookie')?.split(';')[0] ?? ''
    const { request_uri: requestUri } = (await started.json()) as { request_uri: string }
    await answerRequest(requestUri, ground.held, { issuedAt: testNow })
    const result = await fetch(`${base}/netcert/result`, { method: 'POST', headers: { cookie } })
    expect(await hear(result)).toMatchObject({ status: 200, body: { verified: true } })
  })

  it('has no back end for whoever holds a session id', async () => {
    const base = await serve()
    const response = await fetch(`${base}/sessions`, { method: 'POST', body: '{}' })
    expect(await hear(response)).toMatchObject({ status: 404, body: { error: 'not_found' } })
    expect((await hear(await fetch(`${base}/health`))).body).toEqual({
      status: 'ok',
      trust_list: 1,
    })
  })

  it('sends headers that let nothing run, frame, sniff or refer', async () => {
    const { headers } = await start(await serve())
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('strict-transport-security')).toContain('max-age=')
    expect(headers.has('x-powered-by')).toBe(false)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    [2, 201],
    [3, 201],
    [4, 429],
  ])('takes the %ith start of a minute with status %i, at most 3', async (nth, status) => {
    const base = await serve({ startsPerMinute: 3 })
    for (let at = 1; at < nth; at += 1) await start(base)
    const last = await start(base)
    expect(last.status).toBe(status)
    if (status === 429) {
      expect(last.headers.get('retry-after')).toMatch(/^\d+$/)
      expect((await hear(last)).body).toMatchObject({ error: 'too_many_requests' })
    }
  })

  it('counts by the caller that a known proxy names, and believes nobody else', async () => {
    const from = (base: string, address: string) =>
      fetch(`${base}/netcert/progress`, { headers: { 'x-forwarded-for': address } })
    const open = await serve({ requestsPerMinute: 1 })
    expect((await from(open, '192.0.2.1')).status).toBe(404)
    expect((await from(open, '192.0.2.2')).status).toBe(429)
    const behind = await serve({ requestsPerMinute: 1, proxies: 1 })
    expect((await from(behind, '192.0.2.1')).status).toBe(404)
    expect((await from(behind, '192.0.2.2')).status).toBe(404)
    expect((await from(behind, '192.0.2.1')).status).toBe(429)
  })

  it.each([
    [8 * 1024 - 1, 404],
    [8 * 1024, 404],
    [8 * 1024 + 1, 413],
  ])('takes an address of %i bytes with status %i', async (bytes, status) => {
    const path = `/netcert/progress?x=`
    const url = (await serve()) + path + 'x'.repeat(bytes - path.length)
    expect((await fetch(url)).status).toBe(status)
  })

  it.each([
    [15 * 1024, 404],
    [17 * 1024, 431],
  ])('takes headers of about %i bytes with status %i', async (bytes, status) => {
    const response = await fetch(`${await serve()}/netcert/progress`, {
      headers: { 'x-filler': 'x'.repeat(bytes) },
    })
    expect(response.status).toBe(status)
  })

  it('counts by the header of the operator’s own proxy where one is named', async () => {
    const from = (base: string, address: string) =>
      fetch(`${base}/netcert/progress`, { headers: { 'x-real-address': address } })
    const named = await serve({ requestsPerMinute: 1, addressHeader: 'X-Real-Address' })
    expect((await from(named, '192.0.2.1')).status).toBe(404)
    expect((await from(named, '192.0.2.1')).status).toBe(429)
    expect((await from(named, '192.0.2.2')).status).toBe(404)
    const unnamed = await serve({ requestsPerMinute: 1 })
    expect((await from(unnamed, '192.0.2.1')).status).toBe(404)
    expect((await from(unnamed, '192.0.2.2')).status).toBe(429)
  })

  it.each([
    [199, 'session_unknown'],
    [200, 'session_unknown'],
    [201, 'transaction_missing'],
  ])('looks for a session of %i characters: %s', async (length, code) => {
    const headers = { cookie: `netcert=${'x'.repeat(length)}` }
    const response = await fetch(`${await serve()}/netcert/result`, { method: 'POST', headers })
    expect((await hear(response)).body).toMatchObject({ code })
  })

  it('refuses what is no HTTP without falling over', async () => {
    const base = await serve()
    const socket = connect(Number(new URL(base).port), '127.0.0.1')
    socket.resume()
    socket.end('NEEDLE\r\n\r\n')
    await once(socket, 'close')
    expect((await start(base)).status).toBe(201)
  })

  it('logs neither ids nor claims, cookies or tokens', async () => {
    log.length = 0
    const base = await serve()
    const started = await start(base)
    const cookie = started.headers.get('set-cookie')?.split(';')[0] ?? ''
    const { request_uri: requestUri } = (await started.json()) as { request_uri: string }
    await answerRequest(requestUri, ground.held, { issuedAt: testNow })
    await fetch(`${base}/netcert/result`, { method: 'POST', headers: { cookie } })
    await fetch(`${base}/netcert/request/${'N'.repeat(22)}`)
    const text = JSON.stringify(log)
    expect(log.length).toBeGreaterThanOrEqual(3)
    for (const needle of [cookie.split('=')[1] ?? '', 'N'.repeat(22), 'age_equal', 'eyJ', '127.']) {
      expect(text).not.toContain(needle)
    }
  })
})
