import { type ClaimPath, NETWORK_CERTIFICATE, WARD_CERTIFICATE } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { asking, credentialOf, decide, OVER_18, queryOf } from '../../../test/decision-ground.js'
import { accredited } from '../../../test/accreditation-tokens.js'
import { parseQuery } from './dcql-query.js'

describe('the claims of 24 hours', () => {
  const four = [['platform_number'], ['real_person'], OVER_18, ['residence_region']] as const
  const shown = (...paths: readonly ClaimPath[]) =>
    paths.map((path) => ({ vct: NETWORK_CERTIFICATE, path }))

  it('are counted together with the new ones: asking bit by bit gains nothing', async () => {
    const accreditation = await accredited({ maxClaims: 3 })
    const recent = shown(['real_person'], OVER_18)
    const more = { accreditation, recent }
    expect(decide(asking(['residence_region']), more).outcome).toBe('allow')
    const decision = decide(asking(['residence_region'], ['platform_number']), more)
    expect(decision).toMatchObject({ outcome: 'refuse', code: 'too_many_claims', query: null })
    expect(decide(asking(...four), { accreditation }).code).toBe('too_many_claims')
  })

  it('count once, however often they are asked', async () => {
    const accreditation = await accredited({ maxClaims: 2 })
    const recent = shown(['real_person'], OVER_18)
    expect(decide(asking(['real_person'], OVER_18), { accreditation, recent }).outcome).toBe(
      'allow',
    )
  })

  it('count each part of a claim, and nothing that stands in clear', async () => {
    const claims = [['age_equal_or_over'], ['iss']]
    const credentials = [{ format: 'dc+sd-jwt', vctValues: [NETWORK_CERTIFICATE], claims }]
    const of = (maxClaims: number) => accredited({ maxClaims, credentials })
    const query = asking(['age_equal_or_over'], ['iss'])
    expect(decide(query, { accreditation: await of(5) }).outcome).toBe('allow')
    expect(decide(query, { accreditation: await of(4) }).code).toBe('too_many_claims')
  })

  it('count the alternative that tells most, and leave one that tells too much out', async () => {
    const accreditation = await accredited({ maxClaims: 2 })
    const query = queryOf({
      claims: four.map((path, at) => ({ id: `c${at}`, path })),
      claim_sets: [
        ['c0', 'c1', 'c2'],
        ['c1', 'c2'],
      ],
    })
    const decision = decide(query, { accreditation })
    expect(decision.outcome).toBe('reduce')
    expect(decision.query?.credentials[0]).toMatchObject({ claim_sets: [['c1', 'c2']] })
  })

  it('leave what is optional out when it would be too much', async () => {
    const accreditation = await accredited({ maxClaims: 2 })
    const query = parseQuery({
      credentials: [
        credentialOf({ claims: [{ path: ['real_person'] }, { path: OVER_18 }] }),
        credentialOf({ claims: [{ path: ['residence_region'] }] }, 'b'),
      ],
      credential_sets: [{ options: [['a']] }, { options: [['b']], required: false }],
    })
    const decision = decide(query, { accreditation })
    expect(decision.outcome).toBe('reduce')
    expect(decision.query?.credential_sets).toEqual([{ options: [['a']] }])
  })

  it('do not add up over certificates of which only one is shown', async () => {
    const claims = [['real_person'], ['residence_region']]
    const accreditation = await accredited({
      maxClaims: 2,
      credentials: [
        { format: 'dc+sd-jwt', vctValues: [NETWORK_CERTIFICATE, WARD_CERTIFICATE], claims },
      ],
    })
    const wanted = claims.map((path) => ({ path }))
    const query = parseQuery({
      credentials: [
        credentialOf({ claims: wanted }),
        credentialOf({ meta: { vct_values: [WARD_CERTIFICATE] }, claims: wanted }, 'b'),
      ],
      credential_sets: [{ options: [['a'], ['b']] }],
    })
    expect(decide(query, { accreditation }).outcome).toBe('allow')
    const both = { credentials: query.credentials }
    expect(decide(both, { accreditation }).code).toBe('too_many_claims')
  })

  it('add up over the kinds and alternatives of a query that takes several certificates', async () => {
    const types = [NETWORK_CERTIFICATE, WARD_CERTIFICATE]
    const claims = [['real_person'], ['residence_region']]
    const credentials = [{ format: 'dc+sd-jwt', vctValues: types, claims }]
    const accreditation = await accredited({ maxClaims: 2, credentials })
    const wanted = claims.map((path, at) => ({ id: `c${at}`, path }))
    const ofTypes = (members: object) => queryOf({ meta: { vct_values: types }, ...members })
    expect(decide(ofTypes({ claims: wanted }), { accreditation }).outcome).toBe('allow')
    const both = ofTypes({ multiple: true, claims: wanted })
    expect(decide(both, { accreditation }).code).toBe('too_many_claims')
    const sets = { claims: wanted, claim_sets: [['c0'], ['c1']] }
    const one = await accredited({ maxClaims: 1 })
    expect(decide(queryOf(sets), { accreditation: one }).outcome).toBe('allow')
    const several = queryOf({ multiple: true, ...sets })
    expect(decide(several, { accreditation: one }).code).toBe('too_many_claims')
  })
})
