import { freshnessPolicies } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { beforeAll, describe, expect, it } from 'vitest'
import { accreditedPlatform } from '../../../test/accreditation-ground.js'
import {
  adultClaims,
  createHolder,
  createTrustDomain,
  later,
  type presentTo,
  testNow,
} from '../../../test/trust-domain.js'
import { createVerifierGround, over18, type VerifierGround } from '../../../test/verifier-ground.js'
import { memorySessions } from './memory-sessions.js'

let ground: VerifierGround

beforeAll(async () => {
  ground = await createVerifierGround()
})

const refusal = (code: string) => expect.objectContaining({ code })

describe('a verifier', () => {
  it('gives the result of a certificate that answers', async () => {
    expect(await ground.answer(ground.verifierWith())).toEqual({
      verified: true,
      means: 'certificate',
      issuer: ground.domain.issuerDid,
      role: 'self',
      assurance: null,
      facts: { age_equal_or_over: { '18': true } },
      freshness: {
        verdict: 'valid',
        reason: 'no_status',
        asOf: later(-3600),
        ageSeconds: 3600,
        showStaff: false,
      },
    })
  })

  it('returns only what was asked, whatever else is disclosed', async () => {
    const paths = [['age_equal_or_over', '18'], ['age_equal_or_over', '60'], ['family_name']]
    const result = await ground.answer(ground.verifierWith(), { paths })
    expect(result.facts).toEqual({ age_equal_or_over: { '18': true } })
    expect(JSON.stringify(result)).not.toContain(adultClaims['family_name'])
  })

  it('tells the assurance when the query asks for it', async () => {
    const query = parseQuery(queries['real-person'])
    const result = await ground.answer(ground.verifierWith(), { query, paths: [['real_person']] })
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
    const accredited = await accreditedPlatform(ground.domain, ground.holder.jwk, [
      { claims: paths, legalBasis: 'law:example act 12' },
    ])
    const verifier = ground.verifierWith({ platform: () => accredited })
    expect(await ground.answer(verifier, { query, paths })).toMatchObject({
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
    expect((await ground.answer(ground.verifierWith(), { query })).verified).toBe(true)
  })

  it.each<[string, Partial<Parameters<typeof presentTo>[0]>]>([
    ['kb_aud', { audience: 'did:web:shop.example' }],
    ['kb_nonce', { nonce: 'another-nonce-of-good-length' }],
    ['kb_iat', { issuedAt: later(-301) }],
    ['kb_iat', { issuedAt: later(61) }],
    ['query_unsatisfied', { paths: [['real_person']] }],
    ['query_unsatisfied', { paths: [] }],
  ])('refuses with %s: %j', async (code, shown) => {
    await expect(ground.answer(ground.verifierWith(), shown)).rejects.toThrow(refusal(code))
  })

  it('refuses a presentation by another key, a bare certificate and an altered one', async () => {
    const verifier = ground.verifierWith()
    await expect(ground.answer(verifier, { holder: await createHolder() })).rejects.toThrow(
      refusal('kb_signature'),
    )
    for (const [presentation, code] of [
      [ground.credential, 'kb_missing'],
      ['rubbish', 'malformed_serialization'],
    ] as const) {
      const { id: session } = await verifier.createSession({ query: over18 })
      await expect(verifier.verify({ session, presentation })).rejects.toThrow(refusal(code))
    }
  })

  it('refuses an issuer that is not on its trust list', async () => {
    const stranger = await createTrustDomain()
    const foreign = await stranger.mint({ jwk: ground.holder.jwk })
    await expect(ground.answer(ground.verifierWith(), { credential: foreign })).rejects.toThrow(
      refusal('issuer_untrusted'),
    )
  })

  it('refuses what has expired, is of another type, or fails the asked value', async () => {
    const gatePass = await ground.domain.mint({
      jwk: ground.holder.jwk,
      vct: 'urn:netcert:gate-pass:1',
      claims: { real_person: 'document', age_over_14: true, age_over_18: true, age_over_60: false },
    })
    const minor = await ground.domain.mint({
      jwk: ground.holder.jwk,
      claims: { ...adultClaims, age_equal_or_over: { '18': false } },
    })
    const late = () => later(8 * 86_400)
    const paths = [['age_over_18']]
    await expect(
      ground.answer(ground.verifierWith(), { credential: gatePass, paths }),
    ).rejects.toThrow(refusal('type_not_allowed'))
    await expect(ground.answer(ground.verifierWith(), { credential: minor })).rejects.toThrow(
      refusal('query_unsatisfied'),
    )
    const verifier = ground.verifierWith({ clock: late, sessions: memorySessions({ clock: late }) })
    await expect(ground.answer(verifier, { issuedAt: late() })).rejects.toThrow(
      refusal('time_expired'),
    )
  })

  it('follows the status list: valid, revoked, suspended, stale, missing', async () => {
    const listed = await ground.domain.mint({ jwk: ground.holder.jwk, status: 7 })
    const withLists = async (...tokens: string[]) => {
      const listTrust = await ground.domain.trust(tokens)
      return ground.verifierWith({ trust: () => listTrust })
    }
    const shown = { credential: listed }
    const valid = await withLists(await ground.domain.statusListToken())
    expect((await ground.answer(valid, shown)).freshness.asOf).toEqual(testNow)
    const revoked = await withLists(await ground.domain.statusListToken({ revoked: [7] }))
    await expect(ground.answer(revoked, shown)).rejects.toThrow(refusal('status_invalid'))
    const suspended = await withLists(await ground.domain.statusListToken({ suspended: [7] }))
    await expect(ground.answer(suspended, shown)).rejects.toThrow(refusal('status_suspended'))
    const other = await withLists(await ground.domain.statusListToken({ revoked: [6, 8] }))
    expect((await ground.answer(other, shown)).verified).toBe(true)
    await expect(ground.answer(await withLists(), shown)).rejects.toThrow(
      refusal('status_unavailable'),
    )
    const strict = { freshness: freshnessPolicies.strict }
    await expect(ground.answer(ground.verifierWith(strict))).rejects.toThrow(
      refusal('status_required'),
    )
  })

  it('says openly that it accepted under the grace of its policy', async () => {
    const listed = await ground.domain.mint({ jwk: ground.holder.jwk, status: 7 })
    const late = () => later(13 * 3600)
    const at = { clock: late, sessions: memorySessions({ clock: late }) }
    const shown = { credential: listed, issuedAt: late() }
    const flag = ground.verifierWith({ ...at, freshness: freshnessPolicies['flag-72h'] })
    expect((await ground.answer(flag, shown)).freshness).toMatchObject({
      verdict: 'valid_stale',
      ageSeconds: 13 * 3600,
      showStaff: true,
    })
    const strict = ground.verifierWith({ ...at, freshness: freshnessPolicies.strict })
    await expect(ground.answer(strict, shown)).rejects.toThrow(refusal('status_list_stale'))
  })
})
