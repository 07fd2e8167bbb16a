import { generateSigner } from '@netcert/credential'
import {
  createEncryptionKey,
  createMultisignedDcApiRequest,
  createSignedDcApiRequest,
  createUnsignedDcApiRequest,
  type DcApiRequest,
  encryptedAnswerOf,
  parseAnswer,
  type RequestObject,
} from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { vpGround } from '../../../test/vp-ground.js'
import {
  didAsker,
  encryptedTo,
  openAnswer,
  requestOf,
  signRequest,
} from '../../../test/vp-verifier-ground.js'
import type { ConsentDecision } from './vp-consent.js'

const vp = vpGround()
const ORIGIN = 'https://shop.example'

function pageRequest(changes: Partial<RequestObject> = {}): RequestObject {
  const { response_uri: _, state: __, ...request } = requestOf(vp.server)
  return { ...request, response_mode: 'dc_api', ...changes }
}
const signed = async (changes: Partial<RequestObject> = {}) => {
  const request = pageRequest({ expected_origins: [ORIGIN], ...changes })
  return createSignedDcApiRequest(await signRequest(vp.asker, request))
}
async function answer(
  request: DcApiRequest,
  options: { origin?: string; decision?: ConsentDecision } = {},
) {
  const { origin = ORIGIN, decision = 'share' } = options
  const answered = await vp.wallet.answerBrowser({ request, origin, consent: () => decision })
  return answered.answer
}
const codeOf = (...asked: Parameters<typeof answer>) =>
  answer(...asked).then(
    () => 'answered',
    (error: unknown) =>
      error instanceof Error && 'code' in error ? String(error.code) : `fault: ${String(error)}`,
  )
const presentationIn = (data: Readonly<Record<string, unknown>>) => {
  const told = parseAnswer(data)
  return told.kind === 'presentations' ? told.vpToken['certificate']?.[0] : undefined
}

describe('an unsigned request of a web page', () => {
  it('is answered for its origin, whatever client_id or origins it names', async () => {
    const request = createUnsignedDcApiRequest(pageRequest())
    const claims = { client_id: 'x509_hash:abc', expected_origins: ['https://evil.example'] }
    const { protocol, data } = await answer({ ...request, data: { ...request.data, ...claims } })
    expect(protocol).toBe('openid4vp-v1-unsigned')
    expect(Object.keys(data)).toEqual(['vp_token'])
    await vp.judge(presentationIn(data), `origin:${ORIGIN}`)
    expect(vp.server.arrivals).toEqual([])
  })

  it('is answered encrypted with dc_api.jwt', async () => {
    const key = await createEncryptionKey('key-1')
    const changes = { response_mode: 'dc_api.jwt' as const, client_metadata: encryptedTo(key) }
    const { data } = await answer(createUnsignedDcApiRequest(pageRequest(changes)))
    expect(Object.keys(data)).toEqual(['response'])
    const { payload } = await openAnswer(encryptedAnswerOf(data) ?? '', key)
    await vp.judge(presentationIn(payload), `origin:${ORIGIN}`)
  })

  it('is refused for a response mode of links, without a nonce, or under another protocol', async () => {
    const request = createUnsignedDcApiRequest(pageRequest())
    const post = { ...request, data: { ...request.data, response_mode: 'direct_post' } }
    expect(await codeOf(post)).toBe('request_invalid')
    const { nonce: _, ...rest } = request.data
    expect(await codeOf({ ...request, data: rest })).toBe('request_invalid')
    expect(await codeOf({ ...request, protocol: 'openid4vp' })).toBe('request_invalid')
    expect(await codeOf({ ...request, protocol: 'openid4vp-v1-signed' })).toBe('request_invalid')
  })

  it('learns nothing when the citizen refuses, or when nothing answers', async () => {
    const request = createUnsignedDcApiRequest(pageRequest())
    expect(await codeOf(request, { decision: 'refuse' })).toBe('consent_refused')
    const dcql_query = {
      credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['urn:other'] } }],
    }
    expect(await codeOf(createUnsignedDcApiRequest(pageRequest({ dcql_query })))).toBe(
      'query_unanswered',
    )
  })
})

describe('a signed request of a web page', () => {
  it('is answered for the origin all the same, not for the client_id', async () => {
    const { protocol, data } = await answer(await signed())
    expect(protocol).toBe('openid4vp-v1-signed')
    await vp.judge(presentationIn(data), `origin:${ORIGIN}`)
    await expect(vp.judge(presentationIn(data))).rejects.toMatchObject({ code: 'kb_aud' })
  })

  it('is refused on another origin, and without any', async () => {
    expect(await codeOf(await signed(), { origin: 'https://evil.example' })).toBe(
      'expected_origins',
    )
    expect(await codeOf(await signed({ expected_origins: [`${ORIGIN}/`] }))).toBe(
      'expected_origins',
    )
    expect(await codeOf(await signed({ expected_origins: undefined }))).toBe('expected_origins')
  })

  it('is refused when somebody else signed it, or nobody', async () => {
    const request = pageRequest({ expected_origins: [ORIGIN], client_id: vp.asker.clientId })
    const { signer } = await didAsker()
    const forged = { ...vp.asker, signer: { ...signer, keyId: vp.asker.signer.keyId } }
    const jws = await signRequest(forged, request)
    expect(await codeOf(createSignedDcApiRequest(jws))).toBe('request_signature')
    const [, payload = ''] = jws.split('.')
    const header = Buffer.from('{"alg":"none","typ":"oauth-authz-req+jwt"}').toString('base64url')
    const unsigned = createSignedDcApiRequest(`${header}.${payload}.`)
    expect(await codeOf(unsigned)).toBe('client_unproven')
  })
})

describe('a request that several identities signed', () => {
  const signature = async () => {
    const { signer } = await generateSigner('ES256')
    const clientId = `decentralized_identifier:${signer.did}`
    return { clientId, signer, proof: { kind: 'did' as const } }
  }
  const request = () => pageRequest({ expected_origins: [ORIGIN] })

  it('is answered by the first signature that holds, for the origin', async () => {
    const [bad, good] = [await signature(), await signature()]
    const { signer } = await signature()
    const broken = { ...bad, signer: { ...signer, keyId: bad.signer.keyId } }
    const asked = await createMultisignedDcApiRequest({
      request: request(),
      signatures: [broken, good],
    })
    const { protocol, data } = await answer(asked)
    expect(protocol).toBe('openid4vp-v1-multisigned')
    await vp.judge(presentationIn(data), `origin:${ORIGIN}`)
  })

  it('is refused when none holds, when there is none, or on another origin', async () => {
    const one = await signature()
    const { signer } = await signature()
    const broken = { ...one, signer: { ...signer, keyId: one.signer.keyId } }
    const none = await createMultisignedDcApiRequest({ request: request(), signatures: [broken] })
    expect(await codeOf(none)).toBe('request_signature')
    const empty = await createMultisignedDcApiRequest({ request: request(), signatures: [] })
    expect(await codeOf(empty)).toBe('client_unproven')
    const good = await createMultisignedDcApiRequest({ request: request(), signatures: [one] })
    expect(await codeOf(good, { origin: 'https://evil.example' })).toBe('expected_origins')
  })
})
