import { createJws, type JsonObject } from '@netcert/credential'
import {
  createRequestUrl,
  createUnsignedRequestObject,
  REQUEST_OBJECT_MEDIA_TYPE,
} from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { vpGround } from '../../../test/vp-ground.js'
import { didAsker, requestOf, signRequest } from '../../../test/vp-verifier-ground.js'

const vp = vpGround()
const linkTo = (options: { method?: 'get' | 'post'; uri?: string; clientId?: string } = {}) =>
  createRequestUrl({
    clientId: options.clientId ?? vp.asker.clientId,
    requestUri: options.uri ?? `${vp.server.url}/request`,
    ...(options.method && { requestUriMethod: options.method }),
  })
const headers = { 'content-type': REQUEST_OBJECT_MEDIA_TYPE }
const offer = async (wallet_nonce?: string) => {
  const changes = wallet_nonce === undefined ? {} : { wallet_nonce }
  return { headers, body: await signRequest(vp.asker, requestOf(vp.server, changes)) }
}
const nonceIn = (body: string) => new URLSearchParams(body).get('wallet_nonce') ?? ''

describe('a request by reference', () => {
  it.each([
    ['the wallet', 'https://self-issued.me/v2', 'answered'],
    ['where it lies', '/request', 'answered'],
    ['another place of the same verifier', '/request2', 'request_audience'],
    ['the verifier', '', 'request_audience'],
  ])('for %s as its audience: %s is %s', async (_, aud, outcome) => {
    const audience = aud.startsWith('https:') ? aud : `${vp.server.url}${aud}`
    const client_id = vp.asker.clientId
    const body = await createJws({
      header: { typ: 'oauth-authz-req+jwt', kid: vp.asker.signer.keyId },
      payload: { ...(requestOf(vp.server) as JsonObject), client_id, aud: audience },
      signer: vp.asker.signer,
    })
    vp.server.on('/request', () => Promise.resolve({ headers, body }))
    expect(await vp.answer(linkTo())).toBe(outcome)
  })

  it('is fetched by GET, as often as the link is opened', async () => {
    vp.server.on('/request', () => offer())
    const link = linkTo()
    await vp.wallet.previewRequest(link)
    expect(await vp.answer(link)).toBe('answered')
    const fetches = vp.server.arrivals.filter(({ path }) => path === '/request')
    expect(fetches.map(({ method, body }) => [method, body])).toEqual([
      ['GET', ''],
      ['GET', ''],
    ])
    expect(fetches[0]?.headers['accept']).toBe(REQUEST_OBJECT_MEDIA_TYPE)
    expect(fetches[0]?.headers['user-agent']).toBeUndefined()
  })

  it('is fetched by POST with a nonce of its own, which it must repeat', async () => {
    vp.server.on('/request', ({ body }) => offer(nonceIn(body)))
    expect(await vp.answer(linkTo({ method: 'post' }))).toBe('answered')
    expect(await vp.answer(linkTo({ method: 'post' }))).toBe('answered')
    const posts = vp.server.arrivals.filter(({ path }) => path === '/request')
    const [first, second] = posts.map(({ body }) => new URLSearchParams(body))
    expect(posts[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(first?.get('wallet_nonce')).toMatch(/^[\w-]{22}$/)
    expect(first?.get('wallet_nonce')).not.toBe(second?.get('wallet_nonce'))
    expect(first?.get('wallet_metadata')).toBe(second?.get('wallet_metadata'))
    expect(JSON.parse(first?.get('wallet_metadata') ?? '')).toMatchObject({
      vp_formats_supported: { 'dc+sd-jwt': { 'kb-jwt_alg_values': ['ES256'] } },
    })
  })

  it('is refused when its wallet_nonce is another one, or missing', async () => {
    vp.server.on('/request', () => offer('another'))
    expect(await vp.answer(linkTo({ method: 'post' }))).toBe('wallet_nonce_mismatch')
    vp.server.on('/request', () => offer())
    expect(await vp.answer(linkTo({ method: 'post' }))).toBe('wallet_nonce_mismatch')
    expect(vp.server.answers).toEqual([])
  })

  it('is refused when its client_id is not the one in the link', async () => {
    vp.server.on('/request', () => offer())
    const { clientId } = await didAsker()
    expect(await vp.answer(linkTo({ clientId }))).toBe('client_id_mismatch')
    expect(await vp.answer(linkTo({ clientId: 'x509_hash:abc' }))).toBe('client_id_mismatch')
    expect(vp.server.answers).toEqual([])
  })

  it('may be unsigned for a verifier that is named by its address', async () => {
    const client_id = `redirect_uri:${vp.server.url}/response`
    const body = createUnsignedRequestObject(requestOf(vp.server, { client_id }))
    vp.server.on('/request', () => ({ headers, body }))
    expect(await vp.answer(linkTo({ clientId: client_id }))).toBe('answered')
    const forged = body.replace(/\.$/, '.AAAA')
    vp.server.on('/request', () => ({ headers, body: forged }))
    expect(await vp.answer(linkTo({ clientId: client_id }))).toBe('request_object')
  })

  it.each([400, 404, 500])('ends at HTTP %i', async (status) => {
    vp.server.on('/request', async () => ({ ...(await offer()), status }))
    expect(await vp.answer(linkTo())).toBe('request_unavailable')
    expect(await vp.answer(linkTo({ method: 'post' }))).toBe('request_unavailable')
    expect(vp.server.answers).toEqual([])
  })

  it('is not fetched through a redirect, and not beyond its size', async () => {
    const location = `${vp.server.url}/elsewhere`
    vp.server.on('/request', () => ({ status: 302, headers: { location } }))
    vp.server.on('/elsewhere', () => offer())
    expect(await vp.answer(linkTo())).toBe('request_unavailable')
    const body = 'x'.repeat(64 * 1024 + 1)
    vp.server.on('/request', () => ({ headers, body }))
    expect(await vp.answer(linkTo())).toBe('request_unavailable')
    expect(vp.server.arrivals.map(({ path }) => path)).toEqual(['/request', '/request'])
  })

  it('is not fetched from inside the network, nor without TLS from outside', async () => {
    const uris = [
      'http://shop.example/request',
      'https://10.0.0.1/request',
      'https://[::1]/request',
      'https://169.254.169.254/latest',
      'https://printer.local/request',
    ]
    for (const uri of uris) {
      await vp.reopen({ allowHttpLoopback: false })
      expect(await vp.answer(linkTo({ uri }))).toBe('request_unavailable')
    }
    expect(await vp.answer(linkTo())).toBe('request_unavailable')
    expect(vp.server.arrivals).toEqual([])
  })

  it('is refused with another method, in capitals, or without an address', async () => {
    const link = linkTo()
    expect(await vp.answer(`${link}&request_uri_method=GET`)).toBe('request_uri_method')
    expect(await vp.answer(`${link}&request_uri_method=put`)).toBe('request_uri_method')
    expect(await vp.answer(linkTo({ uri: 'file:///etc/passwd' }))).toBe('request_invalid')
    expect(await vp.answer(linkTo({ uri: `${vp.server.url}/request#part` }))).toBe(
      'request_invalid',
    )
    expect(vp.server.arrivals).toEqual([])
  })

  it('is refused when the link says something twice, or both ways, or is none', async () => {
    const link = linkTo()
    expect(await vp.answer(`${link}&client_id=other`)).toBe('request_invalid')
    expect(await vp.answer(`${link}&request=abc`)).toBe('request_invalid')
    expect(await vp.answer('mailto:somebody@shop.example')).toBe('request_invalid')
    expect(await vp.answer('openid4vp://?')).toBe('request_invalid')
    expect(await vp.answer(`openid4vp://?client_id=a&x=${'y'.repeat(64 * 1024)}`)).toBe(
      'request_invalid',
    )
  })
})
