import { CredentialError, type Freshness, freshnessPolicies } from '@netcert/credential'
import { freshnessPolicies as documents } from '@netcert/schemas'
import { describe, expect, it } from 'vitest'
import { VerifierError } from './errors.js'
import { chooseFreshness } from './freshness-choice.js'
import { problemReply } from './platform-reply.js'
import { startRequest } from './platform-start.js'
import type { Parts } from './platform.js'
import { encodeOutcome, openOutcome, refusalOf } from './vp-outcome.js'
import type { VpRequestOptions } from './vp-verifier.js'

const freshness: Freshness = {
  verdict: 'unknown',
  reason: 'status_list_stale',
  asOf: new Date('2026-03-01T08:00:00Z'),
  ageSeconds: 147_600,
  showStaff: false,
}
const stale = new CredentialError('status_list_stale', 'Too old.', { freshness })
const told = {
  ...{ verdict: 'unknown', reason: 'status_list_stale' },
  ...{ as_of: '2026-03-01T08:00:00.000Z', age_seconds: 147_600 },
}

describe('a refusal for freshness', () => {
  it('keeps its verdict while a session waits to be asked for it', () => {
    const outcome = refusalOf(stale)
    if (outcome === null) throw new TypeError('it is one of ours')
    expect(() => openOutcome(encodeOutcome(outcome))).toThrow(
      expect.objectContaining({ code: 'status_list_stale', freshness }),
    )
  })

  it('has none where freshness is not why', () => {
    const outcome = refusalOf(new CredentialError('kb_nonce', 'Another nonce.'))
    if (outcome === null) throw new TypeError('it is one of ours')
    expect(() => openOutcome(encodeOutcome(outcome))).toThrow(
      expect.objectContaining({ code: 'kb_nonce', freshness: null }),
    )
  })

  it('tells the platform’s page how old the evidence is, and a wallet only the code', () => {
    const page = problemReply(stale, { wallet: false, route: 'result' })
    expect(JSON.parse(page.body)).toMatchObject({ code: 'status_list_stale', freshness: told })
    const wallet = problemReply(stale, { wallet: true, route: 'response' })
    expect(JSON.parse(wallet.body)).toMatchObject({ code: 'status_list_stale' })
    expect(wallet.body).not.toContain('freshness')
  })
})

describe('a policy that somebody chose', () => {
  it('is a preset by name, or a document of the schema', () => {
    expect(chooseFreshness('flag-72h')).toBe(freshnessPolicies['flag-72h'])
    for (const document of documents) {
      expect(chooseFreshness(document)).toEqual(chooseFreshness(document.name))
    }
  })

  it.each([
    ['an unknown name', 'lenient'],
    ['a member too many', { ...documents[0], skip: true }],
    ['more than seven days', { ...documents[0], grace_seconds: 604_801 }],
    ['nothing', null],
  ])('is refused as %s', (_what, choice) => {
    expect(() => chooseFreshness(choice)).toThrow(VerifierError)
    expect(() => chooseFreshness(choice)).toThrow(
      expect.objectContaining({ code: 'freshness_malformed' }),
    )
  })

  it('of a question holds for requests of that name, and terms take its place', async () => {
    const asked: VpRequestOptions[] = []
    const parts = {
      baseUrl: 'https://shop.example',
      queries: { strictly: {}, usually: {} },
      freshness: { strictly: freshnessPolicies.strict },
      drawQr: () => [],
      engine: {
        createRequest: async (options: VpRequestOptions) => {
          asked.push(options)
          return { requestUri: 'openid4vp://x', session: 's', expiresAt: new Date(0) }
        },
      },
    } as unknown as Parts
    const start = (query: string, more: Partial<Parts> = {}) =>
      startRequest(
        { ...parts, ...more },
        {
          ...{ method: 'POST', path: '/start', parameters: new URLSearchParams({ query }) },
          ...{ header: () => null, body: async () => new Uint8Array() },
        },
      )
    await start('strictly')
    await start('usually')
    await start('strictly', { terms: () => ({ freshness: freshnessPolicies['flag-72h'] }) })
    expect(asked.map((options) => options.freshness?.name)).toEqual([
      ...['strict', undefined, 'flag-72h'],
    ])
  })
})
