import { generateSigner } from '@netcert/credential'
import { createKeyProof } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { serveTestIssuer } from '../../../test/issuer-server-ground.js'
import { authorize, CLIENT_ID, postToken, redeem } from '../../../test/oauth-flow.js'
import { createProof, type DpopKey, postOnce } from '../../../test/oauth-wallet.js'
import { openedForAll } from '../../../test/opened-for-all.js'

const served = openedForAll(() => serveTestIssuer({ citizens: 8 }))

type Asking = {
  readonly accessToken: string
  readonly key: DpopKey | undefined
  readonly clientId: string | null
  readonly request: Record<string, unknown>
  /** For the proof of the token's key, and no second try; otherwise the one that is asked for. */
  readonly dpopNonce?: string
}

/** Fetches one certificate, with the proofs a wallet makes. */
async function fetchCredential({ accessToken, key, clientId, request, dpopNonce }: Asking) {
  const url = `${served.url}/credential`
  const answer = await fetch(`${served.url}/nonce`, { method: 'POST' })
  const { c_nonce: nonce } = (await answer.json()) as { c_nonce: string }
  const { signer, jwk } = await generateSigner('ES256')
  const issuedAt = new Date()
  const audience = served.url
  const jwt = await createKeyProof({
    signer,
    jwk,
    keyBy: 'jwk',
    audience,
    issuedAt,
    nonce,
    clientId,
  })
  const send = async (dpopNonce: string | undefined) => {
    const proof = { method: 'POST', url, accessToken, nonce: dpopNonce }
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `${key === undefined ? 'Bearer' : 'DPoP'} ${accessToken}`,
        ...(key === undefined ? {} : { dpop: await createProof(key, proof) }),
      },
      body: JSON.stringify({ ...request, proofs: { jwt: [jwt] } }),
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const first = await send(dpopNonce)
  const wanted = first.headers.get('dpop-nonce')
  return wanted === null || dpopNonce !== undefined ? first : send(wanted)
}

describe('a certificate from the served issuer', () => {
  it('comes after login and consent, by configuration, and again after a refresh', async () => {
    const authorized = await authorize(served, { scope: 'network-certificate-platform' })
    const { key } = authorized
    const first = await redeem(served, authorized)
    const request = { credential_configuration_id: 'network-certificate-platform' }
    const ask = { key, clientId: CLIENT_ID, request }
    const got = await fetchCredential({ ...ask, accessToken: String(first.body['access_token']) })
    expect([got.status, got.text.includes('credentials')]).toEqual([200, true])
    const form = {
      client_id: CLIENT_ID,
      grant_type: 'refresh_token',
      refresh_token: String(first.body['refresh_token']),
    }
    const second = await postToken(served, form, key)
    const again = await fetchCredential({
      ...ask,
      accessToken: String(second.body['access_token']),
    })
    expect(again.status).toBe(200)
  })

  it('comes with the nonce of the token endpoint, and gives one for it', async () => {
    const authorized = await authorize(served)
    const { key } = authorized
    const { body } = await redeem(served, authorized)
    const refreshing = (nonce: string | undefined) => {
      const form = { client_id: CLIENT_ID, grant_type: 'refresh_token' }
      const refresh_token = String(body['refresh_token'])
      return postOnce(`${served.url}/token`, { ...form, refresh_token }, { key }, nonce)
    }
    const request = { credential_configuration_id: 'network-certificate' }
    const accessToken = String(body['access_token'])
    const ask = { accessToken, key, clientId: CLIENT_ID, request }
    const refused = await fetchCredential({ ...ask, dpopNonce: 'none-of-this-server' })
    expect([refused.status, refused.text]).toEqual([401, '{"error":"use_dpop_nonce"}'])
    expect(refused.headers.get('www-authenticate')).toContain('DPoP error="use_dpop_nonce"')
    expect(refused.headers.get('cache-control')).toBe('no-store')
    // Each of the two takes what the other one handed out, at once.
    const ofToken = (await refreshing(undefined)).headers.get('dpop-nonce') ?? ''
    expect((await fetchCredential({ ...ask, dpopNonce: ofToken })).status).toBe(200)
    expect((await refreshing(refused.headers.get('dpop-nonce') ?? '')).status).toBe(200)
  })

  it('comes by identifier where the request was a rich one, and not by configuration', async () => {
    const details = [
      { type: 'openid_credential', credential_configuration_id: 'network-certificate-platform' },
    ]
    const authorized = await authorize(served, {
      scope: null,
      authorization_details: JSON.stringify(details),
    })
    const { body } = await redeem(served, authorized)
    const ask = {
      accessToken: String(body['access_token']),
      key: authorized.key,
      clientId: CLIENT_ID,
    }
    const request = { credential_configuration_id: 'network-certificate-platform' }
    expect((await fetchCredential({ ...ask, request })).status).toBe(400)
    const named = { credential_identifier: 'network-certificate-platform:own' }
    expect((await fetchCredential({ ...ask, request: named })).status).toBe(200)
  })

  it('comes for a pre-authorized code, to a wallet without name or key', async () => {
    const { secret } = await served.offer({ types: ['network-certificate-platform'] })
    const grant_type = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
    const { body } = await postToken(
      served,
      { grant_type, 'pre-authorized_code': secret },
      undefined,
    )
    const got = await fetchCredential({
      accessToken: String(body['access_token']),
      key: undefined,
      clientId: null,
      request: { credential_configuration_id: 'network-certificate-platform' },
    })
    expect(got.status).toBe(200)
  })

  it('comes for no other configuration, no other key, and no token in the address', async () => {
    const authorized = await authorize(served, { scope: 'gate-pass' })
    const { body } = await redeem(served, authorized)
    const accessToken = String(body['access_token'])
    const request = { credential_configuration_id: 'network-certificate-platform' }
    const ask = { accessToken, clientId: CLIENT_ID, request }
    expect((await fetchCredential({ ...ask, key: authorized.key })).status).toBe(400)
    const bearer = await fetchCredential({ ...ask, key: undefined })
    expect(bearer.status).toBe(401)
    expect(bearer.headers.get('www-authenticate')).toContain('DPoP error="invalid_token"')
    const query = await fetch(`${served.url}/credential?access_token=${accessToken}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(query.status).toBe(401)
    expect(query.headers.get('www-authenticate')).not.toContain('error=')
  })
})
