import { createJws, encodeTextBase64Url, type JsonObject } from '@netcert/credential'
import { createRequestUrl } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { later } from '../../../test/trust-domain.js'
import { vpGround } from '../../../test/vp-ground.js'
import { linkOf, requestOf, signRequest } from '../../../test/vp-verifier-ground.js'

const vp = vpGround()
const { answer } = vp
const refusalOf = (request: string) => vp.refusalOf(request)
const signedAs = (from: typeof vp.asker) => linkOf(from, requestOf(vp.server))

describe('a request object', () => {
  const objectWith = async (payload: JsonObject, header: JsonObject = {}) => {
    const jws = await createJws({
      header: { typ: 'oauth-authz-req+jwt', kid: vp.asker.signer.keyId, ...header },
      payload,
      signer: vp.asker.signer,
    })
    return createRequestUrl({ clientId: vp.asker.clientId, requestObject: jws })
  }
  const payloadOf = (changes: JsonObject = {}): JsonObject => ({
    ...(requestOf(vp.server) as JsonObject),
    client_id: vp.asker.clientId,
    aud: 'https://self-issued.me/v2',
    ...changes,
  })
  const seconds = (date: Date) => date.getTime() / 1000

  it('is taken as the verifier made it', async () => {
    expect(await answer(await objectWith(payloadOf()))).toBe('answered')
  })

  it.each<[string, string, JsonObject, JsonObject]>([
    ['of another typ', 'request_object', {}, { typ: 'JWT' }],
    ['for another audience', 'request_audience', { aud: 'https://other.example' }, {}],
    ['for an address beside its own', 'request_audience', { aud: 'http://127.0.0.1/other' }, {}],
    ['with several audiences', 'request_audience', { aud: ['https://self-issued.me/v2'] }, {}],
    ['that has expired', 'request_expired', { exp: seconds(later(-61)) }, {}],
    ['from the future', 'request_expired', { iat: seconds(later(61)) }, {}],
    ['that is not valid yet', 'request_expired', { nbf: seconds(later(61)) }, {}],
    ['for another client_id', 'client_id_mismatch', { client_id: 'x509_hash:a' }, {}],
    [
      'with a redirect_uri beside direct_post',
      'redirect_uri_with_direct_post',
      { redirect_uri: 'https://shop.example' },
      {},
    ],
    ['for another response type', 'request_invalid', { response_type: 'code' }, {}],
    ['for another response mode', 'request_invalid', { response_mode: 'fragment' }, {}],
    ['for the browser', 'request_invalid', { response_mode: 'dc_api' }, {}],
    ['with an empty nonce', 'request_invalid', { nonce: '' }, {}],
    ['with a nonce that is not URL-safe', 'request_invalid', { nonce: 'a b' }, {}],
    ['with a state that is not URL-safe', 'request_invalid', { state: 'a&b' }, {}],
    ['whose keys would be fetched', 'client_unproven', {}, { jku: 'https://shop.example' }],
    ['with a critical extension', 'request_object', {}, { crit: ['b64'] }],
  ])('is refused %s', async (_, code, changes, header) => {
    expect(await refusalOf(await objectWith(payloadOf(changes), header))).toBe(code)
  })

  it.each(['nonce', 'client_id', 'response_uri', 'response_type', 'response_mode'])(
    'is refused without %s',
    async (name) => {
      const { [name]: _, ...rest } = payloadOf()
      expect(await refusalOf(await objectWith(rest))).toBe('request_invalid')
    },
  )

  it('is refused without aud', async () => {
    const { aud: _, ...rest } = payloadOf()
    expect(await refusalOf(await objectWith(rest))).toBe('request_audience')
  })

  it('is refused when a bit of its signature or its payload differs', async () => {
    const jws = await signRequest(vp.asker, requestOf(vp.server))
    const [header = '', payload = '', signature = ''] = jws.split('.')
    const otherSignature = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    const otherPayload = encodeTextBase64Url(JSON.stringify(payloadOf({ nonce: 'another' })))
    for (const forged of [
      `${header}.${payload}.${otherSignature}`,
      `${header}.${otherPayload}.${signature}`,
    ]) {
      const link = createRequestUrl({ clientId: vp.asker.clientId, requestObject: forged })
      expect(await refusalOf(link)).toBe('request_signature')
    }
  })

  it('is refused beyond 64 KiB, with a member twice, or as plain text', async () => {
    const long = await objectWith(payloadOf({ future: 'x'.repeat(64 * 1024) }))
    expect(await refusalOf(long)).toMatch(/^request_(object|invalid)$/)
    const link = (requestObject: string) =>
      createRequestUrl({ clientId: vp.asker.clientId, requestObject })
    const header = encodeTextBase64Url('{"alg":"ES256","typ":"oauth-authz-req+jwt"}')
    const twice = encodeTextBase64Url('{"nonce":"a","nonce":"b"}')
    expect(await refusalOf(link(`${header}.${twice}.AAAA`))).toBe('request_object')
    expect(await refusalOf(link('no JWT'))).toBe('request_object')
  })

  it('counts alone: parameters beside it change nothing', async () => {
    const link = `${await signedAs(vp.asker)}&response_uri=https%3A%2F%2Fevil.example&nonce=other`
    expect(await answer(link)).toBe('answered')
    expect(vp.server.answers).toHaveLength(1)
  })
})
