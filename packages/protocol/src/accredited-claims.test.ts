import { type ClaimPath, NETWORK_CERTIFICATE } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import {
  asking,
  claimsOf,
  decide,
  OVER_18,
  queryOf,
  registered,
} from '../../../test/decision-ground.js'

describe('identity', () => {
  it('is not shown without a legal basis, and what serves instead is offered', async () => {
    const accreditation = await registered('none', ['birthdate'], ['family_name'], OVER_18)
    const decision = decide(asking(['birthdate'], ['family_name'], OVER_18), { accreditation })
    expect(decision.findings).toMatchObject([
      { path: ['birthdate'], code: 'identity_without_basis', offer: OVER_18, isOfferCovered: true },
      {
        path: ['family_name'],
        code: 'identity_without_basis',
        offer: ['real_person'],
        isOfferCovered: false,
      },
    ])
    expect(claimsOf(decision)).toEqual([OVER_18])
  })

  it.each(['consent', 'law:Cybersecurity Law, Article 24'] as const)(
    'is shown on a screen of its own with %s, also to a platform that knows the person',
    async (basis) => {
      const accreditation = await registered(basis, ['birthdate'], OVER_18)
      const query = asking(['birthdate'], OVER_18)
      const consents = [{ credentialId: 'a', vct: NETWORK_CERTIFICATE, path: ['birthdate'], basis }]
      const expected = { outcome: 'consent', findings: [], consents, query }
      expect(decide(query, { accreditation })).toMatchObject(expected)
      expect(decide(query, { accreditation, holdsNumber: true })).toMatchObject(expected)
    },
  )

  it('is refused with a code of its own to a platform that has a number of the person', async () => {
    const accreditation = await registered('none', ['birthdate'])
    const known = decide(asking(['birthdate']), { accreditation, holdsNumber: true })
    expect(known).toMatchObject({ outcome: 'refuse', code: 'identity_known_platform' })
  })

  it('is what nobody knows: a claim that no type has', async () => {
    const accreditation = await registered('none', ['blood_group'])
    expect(decide(asking(['blood_group']), { accreditation }).code).toBe('identity_without_basis')
  })
})

describe('the network number', () => {
  it('stays in the wallet without a legal basis, and the platform number is offered', async () => {
    const accreditation = await registered('none', ['network_number'], ['platform_number'])
    expect(decide(asking(['network_number']), { accreditation })).toMatchObject({
      outcome: 'refuse',
      code: 'network_number_without_basis',
      findings: [{ offer: ['platform_number'], isOfferCovered: true }],
    })
    const byLaw = await registered('law:Article 9', ['network_number'])
    expect(decide(asking(['network_number']), { accreditation: byLaw })).toMatchObject({
      outcome: 'consent',
      consents: [{ path: ['network_number'] }],
    })
  })
})

describe('values', () => {
  const probing = (path: ClaimPath, values: readonly (string | number)[]) =>
    queryOf({ claims: [{ path, values }, { path: OVER_18 }] })

  it.each([
    ['an identity', ['birthdate'], ['1989-05-04']],
    ['the network number', ['network_number'], ['AB2CD3EF4GH5JK6MN7PQ10']],
    ['a platform number', ['platform_number', 'b'], ['A']],
    ['a holder key', ['cnf', 'jwk', 'x'], ['A']],
    ['a place in a status list', ['status', 'status_list', 'idx'], [7]],
  ] as const)('that guess %s make a refusal of everything', async (_, path, values) => {
    const accreditation = await registered('law:Article 9', path.slice(0, 1), OVER_18)
    const decision = decide(probing(path, values), { accreditation })
    expect(decision).toMatchObject({ outcome: 'refuse', code: 'values_probing', query: null })
    expect(decision.findings).toMatchObject([{ path, code: 'values_probing' }])
  })

  it('that guess are refused in an alternative nobody would answer, and without an accreditation', () => {
    const query = queryOf({
      claims: [
        { id: 'x', path: ['birthdate'], values: ['1989-05-04'] },
        { id: 'y', path: OVER_18 },
      ],
      claim_sets: [['y'], ['x']],
    })
    expect(decide(query).code).toBe('values_probing')
    expect(decide(query, { accreditation: null }).code).toBe('values_probing')
  })

  it('that guess an issuer or a type are no probe', () => {
    expect(decide(probing(['iss'], ['did:key:z'])).outcome).toBe('allow')
  })
})
