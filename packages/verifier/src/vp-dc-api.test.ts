import { type JsonObject, parseJws, signatureAlgorithms } from '@netcert/credential'
import { proveDcApiRequest, type RequestObject } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { openedForAll } from '../../../test/opened-for-all.js'
import { testNow } from '../../../test/trust-domain.js'
import { createVpGround, over18 } from '../../../test/vp-platform-ground.js'
import { encryptAnswer, hear, presentFor } from '../../../test/vp-wallet-ground.js'
import type { DcApiAsked } from './vp-dc-api.js'

const refusal = (code: string) => expect.objectContaining({ code })
const origin = 'https://shop.example'
const trust = { anchors: { certificates: [] }, attesters: [], now: testNow }

const ground = openedForAll(() => createVpGround())

type Asking = { clientId: 'did' | null; mode: 'dc_api' | 'dc_api.jwt' }
const ask = (options: Asking) =>
  ground.engine.createDcApiRequest({ query: over18, origin, ...options })

/** What a wallet behind the browser reads. */
function requestOf({ request: { data } }: DcApiAsked): RequestObject {
  const { request } = data
  if (typeof request !== 'string') return data as unknown as RequestObject
  const jws = parseJws(request, { algorithms: signatureAlgorithms, maxDepth: 32 })
  return jws.payload as unknown as RequestObject
}

async function presented(asked: DcApiAsked, audience = `origin:${origin}`) {
  const request = requestOf(asked)
  const read = { request, clientId: audience }
  const shown = await presentFor(read, ground.held, { issuedAt: testNow })
  const members = { vp_token: { certificate: [shown] } }
  return request.response_mode === 'dc_api.jwt'
    ? { response: await encryptAnswer(request, members) }
    : members
}

const asking: Asking[] = [
  { clientId: null, mode: 'dc_api' },
  { clientId: null, mode: 'dc_api.jwt' },
  { clientId: 'did', mode: 'dc_api' },
  { clientId: 'did', mode: 'dc_api.jwt' },
]

describe.each(asking)('a request over the Digital Credentials API: $clientId, $mode', (options) => {
  it('is answered for the origin, whoever signed it', async () => {
    const asked = await ask(options)
    await ground.engine.answer({ requestId: asked.requestId, members: await presented(asked) })
    expect((await ground.engine.result(asked.session, null)).verified).toBe(true)
  })

  it('is refused when answered for another origin, or for the client identifier', async () => {
    for (const audience of ['origin:https://evil.example', 'decentralized_identifier:x', origin]) {
      const asked = await ask(options)
      const members = await presented(asked, audience)
      const answered = ground.engine.answer({ requestId: asked.requestId, members })
      await expect(answered).rejects.toEqual(refusal('kb_aud'))
      await expect(ground.engine.result(asked.session, null)).rejects.toEqual(refusal('kb_aud'))
    }
  })

  it('is one that a wallet proves, for its origin and no other', async () => {
    const { request } = await ask(options)
    const proven = await proveDcApiRequest(request, { origin, trust })
    expect(proven.audience).toBe(`origin:${origin}`)
    const elsewhere = proveDcApiRequest(request, { origin: 'https://evil.example', trust })
    if (options.clientId === null) expect((await elsewhere).audience).toContain('evil.example')
    else await expect(elsewhere).rejects.toEqual(refusal('expected_origins'))
  })

  it('names no address, no state, and its origin only when signed', async () => {
    const request = requestOf(await ask(options))
    expect(request).not.toHaveProperty('response_uri')
    expect(request).not.toHaveProperty('state')
    expect(request.client_id === undefined).toBe(options.clientId === null)
    expect(request.expected_origins).toEqual(options.clientId === null ? undefined : [origin])
  })
})

describe('a request over the Digital Credentials API', () => {
  it('is refused in clear, when encryption was asked for', async () => {
    const asked = await ask({ clientId: null, mode: 'dc_api.jwt' })
    const clear = await presentFor(
      { request: requestOf(asked), clientId: `origin:${origin}` },
      ground.held,
      { issuedAt: testNow },
    )
    const members: JsonObject = { vp_token: { certificate: [clear] } }
    const answered = ground.engine.answer({ requestId: asked.requestId, members })
    await expect(answered).rejects.toEqual(refusal('response_mode_wrong'))
    expect(await ground.engine.progress(asked.session)).toBe('waiting')
  })

  it.each(['shop.example', 'https://shop.example/', 'https://shop.example/path', ''])(
    'is not made for %j, which is no origin',
    async (wrong) => {
      const made = ground.engine.createDcApiRequest({
        ...{ query: over18, origin: wrong, clientId: null, mode: 'dc_api' },
      })
      await expect(made).rejects.toEqual(refusal('base_url'))
    },
  )

  it('has no request_uri', async () => {
    const { requestId } = await ask({ clientId: 'did', mode: 'dc_api' })
    const heard = await hear(await fetch(`${ground.baseUrl}/request/${requestId}`))
    expect(heard).toMatchObject({ status: 404, body: { code: 'session_unknown' } })
  })

  it('is started and answered by the page, whose cookie gets the result', async () => {
    const started = await fetch(`${ground.baseUrl}/start?query=age-over-18&flow=dc_api`, {
      method: 'POST',
    })
    const cookie = started.headers.get('set-cookie')?.split(';')[0] ?? ''
    const body = (await started.json()) as { request: DcApiAsked['request']; answer_to: string }
    expect(body.request.protocol).toBe('openid4vp-v1-signed')
    const asked = { request: body.request } as DcApiAsked
    const data = await presented(asked, `origin:${ground.origin}`)
    const headers = { 'content-type': 'application/json' }
    const answer = { method: 'POST', headers, body: JSON.stringify({ data }) }
    expect(await hear(await fetch(body.answer_to, answer))).toEqual({ status: 200, body: {} })
    const result = await fetch(`${ground.baseUrl}/result`, { method: 'POST', headers: { cookie } })
    expect(await hear(result)).toMatchObject({ status: 200, body: { verified: true } })
  })

  it.each(['{}', '[]', '{"data":1}', '{"data":[]}', '{"data":{},"data":{}}', 'x'])(
    'is not answered by %s',
    async (text) => {
      const { requestId, session } = await ask({ clientId: null, mode: 'dc_api' })
      const headers = { 'content-type': 'application/json' }
      const url = `${ground.baseUrl}/dc-api/${requestId}`
      const heard = await hear(await fetch(url, { method: 'POST', headers, body: text }))
      expect(heard.status).toBe(400)
      expect(await ground.engine.progress(session)).toBe('waiting')
    },
  )
})
