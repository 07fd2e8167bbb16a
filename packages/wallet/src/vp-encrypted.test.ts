import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { createEncryptionKey, createRequestUrl, parseAnswer } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { vpGround } from '../../../test/vp-ground.js'
import { encryptedTo, linkOf, openAnswer, requestOf } from '../../../test/vp-verifier-ground.js'

const vp = vpGround()
const share = () => 'share' as const
function presentationsOf(form: Record<string, string> | undefined) {
  const answer = parseAnswer(form ?? {})
  return answer.kind === 'presentations' ? answer.vpToken : {}
}

describe('an answer by direct_post.jwt', () => {
  it('is encrypted to the key of the request, and holds nothing but the answer', async () => {
    const key = await createEncryptionKey('key-1')
    const request = await linkOf(
      vp.asker,
      requestOf(vp.server, { response_mode: 'direct_post.jwt', client_metadata: encryptedTo(key) }),
    )
    await vp.wallet.answerRequest({ request, consent: share })
    const [form] = vp.server.answers
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
    await expect(vp.judge(presentation?.[0])).resolves.toMatchObject({ vct: NETWORK_CERTIFICATE })
  })

  it('takes the first key it can use, and A128GCM when nothing is offered', async () => {
    const key = await createEncryptionKey('usable')
    const { encrypted_response_enc_values_supported: _, ...metadata } = encryptedTo(key)
    const others = [{ kty: 'AKP', alg: 'ML-KEM-768' }, { kty: 'unheard-of' }]
    const keys = [...others, ...(metadata.jwks?.keys ?? [])]
    const changes = { ...metadata, jwks: { keys } }
    const request = await linkOf(
      vp.asker,
      requestOf(vp.server, { response_mode: 'direct_post.jwt', client_metadata: changes }),
    )
    await vp.wallet.answerRequest({ request, consent: share })
    expect((await openAnswer(vp.server.answers[0]?.['response'], key)).answer.kind).toBe(
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
      const request = await linkOf(vp.asker, requestOf(vp.server, changes))
      expect(await vp.answer(request)).toBe('encryption_parameters')
    }
    const sent = vp.server.answers.map(({ error, vp_token }) => [error, vp_token])
    expect(sent[0]).toEqual(['invalid_request', undefined])
    expect(sent.every(([, token]) => token === undefined)).toBe(true)
  })
})

describe('a request by redirect_uri, without a signature', () => {
  it('goes to the address that names the verifier, which need not stand twice', async () => {
    const client_id = `redirect_uri:${vp.server.url}/response`
    const { response_uri: _, ...request } = requestOf(vp.server, { client_id })
    await vp.wallet.answerRequest({ request: createRequestUrl({ request }), consent: share })
    const [presentation] = presentationsOf(vp.server.answers[0])['certificate'] ?? []
    await expect(vp.judge(presentation, client_id)).resolves.toMatchObject({
      vct: NETWORK_CERTIFICATE,
    })
  })

  it('is refused when the answer would go elsewhere, or when it is signed', async () => {
    const client_id = 'redirect_uri:https://shop.example/response'
    const request = createRequestUrl({ request: requestOf(vp.server, { client_id }) })
    expect(await vp.answer(request)).toBe('response_uri')
    const signed = await linkOf({ ...vp.asker, clientId: client_id }, requestOf(vp.server))
    expect(await vp.answer(signed)).toBe('client_id_prefix')
    expect(vp.server.arrivals).toEqual([])
  })
})
