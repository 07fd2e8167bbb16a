import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { freshnessPolicies } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  adultClaims,
  createHolder,
  createTrustDomain,
  type Holder,
  presentTo,
  testNow,
} from '../../../test/trust-domain.js'
import { createVerifierServer, type RequestLine } from './http.js'
import { memorySessions } from './memory-sessions.js'
import { createVerifier } from './verifier.js'

const audience = 'https://shop.example'
const clock = () => testNow
const log: RequestLine[] = []

let base: string
let holder: Holder
let credential: string
let release: () => void = () => undefined
let gate: Promise<void> | undefined
let healthy = true
let server: ReturnType<typeof createVerifierServer>

beforeAll(async () => {
  const domain = await createTrustDomain()
  const trust = await domain.trust()
  holder = await createHolder()
  credential = await domain.mint({ jwk: holder.jwk })
  const verifier = createVerifier({
    trust: async () => {
      await gate
      return trust
    },
    audience,
    clock,
    freshness: freshnessPolicies['grace-24h'],
    sessions: memorySessions({ clock, capacity: 200 }),
    platform: () => null,
  })
  server = createVerifierServer({
    verifier,
    queries: new Map([['age-over-18', parseQuery(queries['age-over-18'])]]),
    health: () => {
      if (!healthy) throw new Error('database gone: secret detail')
      return { trust_list: 1 }
    },
    log: (line) => log.push(line),
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())
beforeEach(() => {
  log.length = 0
})

async function post(path: string, body: unknown, type = 'application/json') {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(base + path, {
    method: 'POST',
    headers: { 'content-type': type },
    body: text,
  })
  const answer = (await response.json()) as Record<string, unknown>
  return { status: response.status, headers: response.headers, answer }
}

const start = async () => (await post('/sessions', { query: 'age-over-18' })).answer
const present = async (nonce: unknown) =>
  presentTo({ credential, holder, audience, nonce: String(nonce) })

describe('the verifier over HTTP', () => {
  it('starts a session by the name of a query or with the query itself', async () => {
    const named = await post('/sessions', { query: 'age-over-18' })
    expect(named.status).toBe(201)
    expect(named.headers.get('cache-control')).toBe('no-store')
    expect(named.answer).toMatchObject({
      audience,
      query: queries['age-over-18'],
      expires_at: testNow.getTime() / 1000 + 300,
    })
    const spelled = await post('/sessions', { query: queries['age-over-18'] })
    expect(spelled.answer['query']).toEqual(named.answer['query'])
  })

  it('answers a presentation with the result', async () => {
    const { id, nonce } = await start()
    const { status, answer } = await post(`/sessions/${String(id)}/presentation`, {
      presentation: await present(nonce),
    })
    expect(status).toBe(200)
    expect(answer).toMatchObject({
      verified: true,
      means: 'certificate',
      facts: { age_equal_or_over: { '18': true } },
      freshness: { verdict: 'valid' },
    })
  })

  it('takes one response per session, of 12 at once', async () => {
    const { id, nonce } = await start()
    const presentation = await present(nonce)
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        post(`/sessions/${String(id)}/presentation`, { presentation }),
      ),
    )
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
    expect(statuses).toEqual([200, ...Array<number>(11).fill(409)])
  })

  it.each<[number, string, string, unknown]>([
    [400, 'query_malformed', '/sessions', { query: {} }],
    [400, 'query_malformed', '/sessions', {}],
    [400, 'request_malformed', '/sessions', { query: 'unknown-name' }],
    [400, 'unaccredited', '/sessions', { query: queries['sign-in'] }],
    [400, 'bad_json', '/sessions', '{"query":'],
    [400, 'duplicate_json_key', '/sessions', '{"query":"a","query":"b"}'],
    [400, 'payload_not_object', '/sessions', '[]'],
    [404, 'session_unknown', '/sessions/none/presentation', { presentation: 'a~' }],
    [400, 'request_malformed', '/sessions/none/presentation', { presentation: 1 }],
    [404, 'not_found', '/elsewhere', {}],
    [413, 'request_too_large', '/sessions', { query: 'x'.repeat(64 * 1024) }],
    [
      413,
      'request_too_large',
      '/sessions/a/presentation',
      { presentation: 'x'.repeat(200 * 1024) },
    ],
  ])('answers %i %s at %s', async (status, error, path, body) => {
    const refused = await post(path, body)
    expect(refused.status).toBe(status)
    expect(refused.answer).toEqual({
      error,
      error_description: expect.stringMatching(/^[ -~]+\.$/),
      cure: expect.stringMatching(/^[ -~]+\.$/),
      id: expect.any(String),
    })
  })

  it('refuses another content type, and a compressed body', async () => {
    expect((await post('/sessions', 'query=a', 'text/plain')).status).toBe(400)
    const response = await fetch(`${base}/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: 'bomb',
    })
    expect(response.status).toBe(415)
  })

  it('refuses a presentation made for somebody else', async () => {
    const { id, nonce } = await start()
    const presentation = await presentTo({
      credential,
      holder,
      audience: 'https://other.example',
      nonce: String(nonce),
    })
    const { status, answer } = await post(`/sessions/${String(id)}/presentation`, { presentation })
    expect([status, answer['error']]).toEqual([422, 'kb_aud'])
  })

  it('tells a fault by an id only', async () => {
    healthy = false
    const response = await fetch(`${base}/health`)
    healthy = true
    const text = await response.text()
    expect(response.status).toBe(500)
    expect(text).toContain('server_error')
    expect(text).not.toContain('secret detail')
    expect((await fetch(`${base}/health`)).status).toBe(200)
  })

  it('logs neither session, nonce, presentation nor claim', async () => {
    const { id, nonce } = await start()
    const presentation = await present(nonce)
    await post(`/sessions/${String(id)}/presentation`, { presentation })
    await post(`/sessions/${String(id)}/presentation?token=abc`, { presentation })
    const text = JSON.stringify(log)
    for (const secret of [id, nonce, presentation, 'token=abc', adultClaims['family_name']]) {
      expect(text).not.toContain(String(secret))
    }
    expect(log.map(({ route, status, code }) => [route, status, code])).toEqual([
      ['/sessions', 201, null],
      ['/sessions/:id/presentation', 200, null],
      ['/sessions/:id/presentation', 409, 'session_used'],
    ])
  })

  it('turns callers away while 64 requests are under way, and recovers', async () => {
    const sessions = await Promise.all(Array.from({ length: 70 }, start))
    gate = new Promise((resolve) => {
      release = resolve
    })
    const answers = sessions.map(({ id }) =>
      post(`/sessions/${String(id)}/presentation`, { presentation: 'a~' }),
    )
    // Those that are turned away answer at once, the others when the gate opens.
    let answered = 0
    for (const answer of answers) void answer.then(() => (answered += 1))
    await expect.poll(() => answered).toBe(6)
    release()
    gate = undefined
    const settled = await Promise.all(answers)
    const turnedAway = settled.filter(({ status }) => status === 503)
    expect(turnedAway).toHaveLength(6)
    expect(turnedAway[0]?.answer['error']).toBe('overloaded')
    expect(Number(turnedAway[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await post('/sessions', { query: 'age-over-18' })).status).toBe(201)
  })

  it('says when to come back once all sessions are taken', async () => {
    let full: Awaited<ReturnType<typeof post>> | undefined
    for (let made = 0; made < 210 && full === undefined; made += 1) {
      const started = await post('/sessions', { query: 'age-over-18' })
      if (started.status !== 201) full = started
    }
    expect([full?.status, full?.answer['error']]).toEqual([503, 'sessions_full'])
    expect(Number(full?.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})
