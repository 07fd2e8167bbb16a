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
  requestForm,
} from '../../../test/oauth-flow.js'
import { createBrowser, createProof, postForm, postOnce } from '../../../test/oauth-wallet.js'
import { openedForAll } from '../../../test/opened-for-all.js'

const served = openedForAll(() => serveTestIssuer({ citizens: 12 }))

describe('the holes of the library stay closed', () => {
  it('1: asks for login and consent every time, whatever cookie the browser has', async () => {
    const { browser } = await authorize(served)
    const asking = await pushRequest(served, { redirect_uri: 'https://evil.example/' })
    const start = authorizeUrl(served, asking.requestUri)
    const page = await browser.get(start)
    expect(locationOf(page)).toContain(`${served.url}/login/`)
    expect((await browser.get(locationOf(page))).text).toContain('document_number')
    const consent = await logIn(served, browser, start, served.nextPerson())
    const asked = await browser.get(consent)
    expect(asked.text).toContain('value="agree"')
    expect(asked.text).toContain('https://evil.example')
  })

  it('1: lets the next person at the same browser log in as themselves', async () => {
    const { browser } = await authorize(served)
    const { requestUri, key, pkce } = await pushRequest(served)
    const consent = await logIn(
      served,
      browser,
      authorizeUrl(served, requestUri),
      served.nextPerson(),
    )
    const back = new URL(locationOf(await agree(browser, consent)))
    const form = codeForm({ code: back.searchParams.get('code')!, pkce })
    expect((await postToken(served, form, key)).status).toBe(200)
  })

  it.each([
    ['no pushed request', `redirect_uri=https%3A%2F%2Fevil.example%2F&response_type=code&scope=x`],
    ['an error to be sent there', `redirect_uri=https%3A%2F%2Fevil.example%2F&response_type=no`],
    ['a request_uri of its own', 'request_uri=https%3A%2F%2Fevil.example%2Fr'],
    ['a pushed request that is none', 'request_uri=urn:ietf:params:oauth:request_uri:nothing'],
  ])('2: sends nobody anywhere for a request with %s', async (_what, query) => {
    const url = `${served.url}/authorize?client_id=${encodeURIComponent(CLIENT_ID)}&${query}`
    const answer = await fetch(url, { redirect: 'manual' })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('location')).toBeNull()
    expect(await answer.text()).not.toContain('evil')
  })

  it('2: does not take prompt=none, so no pushed request redirects without a person', async () => {
    const { requestUri } = await pushRequest(served, { prompt: 'none' })
    const page = await createBrowser().get(authorizeUrl(served, requestUri))
    expect(locationOf(page)).toContain(`${served.url}/login/`)
  })

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'http://evil.example/',
    'https://x.example/#f',
  ])('2: does not send people to %s', async (redirectUri) => {
    const { answer } = await pushRequest(served, { redirect_uri: redirectUri })
    expect(answer.status).toBe(400)
    expect(answer.body['error']).toMatch(/^invalid_(request|redirect_uri)$/)
  })

  it('3: redeems a code for exactly one of eight simultaneous requests', async () => {
    const authorized = await authorize(served)
    const url = `${served.url}/token`
    const probe = await postOnce(url, codeForm(authorized, { code: 'none' }), authorized, undefined)
    const nonce = probe.headers.get('dpop-nonce')!
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => postOnce(url, codeForm(authorized), authorized, nonce)),
    )
    const [won, ...lost] = answers.toSorted((one, other) => one.status - other.status)
    expect(won!.status).toBe(200)
    for (const { status, body } of lost) {
      expect([status, body['error']]).toEqual([400, 'invalid_grant'])
    }
  })

  it('3: takes a DPoP proof once, also when it comes many times at once', async () => {
    const { key } = await pushRequest(served)
    const url = `${served.url}/token`
    const probe = await postOnce(
      url,
      { grant_type: 'refresh_token', refresh_token: 'x', client_id: CLIENT_ID },
      { key },
      undefined,
    )
    const proof = await createProof(key, {
      method: 'POST',
      url: `${served.url}/par`,
      nonce: probe.headers.get('dpop-nonce')!,
    })
    const { pkce } = await pushRequest(served)
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        postForm(`${served.url}/par`, requestForm(pkce), { headers: { dpop: proof } }),
      ),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  })

  it('5: ignores unknown scopes, and refuses a request for nothing else', async () => {
    const { answer } = await pushRequest(served, { scope: 'openid network-certificate nonsense' })
    expect(answer.status).toBe(201)
    const refused = await pushRequest(served, { scope: 'openid nonsense' })
    expect(refused.answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
    const none = await pushRequest(served, { scope: null })
    expect(none.answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
  })

  it.each([
    ['an hour ago', -3600],
    ['in an hour', 3600],
  ])('6: refuses a proof made %s although its nonce is fresh', async (_what, offset) => {
    const authorized = await authorize(served)
    const url = `${served.url}/token`
    const probe = await postOnce(url, codeForm(authorized, { code: 'none' }), authorized, undefined)
    const proof = await createProof(authorized.key, {
      method: 'POST',
      url,
      nonce: probe.headers.get('dpop-nonce')!,
      iat: Math.floor(Date.now() / 1000) + offset,
    })
    const answer = await postForm(url, codeForm(authorized), { headers: { dpop: proof } })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } })
    expect((await redeem(served, authorized)).status).toBe(200)
  })

  it('keeps another person’s grant apart: each login is asked for itself', async () => {
    const { requestUri } = await pushRequest(served)
    const browser = createBrowser()
    const consent = await logIn(
      served,
      browser,
      authorizeUrl(served, requestUri),
      served.people[1]!,
    )
    expect(served.codes.at(-1)!.citizen).toBe(served.people[1]!.reference)
    expect(locationOf(await agree(browser, consent))).toContain('code=')
  })
})
