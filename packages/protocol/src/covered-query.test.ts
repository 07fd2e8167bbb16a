import { describe, expect, it } from 'vitest'
import { claimsOf, credentialOf, decide, OVER_18, queryOf } from '../../../test/decision-ground.js'
import { parseQuery } from './dcql-query.js'

describe('alternatives', () => {
  const claims = [
    { id: 'x', path: ['birthdate'] },
    { id: 'y', path: OVER_18 },
    { id: 'z', path: ['real_person'] },
  ]

  it('outside the accreditation are dropped where another one is within', () => {
    const decision = decide(queryOf({ claims, claim_sets: [['x'], ['y', 'z']] }))
    expect(decision.outcome).toBe('reduce')
    expect(decision.query?.credentials[0]).toMatchObject({ claim_sets: [['y', 'z']] })
    expect(claimsOf(decision)).toEqual([OVER_18, ['real_person']])
  })

  it('are cut to what is covered where none is covered whole', () => {
    const decision = decide(queryOf({ claims, claim_sets: [['x', 'y'], ['x']] }))
    expect(decision.query?.credentials[0]).toMatchObject({ claim_sets: [['y']] })
  })

  it('of whole certificates are dropped likewise, and a required set is cut at worst', () => {
    const credentials = [
      credentialOf({ claims: [{ path: ['birthdate'] }] }),
      credentialOf({ claims: [{ path: OVER_18 }] }, 'b'),
    ]
    const of = (credential_sets: object[]) => decide(parseQuery({ credentials, credential_sets }))
    expect(of([{ options: [['a'], ['b']] }]).query?.credential_sets).toEqual([{ options: [['b']] }])
    expect(of([{ options: [['a', 'b']] }]).query?.credential_sets).toEqual([{ options: [['b']] }])
    const optional = of([{ options: [['b']] }, { options: [['a', 'b']], required: false }])
    expect(optional.query?.credential_sets).toEqual([{ options: [['b']] }])
    // Without any set left, both certificates would be required: nothing may be left then.
    expect(of([{ options: [['a']], required: false }])).toMatchObject({ outcome: 'refuse' })
  })
})
