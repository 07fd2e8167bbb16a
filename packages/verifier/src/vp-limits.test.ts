import { describe, expect, it } from 'vitest'
import { openedForAll } from '../../../test/opened-for-all.js'
import { testNow } from '../../../test/trust-domain.js'
import { createVpGround, over18 } from '../../../test/vp-platform-ground.js'
import { hear, membersOf, presentFor, readVpRequest } from '../../../test/vp-wallet-ground.js'

const BODY = 200 * 1024

const ground = openedForAll(() => createVpGround())

/** A good answer to a new request, as a form. */
async function goodForm() {
  const asked = await ground.engine.createRequest({
    ...{ query: over18, clientId: 'did', mode: 'direct_post' },
  })
  const read = await readVpRequest(asked.requestUri)
  const shown = await presentFor(read, ground.held, { issuedAt: testNow })
  const { vp_token, state } = membersOf(read.request, { certificate: [shown] })
  const form = new URLSearchParams({ vp_token: JSON.stringify(vp_token), state: String(state) })
  return { form, uri: read.request.response_uri ?? '', session: asked.session }
}

const formType = { 'content-type': 'application/x-www-form-urlencoded' }
const post = async (url: string, body: BodyInit, headers: Record<string, string> = formType) =>
  hear(await fetch(url, { method: 'POST', headers, body, ...({ duplex: 'half' } as object) }))

/** The same bytes without a length said beforehand. */
const streamed = (text: string) => new Blob([text]).stream()

describe('the response endpoint', () => {
  it.each([
    [BODY - 1, 200],
    [BODY, 200],
    [BODY + 1, 413],
  ])('takes a body of %i bytes with status %i, its length said or not', async (bytes, status) => {
    for (const dress of [(text: string) => text, streamed]) {
      const { form, uri } = await goodForm()
      const start = `${form}&filler=`
      const text = start + 'x'.repeat(bytes - start.length)
      expect((await post(uri, dress(text))).status).toBe(status)
    }
  })

  it.each([
    [19, 200],
    [20, 200],
    [21, 400],
  ])('takes a form of %i parameters with status %i', async (count, status) => {
    const { form, uri } = await goodForm()
    for (let at = form.size; at < count; at += 1) form.set(`unknown_${at}`, '1')
    expect((await post(uri, form)).status).toBe(status)
  })

  it.each([
    ['a parameter twice', (form: URLSearchParams) => `${form}&state=x`, formType],
    ['JSON', () => '{}', { 'content-type': 'application/json' }],
    ['no type', () => 'vp_token=x', { 'content-type': 'text/plain' }],
    ['no UTF-8', () => Buffer.from([0x61, 0x3d, 0xff]), formType],
    ['nothing', () => '', formType],
  ])('refuses %s and stays open', async (_what, bodyOf, headers) => {
    const { form, uri, session } = await goodForm()
    const heard = await post(uri, bodyOf(form), headers)
    expect(heard).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(await ground.engine.progress(session)).toBe('waiting')
  })

  it('repeats nothing of what was sent, and tells in ASCII', async () => {
    const { uri } = await goodForm()
    const heard = await post(uri, new URLSearchParams({ vp_token: 'NEEDLE-ñ', state: 'NEEDLE' }))
    expect(JSON.stringify(heard.body)).toMatch(/^[\x20-\x7e]+$/)
    expect(JSON.stringify(heard.body)).not.toContain('NEEDLE')
  })

  it.each([
    [31, 'answer_malformed'],
    [32, 'answer_malformed'],
    [33, 'message_malformed'],
  ])('looks into a vp_token %i deep: %s', async (depth, code) => {
    const { form, uri } = await goodForm()
    // The object around it is the first level.
    form.set('vp_token', `{"certificate":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`)
    expect((await post(uri, form)).body).toMatchObject({ code })
  })

  it.each([
    [65_535, 'malformed_serialization'],
    [65_536, 'malformed_serialization'],
    [65_537, 'answer_malformed'],
  ])('takes a presentation of %i characters as far as %s', async (length, code) => {
    const { form, uri } = await goodForm()
    form.set('vp_token', JSON.stringify({ certificate: ['x'.repeat(length)] }))
    expect((await post(uri, form)).body).toMatchObject({ code })
  })
})

describe('the request endpoint', () => {
  const uriOf = async () => {
    const { requestUri } = await ground.engine.createRequest({
      ...{ query: over18, clientId: 'did', mode: 'direct_post' },
    })
    return new URL(requestUri).searchParams.get('request_uri') ?? ''
  }

  it.each([
    [511, 200],
    [512, 200],
    [513, 400],
  ])('repeats a wallet_nonce of %i characters with status %i', async (length, status) => {
    const form = new URLSearchParams({ wallet_nonce: 'n'.repeat(length) })
    const response = await fetch(await uriOf(), { method: 'POST', body: form })
    expect(response.status).toBe(status)
  })

  it.each([
    [64 * 1024 - 1, 200],
    [64 * 1024, 200],
    [64 * 1024 + 1, 413],
  ])('takes wallet metadata of %i bytes with status %i', async (bytes, status) => {
    const start = 'wallet_metadata='
    const body = start + 'x'.repeat(bytes - start.length)
    const response = await fetch(await uriOf(), { method: 'POST', headers: formType, body })
    expect(response.status).toBe(status)
  })
})
