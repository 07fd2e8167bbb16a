import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testNow } from '../../../test/trust-domain.js'
import { createVpGround, over18, type VpGround } from '../../../test/vp-platform-ground.js'
import { answerRequest, hear } from '../../../test/vp-wallet-ground.js'
import { RESPONSE_CODE_HEADER } from './platform-redeem.js'
import { verifier } from './platform.js'

let ground: VpGround
/** Response codes as they reach the engine, which is the real one. */
const codesSeen: (number | null)[] = []
let base = ''

beforeAll(async () => {
  ground = await createVpGround()
  base = ground.baseUrl
})
afterAll(() => ground.close())

const postJson = async (path: string, body: string) =>
  hear(
    await fetch(base + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    }),
  )

describe('what a page sends back', () => {
  it.each([
    [199, 'session_unknown'],
    [200, 'session_unknown'],
    [201, 'transaction_missing'],
  ])('names a transaction of %i characters: %s', async (length, error) => {
    const headers = { cookie: `netcert=${'a'.repeat(length)}` }
    const heard = await hear(await fetch(`${base}/result`, { method: 'POST', headers }))
    expect(heard.body).toMatchObject({ error })
  })

  it('brings a response code of 200 characters as far as it is compared, and no longer one', async () => {
    const { engine, baseUrl } = ground
    const platform = verifier({
      ...{ baseUrl, queries: { q: over18 }, mode: 'direct_post', drawQr: () => [], script: '' },
      engine: {
        ...engine,
        result: (session, code) => {
          codesSeen.push(code?.length ?? null)
          return engine.result(session, code)
        },
      },
    })
    const asked = new URLSearchParams({ query: 'q', return_to: '/' })
    const begin = new Request(`${baseUrl}/start?${asked}`, { method: 'POST' })
    const started = await platform.handler(begin)
    const [cookie = ''] = (started.headers.get('set-cookie') ?? '').split(';')
    const { request_uri } = (await started.json()) as { request_uri: string }
    const heard = await answerRequest(request_uri, ground.held, { issuedAt: testNow })
    const result = async (code: string) => {
      const headers = { cookie, [RESPONSE_CODE_HEADER]: code }
      const reply = await platform.handler(
        new Request(`${baseUrl}/result`, { method: 'POST', headers }),
      )
      return ((await reply.json()) as { error?: string }).error ?? 'delivered'
    }
    for (const length of [199, 200, 201]) {
      expect(await result('c'.repeat(length))).toBe('response_code_wrong')
    }
    expect(codesSeen).toEqual([199, 200, null])
    expect(await result(String(heard.body['redirect_uri']).split('=').at(-1) ?? '')).toBe(
      'delivered',
    )
  })

  it.each([
    [1_023, 201],
    [1_024, 201],
    [1_025, 400],
  ])('names a path of %i characters to come back to: status %i', async (length, status) => {
    const path = '/'.padEnd(length, 'p')
    const asked = new URLSearchParams({ query: 'age-over-18', return_to: path })
    const started = await fetch(`${base}/start?${asked}`, { method: 'POST' })
    expect(started.status).toBe(status)
  })
})

describe('an answer that a page hands in', () => {
  const newPath = async () => {
    const { requestId } = await ground.engine.createDcApiRequest({
      ...{ query: over18, origin: ground.origin, clientId: null, mode: 'dc_api' },
    })
    return `/dc-api/${requestId}`
  }
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

  it.each([
    [31, 'answer_malformed'],
    [32, 'answer_malformed'],
    [33, 'too_deep'],
  ])('is looked into %i deep: %s', async (depth, code) => {
    // The object and its data are two levels.
    const body = `{"data":{"vp_token":${nested(depth - 2)}}}`
    expect((await postJson(await newPath(), body)).body).toMatchObject({ error: code })
  })

  it.each([
    [199, 'answer_malformed'],
    [200, 'answer_malformed'],
    [201, 'too_large'],
  ])('is read with %i members: %s', async (count, code) => {
    const more = Object.fromEntries(Array.from({ length: count - 1 }, (_, at) => [`m${at}`, at]))
    const body = JSON.stringify({ data: more })
    expect((await postJson(await newPath(), body)).body).toMatchObject({ error: code })
  })

  it.each([
    [200 * 1024 - 1, 'answer_malformed'],
    [200 * 1024, 'answer_malformed'],
    [200 * 1024 + 1, 'request_too_large'],
  ])('is read with %i bytes: %s', async (bytes, code) => {
    const body = '{"data":{}}'.padEnd(bytes, ' ')
    expect((await postJson(await newPath(), body)).body).toMatchObject({ error: code })
  })
})
