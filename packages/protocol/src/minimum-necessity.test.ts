import {
  type ClaimPath,
  GATE_PASS,
  NETWORK_CERTIFICATE,
  WARD_CERTIFICATE,
} from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import {
  asking,
  claimsOf,
  codesOf,
  credentialOf,
  decide,
  OVER_18,
  queryOf,
  registered,
} from '../../../test/decision-ground.js'
import { accredited } from '../../../test/accreditation-tokens.js'
import { stranger } from '../../../test/trust-ground.js'
import { parseQuery, type Query } from './dcql-query.js'

describe('a request within its accreditation', () => {
  it('is allowed, as it was asked', () => {
    const query = asking(['platform_number'], OVER_18)
    const expected = { outcome: 'allow', code: null, findings: [], consents: [], query }
    expect(decide(query)).toEqual(expected)
  })

  it('may ask for nothing but the certificate, and for what stands in it in clear', () => {
    expect(decide(queryOf({})).outcome).toBe('allow')
    expect(decide(asking(['iss'], ['exp'], ['status', 'status_list'])).outcome).toBe('allow')
  })

  it('may compare facts with values', () => {
    const query = queryOf({ claims: [{ path: OVER_18, values: [true] }] })
    expect(decide(query).outcome).toBe('allow')
  })
})

describe('the key of a request', () => {
  it('must be the one of the accreditation', () => {
    const query = asking(OVER_18)
    const refusal = { outcome: 'refuse', code: 'accreditation_key', query: null }
    expect(decide(query, { requestKey: stranger.jwk })).toMatchObject(refusal)
    expect(decide(query, { requestKey: null })).toMatchObject(refusal)
  })
})

describe('formats and types', () => {
  const foreign = { id: 'f', format: 'mso_mdoc', meta: { doctype_value: 'a' } }

  it('that are not registered are not shown', () => {
    const query = parseQuery({
      credentials: [
        credentialOf({ claims: [{ path: OVER_18 }] }),
        credentialOf(
          { meta: { vct_values: [GATE_PASS] }, claims: [{ path: ['real_person'] }] },
          'b',
        ),
        foreign,
      ],
    })
    const decision = decide(query)
    expect(decision.outcome).toBe('reduce')
    expect(codesOf(decision)).toEqual(['type_unregistered', 'format_unregistered'])
    expect(decision.query?.credentials.map(({ id }) => id)).toEqual(['a'])
  })

  it('make a refusal when they are all there is', () => {
    const gate = queryOf({ meta: { vct_values: [GATE_PASS] }, claims: [{ path: ['real_person'] }] })
    expect(decide(gate)).toMatchObject({ outcome: 'refuse', code: 'type_unregistered' })
    const mdoc = parseQuery({ credentials: [foreign] })
    expect(decide(mdoc)).toMatchObject({ outcome: 'refuse', code: 'format_unregistered' })
  })

  it('of one credential query are judged each for itself', async () => {
    const accreditation = await accredited({
      maxClaims: 64,
      credentials: [
        { format: 'dc+sd-jwt', vctValues: [NETWORK_CERTIFICATE], claims: [['real_person']] },
        { format: 'dc+sd-jwt', vctValues: [WARD_CERTIFICATE], claims: [['residence_region']] },
      ],
    })
    const both = { meta: { vct_values: [NETWORK_CERTIFICATE, WARD_CERTIFICATE] } }
    const decision = decide(queryOf({ ...both, claims: [{ path: ['residence_region'] }] }), {
      accreditation,
    })
    // What is registered for a ward certificate does not leak from the other one.
    expect(decision.query?.credentials[0]?.meta).toEqual({ vct_values: [WARD_CERTIFICATE] })
    expect(decision.outcome).toBe('reduce')
  })
})

describe('holder binding', () => {
  it('is never done without', () => {
    const query = asking(OVER_18)
    const [credential] = query.credentials
    // parseQuery would refuse it already; whoever builds a query otherwise gets no further.
    const off = { credentials: [{ ...credential, require_cryptographic_holder_binding: false }] }
    const decision = decide(off as Query)
    expect(decision).toMatchObject({ outcome: 'refuse', code: 'holder_binding_off', query: null })
    const on = { credentials: [{ ...credential, require_cryptographic_holder_binding: true }] }
    expect(decide(on as Query).outcome).toBe('allow')
  })
})

