import { describe, expect, it } from 'vitest'
import { serveTestIssuer } from '../../../test/issuer-server-ground.js'
import { postToken } from '../../../test/oauth-flow.js'
import { createDpopKey } from '../../../test/oauth-wallet.js'
import { openedForAll } from '../../../test/opened-for-all.js'

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

const served = openedForAll(() => serveTestIssuer({ citizens: 4 }))

const form = (code: string, more: Record<string, string> = {}) => ({
  grant_type: GRANT,
  'pre-authorized_code': code,
  ...more,
})

describe('the pre-authorized code grant', () => {
  it('gives a bearer token to a wallet without a name or a key', async () => {
    const { secret } = await served.offer({ types: ['network-certificate', 'gate-pass'] })
    const { status, body, headers } = await postToken(served, form(secret), undefined)
    expect({ status, ...body }).toMatchObject({
      status: 200,
      token_type: 'Bearer',
      scope: 'network-certificate gate-pass',
      expires_in: 300,
    })
    expect(body).not.toHaveProperty('refresh_token')
    expect(body).not.toHaveProperty('authorization_details')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('binds the token to the key of a wallet that has one, and lets it refresh', async () => {
    const key = await createDpopKey()
    const { secret } = await served.offer({})
    const first = await postToken(served, form(secret), key)
    expect(first.body).toMatchObject({ token_type: 'DPoP', refresh_token: expect.any(String) })
    const refresh = {
      grant_type: 'refresh_token',
      refresh_token: String(first.body['refresh_token']),
    }
    const other = await postToken(served, refresh, await createDpopKey())
    expect(other.body['error']).toBe('invalid_grant')
    expect((await postToken(served, refresh, key)).body['token_type']).toBe('DPoP')
  })

  it('names identifiers for the entries asked for, and leaves the rest to the scope', async () => {
    const { secret } = await served.offer({ types: ['network-certificate', 'gate-pass'] })
    const details = [{ type: 'openid_credential', credential_configuration_id: 'gate-pass' }]
    const answer = await postToken(
      served,
      form(secret, { authorization_details: JSON.stringify(details) }),
      undefined,
    )
    expect(answer.body['authorization_details']).toEqual([
      { ...details[0], credential_identifiers: ['gate-pass:own'] },
    ])
  })

  it('takes the transaction code, and a typing error does not burn the offer', async () => {
    const { secret, txCode } = await served.offer({ txCode: 'generate' })
    const missing = await postToken(served, form(secret), undefined)
    expect(missing).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    const wrong = await postToken(served, form(secret, { tx_code: 'wrong' }), undefined)
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const right = await postToken(served, form(secret, { tx_code: txCode! }), undefined)
    expect(right.status).toBe(200)
  })

  it('burns the code after five wrong guesses, however many come at once', async () => {
    const { secret, txCode } = await served.offer({ txCode: 'generate' })
    await Promise.all(
      Array.from({ length: 12 }, (_, guess) =>
        postToken(served, form(secret, { tx_code: `guess-${guess}` }), undefined),
      ),
    )
    const right = await postToken(served, form(secret, { tx_code: txCode! }), undefined)
    expect(right).toMatchObject({ status: 400 })
    expect(right.body).not.toHaveProperty('access_token')
  })

  it('refuses a transaction code nobody asked for, and keeps the offer good', async () => {
    const { secret } = await served.offer({})
    const answer = await postToken(served, form(secret, { tx_code: '123456' }), undefined)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect((await postToken(served, form(secret), undefined)).status).toBe(200)
  })

  it('gives exactly one of eight simultaneous requests a token', async () => {
    const { secret } = await served.offer({})
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => postToken(served, form(secret), undefined)),
    )
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    for (const answer of answers.filter((it) => it !== won[0])) {
      expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant'])
    }
  })

  it.each([
    ['an unknown code', form('nothing'), 'invalid_grant'],
    ['no code', { grant_type: GRANT }, 'invalid_request'],
    ['another grant', { grant_type: 'password', client_id: 'w' }, 'unsupported_grant_type'],
    ['a client_id with spaces', form('x', { client_id: 'bad name' }), 'invalid_request'],
    [
      'two codes',
      `grant_type=${encodeURIComponent(GRANT)}&pre-authorized_code=a&pre-authorized_code=b`,
      'invalid_request',
    ],
    [
      'unknown details',
      form('x', { authorization_details: '[{"type":"x"}]' }),
      'invalid_authorization_details',
    ],
    [
      'details that are no JSON',
      form('x', { authorization_details: '[' }),
      'invalid_authorization_details',
    ],
  ])('refuses %s', async (_what, sent, error) => {
    const answer = await postToken(served, sent, undefined)
    expect({ status: answer.status, error: answer.body['error'] }).toEqual({ status: 400, error })
    expect(String(answer.body['error_description'])).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/)
  })

  it('tells who tries one code too often when to come back', async () => {
    const tried = 'a-code-that-nobody-was-given'
    const attempt = () => postToken(served, form(tried), undefined)
    for (let at = 0; at < 19; at += 1) await attempt()
    const last = await attempt()
    expect([last.status, last.body['error']]).toEqual([400, 'invalid_grant'])
    expect(last.headers.get('retry-after')).toBeNull()
    const turnedAway = await attempt()
    expect([turnedAway.status, turnedAway.body['error']]).toEqual([400, 'slow_down'])
    expect(turnedAway.headers.get('retry-after')).toBe('60')
  })

  it('burns no code for a faulty proof', async () => {
    const { secret } = await served.offer({})
    const faulty = await postToken(served, form(secret), undefined, { dpop: 'no.proof.atall' })
    expect(faulty).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } })
    expect((await postToken(served, form(secret), undefined)).status).toBe(200)
  })

  it('does not let the authorization code grant go without a name', async () => {
    const answer = await postToken(
      served,
      { grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://w.example/' },
      undefined,
    )
    expect(answer.status).toBe(400)
    expect(answer.body['error']).toMatch(/^invalid_(request|client)$/)
  })
})
