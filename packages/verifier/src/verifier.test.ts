import { freshnessPolicies, type Trust } from '@netcert/credential'
import { parseQuery, type Query } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  adultClaims,
  createHolder,
  createTrustDomain,
  type Holder,
  later,
  presentTo,
  type TrustDomain,
  testNow,
} from '../../../test/trust-domain.js'
import { memorySessions } from './memory-sessions.js'
import { memoryReplays } from './replay.js'
import { createVerifier, verifyOnce } from './verifier.js'

const audience = 'decentralized_identifier:did:web:shop.example'
const over18 = parseQuery(queries['age-over-18'])
const clock = () => testNow

let domain: TrustDomain
let trust: Trust
let holder: Holder
let credential: string

beforeAll(async () => {
  domain = await createTrustDomain()
  trust = await domain.trust()
  holder = await createHolder()
  credential = await domain.mint({ jwk: holder.jwk })
})

function verifierWith(options: Partial<Parameters<typeof createVerifier>[0]> = {}) {
  return createVerifier({
    trust: () => trust,
    audience,
    clock,
    freshness: freshnessPolicies['grace-24h'],
    sessions: memorySessions({ clock }),
    ...options,
  })
}

async function answer(
  verifier: ReturnType<typeof verifierWith>,
  options: Partial<Parameters<typeof presentTo>[0]> & { query?: Query } = {},
) {
  const { query = over18, ...shown } = options
  const { id: session, nonce } = await verifier.createSession({ query })
  const presentation = await presentTo({ credential, holder, audience, nonce, ...shown })
  return verifier.verify({ session, presentation })
}

const refusal = (code: string) => expect.objectContaining({ code })

