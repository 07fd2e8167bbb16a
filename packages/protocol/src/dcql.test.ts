import { describe, expect, it } from 'vitest'
import type { HeldCopy } from './dcql.js'
import { chooseClaims, demandsFor, singleAnswers } from './dcql.js'
import { parseQuery } from './dcql-query.js'

const NETWORK = 'urn:netcert:network-certificate:1'
const GATE = 'urn:netcert:gate-pass:1'

const held: HeldCopy = {
  vct: NETWORK,
  claims: [
    { path: ['network_number'], value: 'N' },
    { path: ['real_person'], value: 'document+face' },
    { path: ['age_equal_or_over', '14'], value: true },
    { path: ['age_equal_or_over', '18'], value: true },
    { path: ['residence_region'], value: null },
    { path: ['birthdate'], value: '2000-02-29' },
    { path: ['nothing'], value: [] },
    // Element 0 of the issued array is a decoy: a hole that still counts.
    { path: ['nationalities', 1], value: 'XA' },
    { path: ['nationalities', 2], value: 'XB' },
    { path: ['places'], value: [{ city: 'A', zip: 1 }, { city: 'B' }] },
  ],
}

type Claim = {
  id?: string
  path: (string | number | null)[]
  values?: (string | number | boolean)[]
}
const ask = (claims?: Claim[], claim_sets?: string[][], vct = NETWORK) =>
  parseQuery({
    credentials: [
      {
        id: 'c',
        format: 'dc+sd-jwt',
        meta: { vct_values: [vct] },
        ...(claims && { claims }),
        ...(claim_sets && { claim_sets }),
      },
    ],
  })
const pathsFor = (...question: Parameters<typeof ask>) =>
  chooseClaims(ask(...question), held)?.paths ?? null

describe('chooseClaims', () => {
  it('discloses nothing when the query names no claims', () => {
    expect(pathsFor()).toEqual([])
  })

  it('does not answer with another type', () => {
    expect(pathsFor(undefined, undefined, GATE)).toBeNull()
  })

  it('discloses each asked claim once, however often it is asked', () => {
    const real = { path: ['real_person'] }
    expect(pathsFor([real, { path: ['age_equal_or_over', '18'] }, real])).toEqual([
      ['real_person'],
      ['age_equal_or_over', '18'],
    ])
  })

  it('does not answer when one of the claims is missing', () => {
    expect(pathsFor([{ path: ['real_person'] }, { path: ['age_equal_or_over', '21'] }])).toBeNull()
  })

  it('spells out an object as the single claims below it', () => {
    expect(pathsFor([{ path: ['age_equal_or_over'] }])).toEqual([
      ['age_equal_or_over', '14'],
      ['age_equal_or_over', '18'],
    ])
  })

  it('compares values by type and value', () => {
    const over18 = ['age_equal_or_over', '18']
    expect(pathsFor([{ path: over18, values: [true] }])).toEqual([over18])
    expect(pathsFor([{ path: over18, values: ['true', 1] }])).toBeNull()
    expect(pathsFor([{ path: over18, values: [false] }])).toBeNull()
  })

  it('finds a claim whose value is JSON null, which no value matches', () => {
    expect(pathsFor([{ path: ['residence_region'] }])).toEqual([['residence_region']])
    expect(pathsFor([{ path: ['residence_region'], values: ['null', 0, false] }])).toBeNull()
  })

  it('counts an array as issued, holes included', () => {
    expect(pathsFor([{ path: ['nationalities', 1] }])).toEqual([['nationalities', 1]])
    expect(pathsFor([{ path: ['nationalities', 0] }])).toBeNull()
    expect(pathsFor([{ path: ['nationalities', 3] }])).toBeNull()
  })

  it('takes every element for a null step, and of those only the ones with an asked value', () => {
    expect(pathsFor([{ path: ['nationalities', null] }])).toEqual([
      ['nationalities', 1],
      ['nationalities', 2],
    ])
    expect(pathsFor([{ path: ['nationalities', null], values: ['XB'] }])).toEqual([
      ['nationalities', 2],
    ])
  })

  it('drops elements without the asked member, and finds nothing in an empty array', () => {
    expect(pathsFor([{ path: ['places', null, 'zip'] }])).not.toBeNull()
    expect(pathsFor([{ path: ['places', null, 'street'] }])).toBeNull()
    expect(pathsFor([{ path: ['nothing', null] }])).toBeNull()
  })

  it('says that a claim is disclosed whole when its parts have no disclosures of their own', () => {
    expect(pathsFor([{ path: ['places', 0, 'zip'] }])).toEqual([['places']])
    expect(pathsFor([{ path: ['places', 0, 'zip'] }, { path: ['places', 1] }])).toEqual([
      ['places'],
    ])
  })

  it('gives up when a step does not fit what stands there', () => {
    expect(pathsFor([{ path: ['real_person', 'deeper'] }])).toBeNull()
    expect(pathsFor([{ path: ['real_person', 0] }])).toBeNull()
    expect(pathsFor([{ path: ['age_equal_or_over', null] }])).toBeNull()
    expect(pathsFor([{ path: ['nationalities', 'XA'] }])).toBeNull()
  })

  it('treats names of the object prototype as ordinary names', () => {
    expect(pathsFor([{ path: ['constructor'] }])).toBeNull()
    expect(pathsFor([{ path: ['__proto__'] }])).toBeNull()
  })

  it('takes the first claim set it can satisfy', () => {
    const claims = [
      { id: 'missing', path: ['phone_verified'] },
      { id: 'number', path: ['network_number'] },
      { id: 'real', path: ['real_person'] },
    ]
    expect(pathsFor(claims, [['missing'], ['number', 'real'], ['real']])).toEqual([
      ['network_number'],
      ['real_person'],
    ])
    expect(pathsFor(claims, [['missing'], ['missing', 'real']])).toBeNull()
  })

  it('prefers a set without identity claims over an earlier one with them', () => {
    const claims = [
      { id: 'birth', path: ['birthdate'] },
      { id: 'adult', path: ['age_equal_or_over', '18'] },
    ]
    expect(pathsFor(claims, [['birth'], ['adult']])).toEqual([['age_equal_or_over', '18']])
    expect(pathsFor(claims, [['birth']])).toEqual([['birthdate']])
  })

  it('does not answer a query for trusted authorities with a copy of a did:key issuer', () => {
    const query = parseQuery({
      credentials: [
        {
          id: 'c',
          format: 'dc+sd-jwt',
          meta: { vct_values: [NETWORK] },
          trusted_authorities: [{ type: 'aki', values: ['AA'] }],
        },
      ],
    })
    expect(chooseClaims(query, held)).toBeNull()
    expect(() => demandsFor(query)).toThrow(expect.objectContaining({ code: 'query_unsupported' }))
  })
})

