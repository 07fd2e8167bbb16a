import { describe, expect, it } from 'vitest'
import { judgePushedRequest, readForm } from './as-request-form.js'
import { isClientId, isRedirectUri } from './as-wallet-client.js'

describe('a form', () => {
  it('has its known parameters read, its unknown and empty ones left out', () => {
    const read = readForm('client_id=w&scope=a+b&x=1&x=2&state=', 'par')
    expect('form' in read && [...read.form]).toEqual([
      ['client_id', 'w'],
      ['scope', 'a b'],
    ])
  })

  it.each([
    ['a parameter twice', 'client_id=w&client_id=w'],
    ['a parameter twice, once without a value', 'state=&state=a'],
    ['a value of 16,385 characters', `state=${'s'.repeat(16 * 1024 + 1)}`],
    ['a client_id with a line break', 'client_id=a%0Ab'],
    ['a client_id of 513 characters', `client_id=${'c'.repeat(513)}`],
  ])('is refused with %s', (_what, body) => {
    expect(readForm(body, 'par')).toMatchObject({ error: 'invalid_request' })
  })

  it.each([16 * 1024 - 1, 16 * 1024])('is read with a value of %i characters', (length) => {
    expect(readForm(`state=${'s'.repeat(length)}`, 'par')).toHaveProperty('form')
  })

  it.each(['code', 'code_verifier', 'refresh_token', 'pre-authorized_code', 'tx_code'])(
    'is read with a %s of 200 characters and no more',
    (name) => {
      for (const length of [199, 200]) {
        expect(readForm(`${name}=${'s'.repeat(length)}`, 'token')).toHaveProperty('form')
      }
      const long = readForm(`${name}=${'s'.repeat(201)}`, 'token')
      expect(long).toMatchObject({ error: 'invalid_request' })
    },
  )

  it('is read with 20 parameters and no more, known or not', () => {
    const filled = (count: number) =>
      ['client_id=w', ...Array.from({ length: count - 1 }, (_, at) => `x${at}=1`)].join('&')
    expect(readForm(filled(19), 'par')).toHaveProperty('form')
    expect(readForm(filled(20), 'par')).toHaveProperty('form')
    expect(readForm(filled(21), 'par')).toMatchObject({ error: 'invalid_request' })
  })

  it('does not let a wallet say what its attestation would', () => {
    const read = readForm('attestation_jkt=x&wallet_name=Bank&client_id=w', 'par')
    expect('form' in read && [...read.form.keys()]).toEqual(['client_id'])
  })
})

describe('a pushed request', () => {
  const judge = (entries: Record<string, string>) => {
    const form = new Map(Object.entries({ scope: 'gate-pass', ...entries }))
    return { fault: judgePushedRequest(form, ['gate-pass'])?.error, scope: form.get('scope') }
  }

  it('keeps the scopes that are known, each once', () => {
    expect(judge({ scope: 'x gate-pass gate-pass' })).toEqual({
      fault: undefined,
      scope: 'gate-pass',
    })
    expect(judge({ scope: 'x', authorization_details: '[]' })).toEqual({
      fault: undefined,
      scope: undefined,
    })
  })

  it.each([
    [{ scope: 'x' }, 'invalid_scope'],
    [{ request_uri: 'urn:x' }, 'invalid_request'],
    [{ response_mode: 'form_post' }, 'invalid_request'],
    [{ state: 's'.repeat(1025) }, 'invalid_request'],
    [{ state: 's'.repeat(1024) }, undefined],
    [{ response_mode: 'query' }, undefined],
  ])('with %o is judged %s', (entries, fault) => {
    expect(judge(entries as Record<string, string>).fault).toBe(fault)
  })
})

describe('where a wallet may be sent back to', () => {
  it.each([
    'https://wallet.example/callback?a=b',
    'com.example.wallet:/callback',
    'openid-wallet://callback',
    'http://127.0.0.1:8080/callback',
    'http://localhost/callback',
    'http://[::1]:9/callback',
  ])('is %s', (uri) => expect(isRedirectUri(uri)).toBe(true))

  it.each([
    'http://wallet.example/callback',
    'http://127.0.0.1.evil.example/',
    'https://user@wallet.example/',
    'https://wallet.example/#fragment',
    'https://wallet.example/ x',
    'https://wället.example/',
    'JavaScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://x.example/1',
    'ws://127.0.0.1/',
    'callback',
    '',
    `https://wallet.example/${'x'.repeat(2000)}`,
  ])('is not %s', (uri) => expect(isRedirectUri(uri)).toBe(false))
})

describe('a client_id', () => {
  it.each(['https://wallet.example', 'wallet', 'did:key:zDn', 'c'.repeat(512)])('is %s', (id) =>
    expect(isClientId(id)).toBe(true),
  )
  it.each(['', 'a b', 'ä', 'a\u0000', 'c'.repeat(513)])('is not %s', (id) =>
    expect(isClientId(id)).toBe(false),
  )
})
