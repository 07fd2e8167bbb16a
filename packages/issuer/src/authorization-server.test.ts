import { describe, expect, it } from 'vitest'
import { serveTestIssuer } from '../../../test/issuer-server-ground.js'
import {
  authorize,
  authorizeUrl,
  CLIENT_ID,
  locationOf,
  logIn,
  postToken,
  pushRequest,
  redeem,
} from '../../../test/oauth-flow.js'
import { createBrowser, createDpopKey } from '../../../test/oauth-wallet.js'
import { openedForAll } from '../../../test/opened-for-all.js'

const served = openedForAll(() => serveTestIssuer({ citizens: 12 }))

describe('an authorization by code', () => {
  it('ends with a token bound to the wallet’s key, through PAR, PKCE, login and consent', async () => {
    const authorized = await authorize(served)
    expect(authorized.answer.status).toBe(201)
    expect(authorized.answer.body['expires_in']).toBeLessThan(600)
    expect(authorized.redirect.searchParams.get('iss')).toBe(served.url)
    expect(authorized.redirect.searchParams.get('state')).toBe('state-of-the-wallet')
    const { status, body, headers } = await redeem(served, authorized)
    expect({ status, ...body }).toMatchObject({
      status: 200,
      token_type: 'DPoP',
      scope: 'network-certificate',
      expires_in: 300,
      refresh_token: expect.any(String),
    })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(served.log).toEqual([])
  })

  it('gives credential identifiers for rich authorization requests, and none for scopes', async () => {
    const details = [{ type: 'openid_credential', credential_configuration_id: 'gate-pass' }]
    const authorized = await authorize(served, {
      scope: null,
      authorization_details: JSON.stringify(details),
    })
    const { body } = await redeem(served, authorized)
    expect(body['authorization_details']).toEqual([
      { ...details[0], credential_identifiers: ['gate-pass:own'] },
    ])
    expect((await redeem(served, await authorize(served))).body).not.toHaveProperty(
      'authorization_details',
    )
  })

  it.each([
    ['an unknown configuration', [{ type: 'openid_credential', credential_configuration_id: 'x' }]],
    ['an entry without a configuration', [{ type: 'openid_credential', format: 'dc+sd-jwt' }]],
    ['an unknown type', [{ type: 'payment' }]],
    [
      'another credential issuer',
      [
        {
          type: 'openid_credential',
          credential_configuration_id: 'gate-pass',
          locations: ['https://other.example'],
        },
      ],
    ],
  ])('refuses authorization_details with %s', async (_what, details) => {
    const { answer } = await pushRequest(served, { authorization_details: JSON.stringify(details) })
    expect(answer.status).toBe(400)
    expect(answer.body['error']).toBe('invalid_authorization_details')
  })

  it('sends the person back with access_denied when they refuse', async () => {
    const { requestUri } = await pushRequest(served)
    const browser = createBrowser()
    const consent = await logIn(
      served,
      browser,
      authorizeUrl(served, requestUri),
      served.people[0]!,
    )
    const resume = await browser.submit(`${consent}/consent`, { decision: 'refuse' })
    const back = new URL(locationOf(await browser.get(locationOf(resume))))
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error: 'access_denied',
      iss: served.url,
      state: 'state-of-the-wallet',
    })
    expect(back.searchParams.has('code')).toBe(false)
  })

  it('refreshes with the same key only, rotates, and ends the grant when an old one comes back', async () => {
    const authorized = await authorize(served)
    const first = await redeem(served, authorized)
    const form = (token: unknown) => ({
      client_id: CLIENT_ID,
      grant_type: 'refresh_token',
      refresh_token: String(token),
    })
    const stolen = await postToken(served, form(first.body['refresh_token']), await createDpopKey())
    expect(stolen).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const second = await postToken(served, form(first.body['refresh_token']), authorized.key)
    expect(second).toMatchObject({ status: 200, body: { token_type: 'DPoP' } })
    expect(second.body['refresh_token']).not.toBe(first.body['refresh_token'])
    const again = await postToken(served, form(first.body['refresh_token']), authorized.key)
    expect(again.body['error']).toBe('invalid_grant')
    const dead = await postToken(served, form(second.body['refresh_token']), authorized.key)
    expect(dead.body['error']).toBe('invalid_grant')
  })

  it('publishes its metadata at the inserted path, without OpenID Connect', async () => {
    const answer = await fetch(`${served.url}/.well-known/oauth-authorization-server`)
    const metadata = (await answer.json()) as Record<string, unknown>
    expect(metadata).toMatchObject({
      issuer: served.url,
      require_pushed_authorization_requests: true,
      code_challenge_methods_supported: ['S256'],
      'pre-authorized_grant_anonymous_access_supported': true,
      authorization_response_iss_parameter_supported: true,
      authorization_details_types_supported: ['openid_credential'],
    })
    expect(metadata).not.toHaveProperty('jwks_uri')
    expect((await fetch(`${served.url}/.well-known/openid-configuration`)).status).toBe(404)
    for (const path of ['/jwks', '/me', '/reg', '/session/end', '/request', '/auth']) {
      expect((await fetch(served.url + path)).status).toBe(404)
    }
  })
})