describe('a verifier', () => {
  it('gives the result of a certificate that answers', async () => {
    expect(await answer(verifierWith())).toEqual({
      verified: true,
      means: 'certificate',
      issuer: domain.issuerDid,
      role: 'self',
      assurance: null,
      facts: { age_equal_or_over: { '18': true } },
      freshness: {
        verdict: 'valid',
        asOf: later(-3600),
        ageSeconds: 3600,
        showStaff: false,
      },
    })
  })

  it('returns only what was asked, whatever else is disclosed', async () => {
    const paths = [['age_equal_or_over', '18'], ['age_equal_or_over', '60'], ['family_name']]
    const result = await answer(verifierWith(), { paths })
    expect(result.facts).toEqual({ age_equal_or_over: { '18': true } })
    expect(JSON.stringify(result)).not.toContain(adultClaims['family_name'])
  })

  it('tells the assurance when the query asks for it', async () => {
    const query = parseQuery(queries['real-person'])
    const result = await answer(verifierWith(), { query, paths: [['real_person']] })
    expect(result.assurance).toBe('document+face')
  })

  it('sorts number and identity apart from facts', async () => {
    const query = parseQuery({
      credentials: [
        {
          id: 'c',
          format: 'dc+sd-jwt',
          meta: { vct_values: ['urn:netcert:network-certificate:1'] },
          claims: [{ path: ['network_number'] }, { path: ['family_name'] }, { path: ['age_band'] }],
        },
      ],
    })
    const paths = [['network_number'], ['family_name'], ['age_band']]
    expect(await answer(verifierWith(), { query, paths })).toMatchObject({
      networkNumber: adultClaims['network_number'],
      identity: { family_name: 'Beispiel' },
      facts: { age_band: '18+' },
    })
  })

  it('accepts the second alternative of a query', async () => {
    const query = parseQuery({
      credentials: [
        { id: 'gate', format: 'dc+sd-jwt', meta: { vct_values: ['urn:netcert:gate-pass:1'] } },
        { ...over18.credentials[0]!, id: 'network' },
      ],
      credential_sets: [{ options: [['gate'], ['network']] }],
    })
    expect((await answer(verifierWith(), { query })).verified).toBe(true)
  })

  it.each<[string, Partial<Parameters<typeof presentTo>[0]>]>([
    ['kb_aud', { audience: 'did:web:shop.example' }],
    ['kb_nonce', { nonce: 'another-nonce-of-good-length' }],
    ['kb_iat', { issuedAt: later(-301) }],
    ['kb_iat', { issuedAt: later(61) }],
    ['query_unsatisfied', { paths: [['real_person']] }],
    ['query_unsatisfied', { paths: [] }],
  ])('refuses with %s: %j', async (code, shown) => {
    await expect(answer(verifierWith(), shown)).rejects.toThrow(refusal(code))
  })

  it('refuses a presentation by another key, a bare certificate and an altered one', async () => {
    const verifier = verifierWith()
    await expect(answer(verifier, { holder: await createHolder() })).rejects.toThrow(
      refusal('kb_signature'),
    )
    for (const [presentation, code] of [
      [credential, 'kb_missing'],
      ['rubbish', 'malformed_serialization'],
    ] as const) {
      const { id: session } = await verifier.createSession({ query: over18 })
      await expect(verifier.verify({ session, presentation })).rejects.toThrow(refusal(code))
    }
  })

  it('refuses an issuer that is not on its trust list', async () => {
    const stranger = await createTrustDomain()
    const foreign = await stranger.mint({ jwk: holder.jwk })
    await expect(answer(verifierWith(), { credential: foreign })).rejects.toThrow(
      refusal('issuer_untrusted'),
    )
  })

  it('refuses what has expired, is of another type, or fails the asked value', async () => {
    const gatePass = await domain.mint({
      jwk: holder.jwk,
      vct: 'urn:netcert:gate-pass:1',
      claims: { real_person: 'document', age_over_14: true, age_over_18: true, age_over_60: false },
    })
    const minor = await domain.mint({
      jwk: holder.jwk,
      claims: { ...adultClaims, age_equal_or_over: { '18': false } },
    })
    const late = () => later(8 * 86_400)
    const paths = [['age_over_18']]
    await expect(answer(verifierWith(), { credential: gatePass, paths })).rejects.toThrow(
      refusal('type_not_allowed'),
    )
    await expect(answer(verifierWith(), { credential: minor })).rejects.toThrow(
      refusal('query_unsatisfied'),
    )
    const verifier = verifierWith({ clock: late, sessions: memorySessions({ clock: late }) })
    await expect(answer(verifier, { issuedAt: late() })).rejects.toThrow(refusal('time_expired'))
  })

  it('follows the status list: valid, revoked, suspended, stale, missing', async () => {
    const listed = await domain.mint({ jwk: holder.jwk, status: 7 })
    const withLists = async (...tokens: string[]) => {
      const listTrust = await domain.trust(tokens)
      return verifierWith({ trust: () => listTrust })
    }
    const shown = { credential: listed }
    const valid = await withLists(await domain.statusListToken())
    expect((await answer(valid, shown)).freshness.asOf).toEqual(testNow)
    const revoked = await withLists(await domain.statusListToken({ revoked: [7] }))
    await expect(answer(revoked, shown)).rejects.toThrow(refusal('status_invalid'))
    const suspended = await withLists(await domain.statusListToken({ suspended: [7] }))
    await expect(answer(suspended, shown)).rejects.toThrow(refusal('status_suspended'))
    const other = await withLists(await domain.statusListToken({ revoked: [6, 8] }))
    expect((await answer(other, shown)).verified).toBe(true)
    await expect(answer(await withLists(), shown)).rejects.toThrow(refusal('status_unavailable'))
    const strict = { freshness: freshnessPolicies.strict }
    await expect(answer(verifierWith(strict))).rejects.toThrow(refusal('status_required'))
  })

  it('says openly that it accepted under the grace of its policy', async () => {
    const listed = await domain.mint({ jwk: holder.jwk, status: 7 })
    const late = () => later(13 * 3600)
    const at = { clock: late, sessions: memorySessions({ clock: late }) }
    const shown = { credential: listed, issuedAt: late() }
    const flag = verifierWith({ ...at, freshness: freshnessPolicies['flag-72h'] })
    expect((await answer(flag, shown)).freshness).toMatchObject({
      verdict: 'valid_stale',
      ageSeconds: 13 * 3600,
      showStaff: true,
    })
    const strict = verifierWith({ ...at, freshness: freshnessPolicies.strict })
    await expect(answer(strict, shown)).rejects.toThrow(refusal('status_list_stale'))
  })
})

