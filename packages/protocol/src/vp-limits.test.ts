import { encodeTextBase64Url } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { parseQuery } from './dcql-query.js'
import { ProtocolError } from './errors.js'
import { readRequest } from './proven-request.js'
import { readRequestObject } from './request-object.js'
import { requestLimits } from './vp-request.js'
import { MAX_CERTIFICATE_CHARACTERS } from './x509-library.js'
import { verifyCertificateChain } from './x509-chain.js'

const accepts = (read: () => unknown): boolean => {
  try {
    read()
  } catch (error) {
    if (error instanceof ProtocolError) return false
    throw error
  }
  return true
}
const many = <Item>(count: number, item: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => item(at))

type Bound = readonly [what: string, limit: number, read: (size: number) => unknown]

const credential = (id: string, changes: object = {}) => ({
  id,
  format: 'dc+sd-jwt',
  meta: { vct_values: ['urn:a'] },
  ...changes,
})
const one = (changes: object) => parseQuery({ credentials: [credential('a', changes)] })
const claim = (at: number) => ({ id: `c${at}`, path: ['a'] })
const ids = ['a', 'b']
const request = (changes: object) =>
  readRequest({
    response_type: 'vp_token',
    response_mode: 'direct_post',
    nonce: 'n',
    ...changes,
  })
const path = (count: number) => many(count, () => 'x')

const bounds: readonly Bound[] = [
  ['credentials', 16, (n) => parseQuery({ credentials: many(n, (at) => credential(`q${at}`)) })],
  ['claims', 64, (n) => one({ claims: many(n, claim) })],
  ['claim sets', 64, (n) => one({ claims: [claim(0)], claim_sets: many(n, () => ['c0']) })],
  ['values', 256, (n) => one({ claims: [{ path: ['a'], values: many(n, (at) => at) }] })],
  ['steps of a path', 32, (n) => one({ claims: [{ path: path(n) }] })],
  ['characters of a step', 512, (n) => one({ claims: [{ path: ['x'.repeat(n)] }] })],
  ['types', 256, (n) => one({ meta: { vct_values: many(n, (at) => `urn:${at}`) } })],
  [
    'credential sets',
    16,
    (n) =>
      parseQuery({
        credentials: ids.map((id) => credential(id)),
        credential_sets: many(n, () => ({ options: [['a']] })),
      }),
  ],
  ['characters of a nonce', 512, (n) => request({ nonce: 'n'.repeat(n) })],
  ['characters of a state', 512, (n) => request({ state: 's'.repeat(n) })],
  ['transaction data', 16, (n) => request({ transaction_data: many(n, () => 'e30') })],
  [
    'verifier info',
    16,
    (n) => request({ verifier_info: many(n, () => ({ format: 'a', data: '' })) }),
  ],
  ['keys', 16, (n) => request({ client_metadata: { jwks: { keys: many(n, () => ({})) } } })],
  [
    'expected origins',
    32,
    (n) => request({ expected_origins: many(n, () => 'https://a.example') }),
  ],
]

describe('the bounds of a request', () => {
  it.each(bounds)('take as many %s as they say (%i), and not one more', (_, limit, read) => {
    expect([limit - 1, limit, limit + 1].map((size) => accepts(() => read(size)))).toEqual([
      true,
      true,
      false,
    ])
  })

  it('take a request object of 64 KiB, and not a character more', () => {
    const header = encodeTextBase64Url('{"alg":"none","typ":"oauth-authz-req+jwt"}')
    // Three characters of text are four of base64url, so the header takes up the rest.
    const sized = (size: number) => {
      const room = size - header.length - 2
      const inside = '{}'.padEnd(Math.floor((room * 3) / 4), ' ')
      return `${header}.${encodeTextBase64Url(inside)}.`
    }
    const sizes = many(9, (at) => sized(requestLimits.maxObjectBytes - 4 + at))
    for (const text of sizes) {
      expect(accepts(() => readRequestObject(text))).toBe(
        text.length <= requestLimits.maxObjectBytes,
      )
    }
    const lengths = new Set(sizes.map(({ length }) => length))
    expect(lengths).toContain(requestLimits.maxObjectBytes)
    expect(lengths).toContain(requestLimits.maxObjectBytes + 1)
  })

  it('refuse a certificate of more than 8 KiB before they read it', async () => {
    const now = new Date('2026-03-01T08:00:00Z')
    const refusal = (length: number) =>
      verifyCertificateChain({ x5c: ['A'.repeat(length)], anchors: 'none known', now }).then(
        () => 'accepted',
        (error: unknown) => (error instanceof Error ? error.message : ''),
      )
    expect(await refusal(MAX_CERTIFICATE_CHARACTERS)).toMatch(/cannot be read/)
    expect(await refusal(MAX_CERTIFICATE_CHARACTERS + 1)).toMatch(/base64 of at most 8 KiB/)
  })
})