describe('credential sets', () => {
  const credential = (id: string, vct = NETWORK) => ({
    id,
    format: 'dc+sd-jwt',
    meta: { vct_values: [vct] },
  })
  const credentials = [
    credential('gate', GATE),
    credential('network'),
    { ...credential('mdoc'), format: 'mso_mdoc' },
  ]
  const idsFor = (credential_sets: object[]) =>
    singleAnswers(parseQuery({ credentials, credential_sets })).map(({ id }) => id)

  it('keep the order of preference among single certificates', () => {
    expect(idsFor([{ options: [['network', 'gate'], ['network'], ['mdoc'], ['gate']] }])).toEqual([
      'network',
      'gate',
    ])
  })

  it('demand an option in each required set', () => {
    const both = [{ options: [['gate'], ['network']] }, { options: [['network']] }]
    expect(idsFor(both)).toEqual(['network'])
    expect(() => idsFor([{ options: [['gate']] }, { options: [['network']] }])).toThrow(
      expect.objectContaining({ code: 'query_needs_several_presentations' }),
    )
  })

  it('leave optional sets aside, and serve them when nothing is required', () => {
    const optional = { options: [['gate']], required: false }
    expect(idsFor([optional, { options: [['network']] }])).toEqual(['network'])
    expect(idsFor([optional])).toEqual(['gate'])
  })

  it('are needed as soon as two certificates stand in the query', () => {
    expect(() => singleAnswers(parseQuery({ credentials }))).toThrow(
      expect.objectContaining({ code: 'query_needs_several_presentations' }),
    )
  })

  it('give each alternative its own demands', () => {
    const query = parseQuery({
      credentials,
      credential_sets: [{ options: [['network'], ['gate']] }],
    })
    expect(demandsFor(query)).toEqual([
      { id: 'network', types: [NETWORK], claimSets: [[]] },
      { id: 'gate', types: [GATE], claimSets: [[]] },
    ])
    expect(chooseClaims(query, held)).toEqual({ credential: 'network', preference: 0, paths: [] })
    expect(chooseClaims(query, { vct: GATE, claims: [] })?.preference).toBe(1)
  })
})
