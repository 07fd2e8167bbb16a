import { NETWORK_CERTIFICATE, parseJws, signatureAlgorithms } from '@netcert/credential'
import { parseAnswer } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { later, testNow } from '../../../test/trust-domain.js'
import { vpGround } from '../../../test/vp-ground.js'
import { linkOf, requestOf } from '../../../test/vp-verifier-ground.js'

const vp = vpGround()
const share = () => 'share' as const
function presentationsOf(form: Record<string, string> | undefined) {
  const answer = parseAnswer(form ?? {})
  return answer.kind === 'presentations' ? answer.vpToken : {}
}

const dropped = () => {
  vp.server.dropConnections()
  return {}
}

describe('an answer by direct_post', () => {
  it('holds the least that answers, made for this verifier and this request', async () => {
    const request = await linkOf(vp.asker, requestOf(vp.server))
    const { shared, redirectUri } = await vp.wallet.answerRequest({ request, consent: share })
    expect(redirectUri).toBeNull()
    expect(shared).toEqual([
      { id: 'certificate', vct: NETWORK_CERTIFICATE, disclosed: [['age_equal_or_over', '18']] },
    ])
    const [form] = vp.server.answers
    expect(Object.keys(form ?? {})).toEqual(['vp_token', 'state'])
    expect(form?.['state']).toBe('state-of-this-one-request')
    const [presentation, ...more] = presentationsOf(form)['certificate'] ?? []
    expect(more).toEqual([])
    expect(presentation?.split('~')).toHaveLength(4)
    await expect(vp.judge(presentation)).resolves.toMatchObject({ vct: NETWORK_CERTIFICATE })
    await expect(vp.judge(presentation, 'other')).rejects.toMatchObject({ code: 'kb_aud' })
  })

  it('is signed when it is sent, with a key binding of its own each time', async () => {
    const request = await linkOf(vp.asker, requestOf(vp.server))
    await vp.wallet.answerRequest({ request, consent: share })
    vp.ground.now = later(7)
    await vp.wallet.answerRequest({ request, consent: share })
    const [first, second] = vp.server.answers.map((form) => {
      const keyBinding = presentationsOf(form)['certificate']?.[0]?.split('~').at(-1) ?? ''
      return parseJws(keyBinding, { algorithms: signatureAlgorithms, maxDepth: 8 })
    })
    expect(first?.header).toEqual({ alg: 'ES256', typ: 'kb+jwt' })
    expect(Object.keys(first?.payload ?? {}).toSorted()).toEqual(['aud', 'iat', 'nonce', 'sd_hash'])
    expect(first?.payload['iat']).toBe(testNow.getTime() / 1000)
    expect(second?.payload['iat']).toBe(testNow.getTime() / 1000 + 7)
    expect(first?.payload['sd_hash']).not.toBe(second?.payload['sd_hash'])
  })

  it('leaves the state out where there was none, and tells nothing else about the wallet', async () => {
    const { state: _, ...request } = requestOf(vp.server)
    await vp.wallet.answerRequest({ request: await linkOf(vp.asker, request), consent: share })
    expect(Object.keys(vp.server.answers[0] ?? {})).toEqual(['vp_token'])
    expect(Object.keys(vp.server.arrivals[0]?.headers ?? {}).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'host',
    ])
  })

  it('ignores parameters that it does not know, an unknown iss among them', async () => {
    const more = { iss: 'https://somebody.example', future: { a: [1] } }
    const request = await linkOf(vp.asker, { ...requestOf(vp.server), ...more })
    expect(await vp.answer(request)).toBe('answered')
  })

  it('goes on where the verifier says', async () => {
    const next = `${vp.server.url}/done#response_code=abc`
    vp.server.on('/response', () => ({ body: JSON.stringify({ redirect_uri: next }) }))
    const request = await linkOf(vp.asker, requestOf(vp.server))
    const { redirectUri } = await vp.wallet.answerRequest({ request, consent: share })
    expect(redirectUri).toBe(next)
    expect(vp.server.arrivals.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /response',
      'GET /done',
    ])
  })

  it('opens the browser there, where there is one', async () => {
    const opened: string[] = []
    const openAddress = (url: string) => void opened.push(url)
    await vp.reopen({ openAddress })
    const body = JSON.stringify({ redirect_uri: 'app.example:/done' })
    vp.server.on('/response', () => ({ body }))
    await vp.wallet.answerRequest({
      request: await linkOf(vp.asker, requestOf(vp.server)),
      consent: share,
    })
    expect(opened).toEqual(['app.example:/done'])
    expect(vp.server.arrivals).toHaveLength(1)
  })

  it('never follows an HTTP redirect', async () => {
    for (const status of [302, 307]) {
      const location = { location: `${vp.server.url}/elsewhere` }
      vp.server.on('/response', () => ({ status, headers: location }))
      const request = await linkOf(vp.asker, requestOf(vp.server))
      expect(await vp.answer(request)).toBe('answer_undelivered')
    }
    expect(vp.server.arrivals.map(({ path }) => path)).toEqual(['/response', '/response'])
  })

  it('says so when the verifier refuses it or is not there', async () => {
    vp.server.on('/response', () => ({ status: 400, body: '{"error":"invalid_request"}' }))
    const request = await linkOf(vp.asker, requestOf(vp.server))
    expect(await vp.answer(request)).toBe('answer_refused')
    const gone = requestOf(vp.server, { response_uri: 'http://127.0.0.1:9/response' })
    const toNobody = await linkOf(vp.asker, gone)
    expect(await vp.answer(toNobody)).toBe('answer_unsent')
  })

  it('may have arrived where the reply alone was lost, and the ledger has its line', async () => {
    const unreadable = () => ({ headers: { 'content-encoding': 'gzip' }, body: '{}' })
    for (const reply of [dropped, unreadable]) {
      vp.server.on('/response', reply)
      const request = await linkOf(vp.asker, requestOf(vp.server))
      expect(await vp.answer(request)).toBe('answer_undelivered')
    }
    expect(vp.server.answers).toHaveLength(2)
    expect(await vp.wallet.ledger()).toHaveLength(2)
  })

  it('is a refusal all the same when a no could not be told', async () => {
    vp.server.on('/response', dropped)
    const request = await linkOf(vp.asker, requestOf(vp.server))
    expect(await vp.answer(request, 'refuse')).toBe('consent_refused')
    const gone = requestOf(vp.server, { response_uri: 'http://127.0.0.1:9/response' })
    expect(await vp.answer(await linkOf(vp.asker, gone), 'refuse')).toBe('consent_refused')
    expect(await vp.wallet.ledger()).toEqual([])
  })

  it('is not sent in clear over plain http unless the wallet was opened for that', async () => {
    await vp.reopen({ allowHttpLoopback: false })
    const request = await linkOf(vp.asker, requestOf(vp.server))
    expect(await vp.answer(request)).toBe('answer_unsent')
    expect(vp.server.arrivals).toEqual([])
  })

  it('stands in the ledger by the names of claims', async () => {
    await vp.wallet.answerRequest({
      request: await linkOf(vp.asker, requestOf(vp.server)),
      consent: share,
    })
    expect(await vp.wallet.ledger()).toMatchObject([
      {
        audience: vp.asker.clientId,
        claims: [['age_equal_or_over', '18']],
        disclosedAt: testNow,
        kind: 'one-time',
        vct: NETWORK_CERTIFICATE,
      },
    ])
  })
})
