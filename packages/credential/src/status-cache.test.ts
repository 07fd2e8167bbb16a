import { describe, expect, it } from 'vitest'
import { parseStatusAggregation } from './status-aggregation.js'
import { type CachedStatusToken, decideCache } from './status-cache.js'

const now = 1_800_000_000
const decide = (changes: Partial<CachedStatusToken>) =>
  decideCache(
    {
      resolvedAt: now - 100,
      expiresAt: now + 1_000,
      ttlSeconds: 600,
      httpMaxAgeSeconds: null,
      ...changes,
    },
    now,
  )

describe('a cached status list token', () => {
  it('is used until ttl after the fetch is over', () => {
    expect(decide({ resolvedAt: now - 599 })).toBe('use')
    expect(decide({ resolvedAt: now - 600 })).toBe('use')
    expect(decide({ resolvedAt: now - 601 })).toBe('refresh')
  })

  it('is expired from exp on, whatever ttl says', () => {
    expect(decide({ expiresAt: now + 1, ttlSeconds: 1e9 })).toBe('use')
    expect(decide({ expiresAt: now, ttlSeconds: 1e9 })).toBe('expired')
    expect(decide({ expiresAt: now - 1, ttlSeconds: 1e9 })).toBe('expired')
  })

  it('goes by HTTP only where the token says nothing', () => {
    const silent = { expiresAt: null, ttlSeconds: null }
    expect(decide({ ...silent, httpMaxAgeSeconds: 100 })).toBe('use')
    expect(decide({ ...silent, httpMaxAgeSeconds: 99 })).toBe('refresh')
    expect(decide({ resolvedAt: now - 601, httpMaxAgeSeconds: 86_400 })).toBe('refresh')
    expect(decide({ ttlSeconds: null, httpMaxAgeSeconds: 1 })).toBe('use')
    expect(decide(silent)).toBe('refresh')
  })

  it('is fetched again when the clock went back since the fetch', () => {
    expect(decide({ resolvedAt: now })).toBe('use')
    expect(decide({ resolvedAt: now + 1 })).toBe('refresh')
  })
})

describe('a status list aggregation', () => {
  const malformed = expect.objectContaining({ code: 'aggregation_malformed' })

  it('gives its URIs', () => {
    const body = '{"status_lists":["https://a.example/1","https://a.example/2"],"more":1}'
    expect(parseStatusAggregation(body, 'Application/JSON; charset=utf-8')).toEqual([
      'https://a.example/1',
      'https://a.example/2',
    ])
  })

  it.each([
    ['another type', '{"status_lists":[]}', 'text/html'],
    ['a type that only begins alike', '{"status_lists":[]}', 'application/json-seq'],
    ['no JSON', '<html>', 'application/json'],
    ['an array', '["https://a.example/1"]', 'application/json'],
    ['a list that is none', '{"status_lists":"https://a.example/1"}', 'application/json'],
    ['an entry that is no text', '{"status_lists":[1]}', 'application/json'],
    ['two lists', '{"status_lists":[],"status_lists":[]}', 'application/json'],
  ])('is refused with %s', (_, body, type) => {
    expect(() => parseStatusAggregation(body, type)).toThrow(malformed)
  })
})