describe('a claim', () => {
  it('that is not registered is not shown, and the rest is', () => {
    const decision = decide(asking(OVER_18, ['phone_verified']))
    expect(decision.outcome).toBe('reduce')
    expect(decision.findings).toEqual([
      {
        credentialId: 'a',
        vct: NETWORK_CERTIFICATE,
        path: ['phone_verified'],
        code: 'claim_uncovered',
        offer: null,
        isOfferCovered: false,
      },
    ])
    expect(claimsOf(decision)).toEqual([OVER_18])
  })

  it('that is all there is makes a refusal when it is not registered', () => {
    const decision = decide(asking(['phone_verified']))
    expect(decision).toMatchObject({ outcome: 'refuse', code: 'claim_uncovered', query: null })
  })

  it('above a registered one is over-asking, and the registered one is offered', () => {
    const decision = decide(asking(['age_equal_or_over'], ['real_person']))
    expect(decision.findings).toMatchObject([
      { code: 'claim_uncovered', offer: OVER_18, isOfferCovered: true },
    ])
    expect(claimsOf(decision)).toEqual([['real_person']])
  })

  it('beside a registered one is over-asking', () => {
    const decision = decide(asking(['age_equal_or_over', '65']))
    expect(decision.code).toBe('claim_uncovered')
  })

  it('below a registered one is covered', async () => {
    const accreditation = await registered('none', ['age_equal_or_over'])
    expect(decide(asking(OVER_18, ['age_equal_or_over', '65']), { accreditation }).outcome).toBe(
      'allow',
    )
  })

  it('that has one disclosure for all of it is shown only when all of it is registered', async () => {
    // platform_number is { b, e } in one disclosure: asking for b shows e too.
    const accreditation = await registered('none', ['platform_number', 'b'])
    const decision = decide(asking(['platform_number', 'b']), { accreditation })
    expect(decision).toMatchObject({ outcome: 'refuse', code: 'claim_uncovered' })
    const whole = await registered('none', ['platform_number'])
    const asked = asking(['platform_number', 'b'])
    expect(decide(asked, { accreditation: whole }).outcome).toBe('allow')
  })

  it('of a type that is not known here is shown only when its topmost claim is registered', async () => {
    const other = (...claims: readonly ClaimPath[]) =>
      accredited({
        legalBasis: 'consent',
        credentials: [{ format: 'dc+sd-jwt', vctValues: ['urn:other'], claims }],
      })
    const query = queryOf({
      meta: { vct_values: ['urn:other'] },
      claims: [{ path: ['address', 'street'] }],
    })
    const narrow = await other(['address', 'street'])
    expect(decide(query, { accreditation: narrow }).code).toBe('claim_uncovered')
    const wide = await other(['address'])
    expect(decide(query, { accreditation: wide }).outcome).toBe('consent')
  })
})

describe('a registered path with null', () => {
  it('covers every position, and a position covers only itself', async () => {
    const { coversPath } = await import('./accredited-claims.js')
    expect(coversPath(['a', null], ['a', null])).toBe(true)
    expect(coversPath(['a', null], ['a', 3])).toBe(true)
    expect(coversPath(['a', null], ['a', 3, 'b'])).toBe(true)
    expect(coversPath(['a', null], ['a', 'b'])).toBe(false)
    expect(coversPath(['a', null], ['a'])).toBe(false)
    expect(coversPath(['a', 3], ['a', 3])).toBe(true)
    expect(coversPath(['a', 3], ['a', 4])).toBe(false)
    expect(coversPath(['a', 3], ['a', null])).toBe(false)
    expect(coversPath(['a', '3'], ['a', 3])).toBe(false)
  })
})

describe('a verifier that nobody registered', () => {
  const unknown = { accreditation: null, requestKey: null }

  it('gets facts, and only when the person is asked', () => {
    const query = asking(OVER_18, ['residence_region'])
    expect(decide(query, unknown)).toMatchObject({ outcome: 'consent', findings: [], query })
    expect(decide(queryOf({}), unknown).outcome).toBe('consent')
  })

  it('gets no number and no identity', () => {
    const decision = decide(asking(OVER_18, ['birthdate'], ['platform_number']), unknown)
    expect(decision.outcome).toBe('reduce')
    expect(codesOf(decision)).toEqual(['unaccredited', 'number_unaccredited'])
    expect(claimsOf(decision)).toEqual([OVER_18])
    const number = decide(asking(['network_number']), unknown)
    expect(number).toMatchObject({ outcome: 'refuse', code: 'number_unaccredited' })
    const name = decide(asking(['family_name']), { ...unknown, requestKey: stranger.jwk })
    expect(name).toMatchObject({ outcome: 'refuse', code: 'unaccredited' })
  })

  it('gets no certificate of a type nobody knows', () => {
    const query = queryOf({ meta: { vct_values: ['urn:other'] } })
    expect(decide(query, unknown)).toMatchObject({ outcome: 'refuse', code: 'type_unregistered' })
  })
})