describe('a session', () => {
  it('is used up by a response that is refused', async () => {
    const verifier = verifierWith()
    const { id: session, nonce } = await verifier.createSession({ query: over18 })
    await expect(verifier.verify({ session, presentation: 'rubbish' })).rejects.toThrow()
    const presentation = await presentTo({ credential, holder, audience, nonce })
    await expect(verifier.verify({ session, presentation })).rejects.toThrow(
      refusal('session_used'),
    )
  })

  it('takes exactly one of 12 simultaneous responses', async () => {
    const verifier = verifierWith()
    const { id: session, nonce } = await verifier.createSession({ query: over18 })
    const presentation = await presentTo({ credential, holder, audience, nonce })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, () => verifier.verify({ session, presentation })),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('expires, and is unknown where it never was', async () => {
    let now = testNow
    const moving = () => now
    const verifier = verifierWith({ clock: moving, sessions: memorySessions({ clock: moving }) })
    const { id: session } = await verifier.createSession({ query: over18 })
    now = later(300)
    await expect(verifier.verify({ session, presentation: '' })).rejects.toThrow(
      refusal('session_expired'),
    )
    await expect(verifier.verify({ session: 'never', presentation: '' })).rejects.toThrow(
      refusal('session_unknown'),
    )
  })

  it('is not started for a query that no answer could be judged for', async () => {
    const verifier = verifierWith()
    const signIn = parseQuery(queries['sign-in'])
    await expect(verifier.createSession({ query: signIn })).rejects.toThrow(
      refusal('platform_number_unsupported'),
    )
    const { id, ...same } = over18.credentials[0]!
    const twice = parseQuery({
      credentials: [
        { id: 'a', ...same },
        { id: 'b', ...same },
      ],
    })
    await expect(verifier.createSession({ query: twice })).rejects.toThrow(
      refusal('query_needs_several_presentations'),
    )
    expect(id).toBe('certificate')
  })

  it('carries a nonce and an id that nobody can guess', async () => {
    const sessions = await Promise.all(
      Array.from({ length: 100 }, () => verifierWith().createSession({ query: over18 })),
    )
    const secrets = new Set(sessions.flatMap(({ id, nonce }) => [id, nonce]))
    expect(secrets.size).toBe(200)
    for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{22}$/)
  })
})

describe('verifyOnce', () => {
  const once = async (options: Partial<Parameters<typeof verifyOnce>[0]> = {}) => {
    const nonce = 'nonce-of-good-length-1'
    const presentation = await presentTo({ credential, holder, audience, nonce })
    const freshness = freshnessPolicies['grace-24h']
    const given = { trust, presentation, audience, nonce, query: over18, freshness, now: testNow }
    return verifyOnce({ ...given, replays: null, ...options })
  }

  it('verifies without a session', async () => {
    expect((await once()).facts).toEqual({ age_equal_or_over: { '18': true } })
  })

  it('refuses a replay, of 12 at once all but one', async () => {
    const replays = memoryReplays({ clock })
    const nonce = 'nonce-of-good-length-1'
    const presentation = await presentTo({ credential, holder, audience, nonce })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, () => once({ presentation, replays })),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(once({ presentation, replays })).rejects.toThrow(refusal('presentation_replayed'))
  })

  it('does not remember what it refused', async () => {
    const replays = memoryReplays({ clock, capacity: 1 })
    await expect(once({ replays, nonce: 'another' })).rejects.toThrow(refusal('kb_nonce'))
    expect((await once({ replays })).verified).toBe(true)
  })
})
