import { describe, expect, it } from 'vitest'
import { parseClientIdentifier } from './client-identifier.js'
import { ProtocolError } from './errors.js'
import {
  createTransactionData,
  hashTransactionData,
  parseTransactionData,
} from './transaction-data.js'
import { type RequestObject, requestLimits } from './vp-request.js'
import { createRequestUrl, parseRequestLink } from './vp-request-url.js'

const codeOf = (read: () => unknown): string => {
  try {
    read()
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
  return 'accepted'
}
const request: RequestObject = {
  response_type: 'vp_token',
  response_mode: 'direct_post',
  client_id: 'redirect_uri:https://shop.example/response',
  nonce: 'n',
  dcql_query: { credentials: [] },
}

describe('a link to a wallet', () => {
  it('carries the parameters, a request object, or where to fetch one', () => {
    expect(parseRequestLink(createRequestUrl({ request }))).toEqual({
      kind: 'parameters',
      parameters: request,
    })
    const clientId = 'x509_hash:abc'
    const link = createRequestUrl({ clientId, requestObject: 'a.b.c', scheme: 'haip-vp://' })
    expect(link).toMatch(/^haip-vp:\/\/\?/)
    expect(parseRequestLink(link)).toEqual({ kind: 'object', clientId, requestObject: 'a.b.c' })
    const requestUri = 'https://shop.example/request?id=1'
    const reference = { clientId, requestUri, requestUriMethod: 'post' } as const
    expect(parseRequestLink(createRequestUrl(reference))).toEqual({
      kind: 'reference',
      clientId,
      requestUri,
      method: 'post',
    })
  })

  it('may come with an empty host, another one, or none', () => {
    for (const start of ['openid4vp://', 'openid4vp://authorize', 'OPENID4VP:', 'haip-vp://']) {
      expect(codeOf(() => parseRequestLink(`${start}?client_id=a&request=b`))).toBe('accepted')
    }
    for (const start of ['openid4vci://', 'openid://', '']) {
      expect(codeOf(() => parseRequestLink(`${start}?client_id=a&request=b`))).toBe(
        'request_invalid',
      )
    }
  })

  it('may be an address of the wallet on the web', () => {
    const scheme = 'https://wallet.example/present'
    const link = createRequestUrl({ scheme, clientId: 'x509_hash:a', requestObject: 'a.b.c' })
    expect(parseRequestLink(link).kind).toBe('object')
    expect(codeOf(() => parseRequestLink(link.replace('https:', 'ftp:')))).toBe('request_invalid')
  })

  it('is refused when a parameter that is JSON is none, or names a member twice', () => {
    const with_ = (query: string) =>
      `openid4vp://?client_id=a&dcql_query=${encodeURIComponent(query)}`
    expect(codeOf(() => parseRequestLink(with_('{}')))).toBe('accepted')
    expect(codeOf(() => parseRequestLink(with_('{')))).toBe('request_invalid')
    expect(codeOf(() => parseRequestLink(with_('{"a":1,"a":2}')))).toBe('request_invalid')
  })

  it('has at most 64 KiB', () => {
    const link = (length: number) => 'openid4vp://?client_id=a&x='.padEnd(length, 'y')
    const { maxUrlCharacters } = requestLimits
    expect(codeOf(() => parseRequestLink(link(maxUrlCharacters - 1)))).toBe('accepted')
    expect(codeOf(() => parseRequestLink(link(maxUrlCharacters)))).toBe('accepted')
    expect(codeOf(() => parseRequestLink(link(maxUrlCharacters + 1)))).toBe('request_invalid')
  })
})

describe('a client identifier', () => {
  it('has at most 2,048 characters, all of them visible ASCII', () => {
    const id = (length: number) => 'x509_hash:'.padEnd(length, 'a')
    expect(codeOf(() => parseClientIdentifier(id(2047)))).toBe('accepted')
    expect(codeOf(() => parseClientIdentifier(id(2048)))).toBe('accepted')
    expect(codeOf(() => parseClientIdentifier(id(2049)))).toBe('client_id_prefix')
    expect(codeOf(() => parseClientIdentifier('x509_hash:a b'))).toBe('client_id_prefix')
    expect(codeOf(() => parseClientIdentifier('x509_hash:'))).toBe('client_id_prefix')
  })
})

describe('transaction data', () => {
  const entry = (alg?: string[]) =>
    parseTransactionData(
      createTransactionData({
        type: 'pay',
        credential_ids: ['a'],
        ...(alg && { transaction_data_hashes_alg: alg }),
      }),
    )

  it('is hashed by SHA-256 unless something else is asked, and says so only then', () => {
    const plain = hashTransactionData([entry(), entry()])
    expect(Object.keys(plain)).toEqual(['transaction_data_hashes'])
    expect(plain['transaction_data_hashes']).toHaveLength(2)
    expect(hashTransactionData([entry(['sha-384', 'sha-512'])])).toMatchObject({
      transaction_data_hashes_alg: 'sha-384',
    })
  })

  it('is refused with hashes that nobody shares, and without a type or credentials', () => {
    expect(codeOf(() => hashTransactionData([entry(['md5'])]))).toBe('transaction_data')
    const both = [entry(['sha-256']), entry(['sha-512'])]
    expect(codeOf(() => hashTransactionData(both))).toBe('transaction_data')
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    expect(codeOf(() => parseTransactionData(encode({ type: 'pay' })))).toBe('transaction_data')
    expect(codeOf(() => parseTransactionData(encode({ credential_ids: ['a'] })))).toBe(
      'transaction_data',
    )
    expect(codeOf(() => parseTransactionData('not base64url!'))).toBe('transaction_data')
  })
})
