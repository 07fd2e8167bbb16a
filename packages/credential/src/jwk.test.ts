import { describe, expect, it } from 'vitest'
import { CredentialError, jwkThumbprint, parsePublicJwk, sameKey } from './index.js'

// RFC 8037 appendix A.2 and RFC 7515 appendix A.3.1
const ed = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
} as const
const ec = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
} as const

function codeOf(value: unknown): string {
  try {
    parsePublicJwk(value)
  } catch (error) {
    if (error instanceof CredentialError) return error.code
    throw error
  }
  return 'accepted'
}

describe('jwkThumbprint', () => {
  it('is the one of RFC 8037 appendix A.3', () => {
    expect(jwkThumbprint(ed)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })

  it('does not depend on the order of members, nor on further ones', () => {
    const { kty, crv, x, y } = ec
    const shuffled = parsePublicJwk({ use: 'sig', y, x, kid: 'k', crv, kty })
    expect(jwkThumbprint(shuffled)).toBe(jwkThumbprint(ec))
    expect(sameKey(shuffled, ec)).toBe(true)
    expect(sameKey(ec, ed)).toBe(false)
  })
})

describe('parsePublicJwk', () => {
  it('keeps what makes the key and drops the rest', () => {
    expect(parsePublicJwk({ ...ec, kid: 'k', alg: 'ES256', key_ops: ['verify'] })).toEqual(ec)
    expect(parsePublicJwk({ ...ed, alg: 'EdDSA' })).toEqual(ed)
    expect(parsePublicJwk({ ...ed, alg: 'Ed25519', use: 'sig' })).toEqual(ed)
  })

  it.each<[string, unknown, string]>([
    ['no object', 'key', 'invalid_jwk'],
    ['null', null, 'invalid_jwk'],
    ['a list', [ec], 'invalid_jwk'],
    ['no kty', { crv: 'P-256', x: ec.x, y: ec.y }, 'invalid_jwk'],
    ['a private key', { ...ec, d: ec.x }, 'invalid_jwk'],
    ['a key for encryption', { ...ec, use: 'enc' }, 'invalid_jwk'],
    ['a key for signing only', { ...ec, key_ops: ['sign'] }, 'invalid_jwk'],
    ['a key for another algorithm', { ...ec, alg: 'ES384' }, 'invalid_jwk'],
    ['an algorithm of the other kind of key', { ...ec, alg: 'EdDSA' }, 'invalid_jwk'],
    ['a key to be fetched', { ...ec, x5u: 'https://x.example' }, 'invalid_jwk'],
    ['a coordinate without its leading zeros', { ...ec, x: 'BQ' }, 'invalid_jwk'],
    ['padding', { ...ec, x: `${ec.x}=` }, 'invalid_jwk'],
    ['spare bits', { ...ec, x: `${ec.x.slice(0, -1)}V` }, 'invalid_jwk'],
    ['a line feed at the end', { ...ec, x: `${ec.x}\n` }, 'invalid_jwk'],
    ['no y', { kty: 'EC', crv: 'P-256', x: ec.x }, 'invalid_jwk'],
    ['a y on an Ed25519 key', { ...ed, y: ec.y }, 'invalid_jwk'],
    ['a point off the curve', { ...ec, y: ec.x }, 'invalid_public_key'],
    ['zero', { ...ed, x: 'A'.repeat(43) }, 'invalid_public_key'],
    ['P-384', { ...ec, crv: 'P-384' }, 'unsupported_key_type'],
    ['another spelling of the curve', { ...ec, crv: 'p-256' }, 'unsupported_key_type'],
    ['X25519', { ...ed, crv: 'X25519' }, 'unsupported_key_type'],
    ['RSA', { kty: 'RSA', n: 'AQAB', e: 'AQAB' }, 'unsupported_key_type'],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }, 'unsupported_key_type'],
  ])('refuses %s', (_name, value, code) => {
    expect(codeOf(value)).toBe(code)
  })
})
