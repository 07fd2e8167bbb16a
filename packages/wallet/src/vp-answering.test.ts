import {
  freshnessPolicies,
  NETWORK_CERTIFICATE,
  parseJws,
  signatureAlgorithms,
  verifyPresentation,
} from '@netcert/credential'
import { createEncryptionKey, createRequestUrl, parseAnswer } from '@netcert/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { later, testNow } from '../../../test/trust-domain.js'
import {
  type Asker,
  didAsker,
  encryptedTo,
  linkOf,
  NONCE,
  openAnswer,
  requestOf,
  startVerifier,
  type VerifierServer,
} from '../../../test/vp-verifier-ground.js'
import { walletGround } from '../../../test/wallet-ground.js'
import type { Wallet } from './wallet.js'

const ground = walletGround()
let server: VerifierServer
let wallet: Wallet
let asker: Asker
beforeEach(async () => {
  server = await startVerifier()
  wallet = await ground.open({ allowHttpLoopback: true })
  await ground.receiveOneTime(wallet, 3)
  asker = await didAsker()
})
afterEach(() => server.close())

const share = () => 'share' as const
const codeOf = (answered: Promise<unknown>) =>
  answered.then(
    () => 'answered',
    (error: unknown) =>
      error instanceof Error && 'code' in error ? error.code : `fault: ${String(error)}`,
  )

async function judge(presentation: string | undefined, audience = asker.clientId, nonce = NONCE) {
  return verifyPresentation(await ground.domain.trust(), presentation ?? '', {
    audience,
    nonce,
    now: ground.now,
    keyBindingMaxAgeSeconds: 300,
    freshness: freshnessPolicies['grace-24h'],
    types: [NETWORK_CERTIFICATE],
    claimSets: [[]],
  })
}

function presentationsOf(form: Record<string, string> | undefined) {
  const answer = parseAnswer(form ?? {})
  return answer.kind === 'presentations' ? answer.vpToken : {}
}

