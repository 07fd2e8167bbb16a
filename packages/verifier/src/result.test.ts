import { describe, expect, it } from 'vitest'
import { later, testNow } from '../../../test/trust-domain.js'
import { resultOf, verifiedByOtherMeans } from './result.js'

const verified = {
  issuer: 'did:key:zIssuer',
  vct: 'urn:netcert:network-certificate:1',
  issuedAt: testNow,
  expiresAt: later(3600),
  holderKey: 'thumbprint',
  role: 'guardian',
  platformNumber: null,
  freshness: { verdict: 'valid', reason: 'fresh', asOf: testNow, ageSeconds: 0, showStaff: false },
} as const

describe('a result', () => {
  it('counts a claim that no type lists as identity', () => {
    const result = resultOf({ ...verified, claims: { shoe_size: 43, age_band: '18+' } })
    expect(result.facts).toEqual({ age_band: '18+' })
    expect(result.identity).toEqual({ shoe_size: 43 })
  })

  it('counts every claim of an unknown type as identity', () => {
    const result = resultOf({ ...verified, vct: 'urn:other', claims: { age_band: '18+' } })
    expect(result.facts).toEqual({})
    expect(result.identity).toEqual({ age_band: '18+' })
  })

  it('leaves technical claims out, and identity where there is none', () => {
    const result = resultOf({ ...verified, claims: { vct: verified.vct, age_band: '18+' } })
    expect(result).not.toHaveProperty('identity')
    expect(JSON.stringify(result)).not.toContain('urn:netcert')
    expect(result.role).toBe('guardian')
  })

  it('carries a claim called __proto__ as a claim', () => {
    const claims = JSON.parse('{"__proto__":{"verified":"polluted"}}')
    const result = resultOf({ ...verified, claims })
    expect(JSON.stringify(result.identity)).toBe('{"__proto__":{"verified":"polluted"}}')
    expect(Object.hasOwn(Object.prototype, 'verified')).toBe(false)
  })
})

describe('a person verified by other means', () => {
  const counter = {
    checkedBy: 'https://shop.example/counter',
    role: 'self',
    assurance: 'document',
    facts: { age_equal_or_over: { '18': true } },
    checkedAt: testNow,
  } as const

  it('gives a result of the same shape', () => {
    const other = verifiedByOtherMeans({ ...counter, now: later(60) })
    const certificate = resultOf({ ...verified, claims: { age_equal_or_over: { '18': true } } })
    expect(Object.keys(other).toSorted()).toEqual(Object.keys(certificate).toSorted())
    expect(other).toMatchObject({ verified: true, means: 'other', facts: counter.facts })
    expect(other.freshness).toEqual({
      ...certificate.freshness,
      reason: 'checked_otherwise',
      ageSeconds: 60,
    })
  })

  it('refuses a check that lies in the future', () => {
    expect(() => verifiedByOtherMeans({ ...counter, now: later(-1) })).toThrow(TypeError)
  })
})
