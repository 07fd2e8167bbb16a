import { describe, expect, it } from 'vitest'
import { serveTestIssuer } from '../../../test/issuer-server-ground.js'
import {
  agree,
  authorize,
  authorizeUrl,
  CLIENT_ID,
  codeForm,
  locationOf,
  logIn,
  postToken,
  pushRequest,
  redeem,
  REDIRECT_URI,
  requestForm,
} from '../../../test/oauth-flow.js'
import { createBrowser, createDpopKey, createPkce, postForm } from '../../../test/oauth-wallet.js'
import { openedForAll } from '../../../test/opened-for-all.js'

/** What the conformance suite's FAPI 2.0 modules ask of an authorization server. */
const served = openedForAll(() => serveTestIssuer({ citizens: 30 }))

describe('the pushed authorization request', () => {
  it.each([
    ['without a state', { state: null }],
    ['with a state of 64 characters', { state: 's'.repeat(64) }],
    ['with parameters nobody knows', { 'x-unknown': 'yes', nonce_of_mine: '1' }],
  ])('is taken %s, and the state comes back as it was', async (_what, changes) => {
    const { redirect } = await authorize(served, changes)
    expect(redirect.searchParams.get('state')).toBe(
      'state' in changes ? changes.state : 'state-of-the-wallet',
    )
  })

  it.each([
    ['no redirect_uri', { redirect_uri: null }, 'invalid_request'],
    ['response_type token', { response_type: 'token' }, 'unsupported_response_type'],
    [
      'response_type code id_token',
      { response_type: 'code id_token' },
      'unsupported_response_type',
    ],
    ['no PKCE', { code_challenge: null, code_challenge_method: null }, 'invalid_request'],
    ['PKCE plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['PKCE without a method', { code_challenge_method: null }, 'invalid_request'],
    ['a short challenge', { code_challenge: 'short' }, 'invalid_request'],
    [
      'a request_uri inside',
      { request_uri: 'urn:ietf:params:oauth:request_uri:x' },
      'invalid_request',
    ],
    ['a request object', { request: 'a.b.c' }, 'request_not_supported'],
    ['no client_id', { client_id: null }, 'invalid_request'],
    ['a client_id with spaces', { client_id: 'a b' }, 'invalid_request'],
    ['another resource', { resource: 'https://other.example' }, 'invalid_target'],
    ['a fragment response mode', { response_mode: 'fragment' }, 'invalid_request'],
    ['a state of 1,025 characters', { state: 's'.repeat(1025) }, 'invalid_request'],
    ['another key in dpop_jkt', { dpop_jkt: 'x'.repeat(43) }, 'invalid_request'],
  ])('is refused with %s', async (_what, changes, error) => {
    const { answer } = await pushRequest(served, changes)
    expect({ status: answer.status, error: answer.body['error'] }).toEqual({ status: 400, error })
  })

  it('is refused with a parameter that is there twice', async () => {
    const body = `${new URLSearchParams(requestForm(createPkce()))}&state=another`
    const answer = await postForm(`${served.url}/par`, body, { key: await createDpopKey() })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  it('is refused by GET, and as JSON', async () => {
    expect((await fetch(`${served.url}/par?client_id=x`)).status).toBe(404)
    const json = await fetch(`${served.url}/par`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(requestForm(createPkce())),
    })
    expect(json.status).toBe(400)
  })

  it('can be used twice before it is completed and never after', async () => {
    const { requestUri } = await pushRequest(served)
    const start = authorizeUrl(served, requestUri)
    await createBrowser().get(start)
    const browser = createBrowser()
    const consent = await logIn(served, browser, start, served.nextPerson())
    expect(locationOf(await agree(browser, consent))).toContain('code=')
    const again = await browser.get(start)
    expect([again.status, again.headers.get('location')]).toEqual([400, null])
  })

  it('belongs to the client that pushed it', async () => {
    const { requestUri } = await pushRequest(served)
    const page = await createBrowser().get(
      authorizeUrl(served, requestUri, 'https://other.example'),
    )
    expect([page.status, page.headers.get('location')]).toEqual([400, null])
  })
})

describe('the code', () => {
  it('is refused with another verifier, redirect_uri, client or key, and none of that burns it', async () => {
    const authorized = await authorize(served)
    const changed = [
      { code_verifier: 'v'.repeat(43) },
      { redirect_uri: `${REDIRECT_URI}/other` },
      { client_id: 'https://other.example' },
    ]
    for (const change of changed) {
      const answer = await redeem(served, authorized, change)
      expect({ status: answer.status, error: answer.body['error'] }).toEqual({
        status: 400,
        error: 'invalid_grant',
      })
    }
    expect((await redeem(served, authorized)).status).toBe(200)
  })

  it('is refused without a verifier', async () => {
    const authorized = await authorize(served)
    const { code_verifier: _left, ...form } = codeForm(authorized)
    const answer = await postToken(served, form, authorized.key)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('is refused a second time, at once and later, and takes the first tokens along', async () => {
    const authorized = await authorize(served)
    const first = await redeem(served, authorized)
    const again = await redeem(served, authorized)
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const refresh = {
      client_id: CLIENT_ID,
      grant_type: 'refresh_token',
      refresh_token: String(first.body['refresh_token']),
    }
    expect((await postToken(served, refresh, authorized.key)).body['error']).toBe('invalid_grant')
    expect((await redeem(served, authorized)).body['error']).toBe('invalid_grant')
  })

  it('is refused without a proof of the key, since tokens are bound to one', async () => {
    const authorized = await authorize(served)
    const answer = await postToken(served, codeForm(authorized), undefined)
    expect(answer.status).toBe(400)
    expect(answer.body['error']).toBe('invalid_grant')
  })

  it('is bound to the key that pushed the request', async () => {
    const authorized = await authorize(served)
    const answer = await postToken(served, codeForm(authorized), await createDpopKey())
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('can be bound by dpop_jkt instead of a proof', async () => {
    const key = await createDpopKey()
    const pkce = createPkce()
    const answer = await postForm(`${served.url}/par`, requestForm(pkce, { dpop_jkt: key.jkt }), {})
    const requestUri = String(answer.body['request_uri'])
    const browser = createBrowser()
    const start = authorizeUrl(served, requestUri)
    const consent = await logIn(served, browser, start, served.nextPerson())
    const back = new URL(locationOf(await agree(browser, consent)))
    const code = back.searchParams.get('code')!
    const other = await postToken(served, codeForm({ code, pkce }), await createDpopKey())
    expect(other.body['error']).toBe('invalid_grant')
  })

  it('is not found when it was altered', async () => {
    const authorized = await authorize(served)
    const answer = await redeem(served, authorized, { code: `${authorized.code.slice(0, -1)}!` })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })
})