describe('an answer by direct_post', () => {
  it('holds the least that answers, made for this verifier and this request', async () => {
    const request = await linkOf(asker, requestOf(server))
    const { shared, redirectUri } = await wallet.answerRequest({ request, consent: share })
    expect(redirectUri).toBeNull()
    expect(shared).toEqual([
      { id: 'certificate', vct: NETWORK_CERTIFICATE, disclosed: [['age_equal_or_over', '18']] },
    ])
    const [form] = server.answers
    expect(Object.keys(form ?? {})).toEqual(['vp_token', 'state'])
    expect(form?.['state']).toBe('state-of-this-one-request')
    const [presentation, ...more] = presentationsOf(form)['certificate'] ?? []
    expect(more).toEqual([])
    expect(presentation?.split('~')).toHaveLength(4)
    await expect(judge(presentation)).resolves.toMatchObject({ vct: NETWORK_CERTIFICATE })
    await expect(judge(presentation, 'other')).rejects.toMatchObject({ code: 'kb_aud' })
    await expect(judge(presentation, asker.clientId, 'other')).rejects.toMatchObject({
      code: 'kb_nonce',
    })
  })

  it('is signed when it is sent, with a key binding of its own each time', async () => {
    const request = await linkOf(asker, requestOf(server))
    await wallet.answerRequest({ request, consent: share })
    ground.now = later(7)
    await wallet.answerRequest({ request, consent: share })
    const [first, second] = server.answers.map((form) => {
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
    const { state: _, ...request } = requestOf(server)
    await wallet.answerRequest({ request: await linkOf(asker, request), consent: share })
    expect(Object.keys(server.answers[0] ?? {})).toEqual(['vp_token'])
    expect(Object.keys(server.arrivals[0]?.headers ?? {}).toSorted()).toEqual([
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
    const request = await linkOf(asker, { ...requestOf(server), ...more })
    expect(await codeOf(wallet.answerRequest({ request, consent: share }))).toBe('answered')
  })

  it('goes on where the verifier says', async () => {
    const next = `${server.url}/done#response_code=abc`
    server.on('/response', () => ({ body: JSON.stringify({ redirect_uri: next }) }))
    const request = await linkOf(asker, requestOf(server))
    const { redirectUri } = await wallet.answerRequest({ request, consent: share })
    expect(redirectUri).toBe(next)
    expect(server.arrivals.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /response',
      'GET /done',
    ])
  })

  it('opens the browser there, where there is one', async () => {
    await ground.closeAll()
    const opened: string[] = []
    const openAddress = (url: string) => void opened.push(url)
    wallet = await ground.open({ allowHttpLoopback: true, openAddress })
    const body = JSON.stringify({ redirect_uri: 'app.example:/done' })
    server.on('/response', () => ({ body }))
    await wallet.answerRequest({ request: await linkOf(asker, requestOf(server)), consent: share })
    expect(opened).toEqual(['app.example:/done'])
    expect(server.arrivals).toHaveLength(1)
  })

  it('never follows an HTTP redirect', async () => {
    for (const status of [302, 307]) {
      const location = { location: `${server.url}/elsewhere` }
      server.on('/response', () => ({ status, headers: location }))
      const request = await linkOf(asker, requestOf(server))
      expect(await codeOf(wallet.answerRequest({ request, consent: share }))).toBe(
        'answer_undelivered',
      )
    }
    expect(server.arrivals.map(({ path }) => path)).toEqual(['/response', '/response'])
  })

  it('says so when the verifier refuses it or is not there', async () => {
    server.on('/response', () => ({ status: 400, body: '{"error":"invalid_request"}' }))
    const request = await linkOf(asker, requestOf(server))
    expect(await codeOf(wallet.answerRequest({ request, consent: share }))).toBe('answer_refused')
    const gone = requestOf(server, { response_uri: 'http://127.0.0.1:9/response' })
    const toNobody = await linkOf(asker, gone)
    expect(await codeOf(wallet.answerRequest({ request: toNobody, consent: share }))).toBe(
      'answer_undelivered',
    )
  })

  it('is not sent in clear over plain http unless the wallet was opened for that', async () => {
    await ground.closeAll()
    wallet = await ground.open()
    const request = await linkOf(asker, requestOf(server))
    expect(await codeOf(wallet.answerRequest({ request, consent: share }))).toBe(
      'answer_undelivered',
    )
    expect(server.arrivals).toEqual([])
  })

  it('stands in the ledger by the names of claims', async () => {
    await wallet.answerRequest({ request: await linkOf(asker, requestOf(server)), consent: share })
    expect(await wallet.ledger()).toEqual([
      {
        audience: asker.clientId,
        claims: [['age_equal_or_over', '18']],
        disclosedAt: testNow,
        kind: 'one-time',
        vct: NETWORK_CERTIFICATE,
      },
    ])
  })
})

describe('an answer by direct_post.jwt', () => {
  it('is encrypted to the key of the request, and holds nothing but the answer', async () => {
    const key = await createEncryptionKey('key-1')
    const request = await linkOf(
      asker,
      requestOf(server, { response_mode: 'direct_post.jwt', client_metadata: encryptedTo(key) }),
    )
    await wallet.answerRequest({ request, consent: share })
    const [form] = server.answers
    expect(Object.keys(form ?? {})).toEqual(['response'])
    const [header = ''] = (form?.['response'] ?? '').split('.')
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
      alg: 'ECDH-ES',
      enc: 'A128GCM',
      kid: 'key-1',
    })
    const { payload, answer } = await openAnswer(form?.['response'], key)
    expect(Object.keys(payload).toSorted()).toEqual(['state', 'vp_token'])
    const presentation = answer.kind === 'presentations' ? answer.vpToken['certificate'] : []
    await expect(judge(presentation?.[0])).resolves.toMatchObject({ vct: NETWORK_CERTIFICATE })
  })

  it('takes the first key it can use, and A128GCM when nothing is offered', async () => {
    const key = await createEncryptionKey('usable')
    const { encrypted_response_enc_values_supported: _, ...metadata } = encryptedTo(key)
    const others = [{ kty: 'AKP', alg: 'ML-KEM-768' }, { kty: 'unheard-of' }]
    const keys = [...others, ...(metadata.jwks?.keys ?? [])]
    const changes = { ...metadata, jwks: { keys } }
    const request = await linkOf(
      asker,
      requestOf(server, { response_mode: 'direct_post.jwt', client_metadata: changes }),
    )
    await wallet.answerRequest({ request, consent: share })
    expect((await openAnswer(server.answers[0]?.['response'], key)).answer.kind).toBe(
      'presentations',
    )
  })

  it('is refused without a usable key or encryption, never sent in clear', async () => {
    const key = await createEncryptionKey('key-1')
    const usable = encryptedTo(key)
    const wrong = [
      { ...usable, jwks: { keys: [{ kty: 'AKP', alg: 'ML-KEM-768' }] } },
      { ...usable, encrypted_response_enc_values_supported: ['A256CBC-HS512'] },
      { vp_formats_supported: { 'dc+sd-jwt': {} } },
    ]
    for (const client_metadata of wrong) {
      const changes = { response_mode: 'direct_post.jwt' as const, client_metadata }
      const request = await linkOf(asker, requestOf(server, changes))
      expect(await codeOf(wallet.answerRequest({ request, consent: share }))).toBe(
        'encryption_parameters',
      )
    }
    const sent = server.answers.map(({ error, vp_token }) => [error, vp_token])
    expect(sent[0]).toEqual(['invalid_request', undefined])
    expect(sent.every(([, token]) => token === undefined)).toBe(true)
  })
})

describe('a request by redirect_uri, without a signature', () => {
  it('goes to the address that names the verifier, which need not stand twice', async () => {
    const client_id = `redirect_uri:${server.url}/response`
    const { response_uri: _, ...request } = requestOf(server, { client_id })
    await wallet.answerRequest({ request: createRequestUrl({ request }), consent: share })
    const [presentation] = presentationsOf(server.answers[0])['certificate'] ?? []
    await expect(judge(presentation, client_id)).resolves.toMatchObject({
      vct: NETWORK_CERTIFICATE,
    })
  })

  it('is refused when the answer would go elsewhere, or when it is signed', async () => {
    const client_id = 'redirect_uri:https://shop.example/response'
    const request = createRequestUrl({ request: requestOf(server, { client_id }) })
    expect(await codeOf(wallet.answerRequest({ request, consent: share }))).toBe('response_uri')
    const signed = await linkOf({ ...asker, clientId: client_id }, requestOf(server))
    expect(await codeOf(wallet.answerRequest({ request: signed, consent: share }))).toBe(
      'client_id_prefix',
    )
    expect(server.arrivals).toEqual([])
  })
})
