import { request as httpRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import {
  newHolderKeys,
  proofsOf,
  startCredentialIssuer,
} from '../../../test/credential-issuer-ground.js'
import { databasesOn } from '../../../test/database-engines.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import { REQUESTS_IN_FLIGHT } from './vci-http.js'

describe('limits of the credential issuer', () => {
  const databases = databasesOn('sqlite')
  const test = openedForAll(() => startCredentialIssuer({ databases }))

  const request = async (members: object = {}) => {
    const nonce = await test.nonce()
    const jwt = await proofsOf(await newHolderKeys(1), { nonce, now: test.now })
    return { credential_configuration_id: 'gate-pass', proofs: { jwt }, ...members }
  }
  const send = async (
    body: object | string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ) => {
    const response = await test.post('/credential', { token: test.grant({}), body, headers })
    const answer = (await response.json()) as { error?: string }
    return [response.status, answer.error]
  }
  /** A request that is exactly `bytes` long. */
  const ofLength = async (bytes: number) => {
    const plain = await request({ filler: '' })
    const missing = bytes - JSON.stringify(plain).length
    return { ...plain, filler: 'x'.repeat(missing) }
  }

  it('takes 64 KiB of body and not a byte more', async () => {
    expect(await send(await ofLength(65_535))).toEqual([200, undefined])
    expect(await send(await ofLength(65_536))).toEqual([200, undefined])
    expect(await send(await ofLength(65_537))).toEqual([413, 'invalid_credential_request'])
  })

  it('answers a body that is far too large before it has come, however it is sent', async () => {
    const megabytes = 'x'.repeat(10_000_000)
    expect(await send(megabytes)).toEqual([413, 'invalid_credential_request'])
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = httpRequest(`${test.origin}/tenant/credential`, {
        method: 'POST',
        headers: { authorization: `Bearer ${test.grant({})}`, 'transfer-encoding': 'chunked' },
      })
      sending.on('response', (response) => resolve(response.statusCode))
      sending.on('error', reject)
      sending.write('x'.repeat(100_000))
    })
    expect(status).toBe(413)
  })

  it('takes 32 levels of JSON and not 33', async () => {
    // The request itself is one level.
    const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`)
    expect(await send(await request({ deep: nested(30) }))).toEqual([200, undefined])
    expect(await send(await request({ deep: nested(31) }))).toEqual([200, undefined])
    expect(await send(await request({ deep: nested(32) }))).toEqual([
      400,
      'invalid_credential_request',
    ])
  })

  it('takes 200 members and not 201', async () => {
    // credential_configuration_id, proofs and jwt are three of them.
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, at]))
    expect(await send(await request(many(196)))).toEqual([200, undefined])
    expect(await send(await request(many(197)))).toEqual([200, undefined])
    expect(await send(await request(many(198)))).toEqual([400, 'invalid_credential_request'])
  })

  it('takes 200 characters of an identifier and not 201', async () => {
    const named = (length: number) => ({
      credential_configuration_id: undefined,
      credential_identifier: 'a'.repeat(length),
    })
    expect(await send(await request(named(199)))).toEqual([400, 'unknown_credential_identifier'])
    expect(await send(await request(named(200)))).toEqual([400, 'unknown_credential_identifier'])
    expect(await send(await request(named(201)))).toEqual([400, 'invalid_credential_request'])
  })

  it('takes 10 proofs and not 11', async () => {
    const batch = async (count: number) => {
      const nonce = await test.nonce()
      const jwt = await proofsOf(await newHolderKeys(count), { nonce, now: test.now })
      return { credential_configuration_id: 'network-certificate', proofs: { jwt } }
    }
    expect(await send(await batch(9))).toEqual([200, undefined])
    expect(await send(await batch(10))).toEqual([200, undefined])
    expect(await send(await batch(11))).toEqual([400, 'invalid_proof'])
  })

  it('refuses duplicate members, what is no object, no JSON, no UTF-8, and other media types', async () => {
    const bad = [400, 'invalid_credential_request']
    const twice = JSON.stringify(await request()).replace('{', '{"proofs":{},')
    expect(await send(twice)).toEqual(bad)
    expect(await send('[]')).toEqual(bad)
    expect(await send('{')).toEqual(bad)
    expect(await send('')).toEqual(bad)
    expect(await send(new Uint8Array([0x7b, 0xff, 0x7d]))).toEqual(bad)
    expect(await send(await request(), { 'content-type': 'text/plain' })).toEqual(bad)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(await send('credential_configuration_id=gate-pass', form)).toEqual(bad)
    expect(await send(await request(), { 'content-encoding': 'gzip' })).toEqual([
      415,
      'invalid_credential_request',
    ])
    expect(await send('{"__proto__":{"credential_configuration_id":"gate-pass"}}')).toEqual(bad)
  })

  it('works on 64 requests at a time and asks the next to come back', async () => {
    const slow = Array.from({ length: REQUESTS_IN_FLIGHT }, () => {
      const sending = httpRequest(`${test.origin}/tenant/credential`, {
        method: 'POST',
        headers: { authorization: `Bearer ${test.grant({})}`, 'content-length': '10' },
      })
      sending.on('error', () => {})
      sending.write('{')
      return sending
    })
    await expect
      .poll(async () => (await test.post('/nonce', {})).status, { timeout: 5000 })
      .toBe(503)
    const busy = await test.post('/nonce', {})
    expect(busy.headers.get('retry-after')).toBe('1')
    slow[0]!.destroy()
    await expect
      .poll(async () => (await test.post('/nonce', {})).status, { timeout: 5000 })
      .toBe(200)
    for (const sending of slow) sending.destroy()
  })

  it('answers its own paths and methods only', async () => {
    const get = await fetch(`${test.origin}/tenant/credential`)
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await fetch(`${test.origin}/credential`, { method: 'POST' })).status).toBe(404)
    expect((await fetch(`${test.origin}/tenant/credential/x`, { method: 'POST' })).status).toBe(404)
    const preflight = await fetch(`${test.origin}/tenant/credential`, { method: 'OPTIONS' })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('dpop')
  })
})
