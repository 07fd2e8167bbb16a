import { describe, expect, it } from 'vitest'
import type { HeldCopy } from './dcql.js'
import { answerCredential, isSdJwtQuery } from './dcql.js'
import { parseQuery } from './dcql-query.js'
import { chooseCredentials, isQueryAnswered, matchCredentials } from './dcql-sets.js'

const NETWORK = 'urn:netcert:network-certificate:1'
const GATE = 'urn:netcert:gate-pass:1'
const credential = (id: string, changes = {}) => ({
  id,
  format: 'dc+sd-jwt',
  meta: { vct_values: [NETWORK] },
  ...changes,
})
const network: HeldCopy = {
  vct: NETWORK,
  claims: [
    { path: ['network_number'], value: 'N' },
    { path: ['real_person'], value: 'document' },
    { path: ['family_name'], value: 'B' },
  ],
}
const gate: HeldCopy = { vct: GATE, claims: [{ path: ['age_over_18'], value: true }] }

describe('matchCredentials', () => {
  it('finds every copy that answers each credential query, in the order given', () => {
    const query = parseQuery({
      credentials: [
        credential('network'),
        credential('gate', { meta: { vct_values: [GATE] } }),
        { ...credential('mdoc'), format: 'mso_mdoc' },
      ],
    })
    const found = matchCredentials(query, [network, gate, network])
    expect(found.get('network')?.matches.map(({ held }) => held)).toEqual([network, network])
    expect(found.get('gate')?.matches.map(({ held }) => held)).toEqual([gate])
    expect(found.has('mdoc')).toBe(false)
  })

  it('leaves out what may not be shown as if it were not held', () => {
    const claims = [
      { id: 'name', path: ['family_name'] },
      { id: 'number', path: ['network_number'] },
      { id: 'real', path: ['real_person'] },
    ]
    const factsOnly = (_: string, [first]: readonly (string | number | null)[]) =>
      first === 'real_person'
    const pathsFor = (changes: object) => {
      const query = parseQuery({ credentials: [credential('c', changes)] })
      return matchCredentials(query, [network], factsOnly).get('c')?.matches[0]?.paths
    }
    expect(pathsFor({ claims, claim_sets: [['name'], ['number', 'real'], ['real']] })).toEqual([
      ['real_person'],
    ])
    expect(pathsFor({ claims, claim_sets: [['name'], ['number']] })).toBeUndefined()
    expect(pathsFor({ claims })).toBeUndefined()
  })
})

describe('trusted_authorities', () => {
  const asking = (trusted_authorities: object[]) =>
    parseQuery({ credentials: [credential('c', { trusted_authorities })] }).credentials.filter(
      isSdJwtQuery,
    )[0]
  const withAuthority = { ...network, authorityKeyIds: ['s9tIpPmhxdiuNkHMEWNpYim8S8Y'] }
  const answers = (held: HeldCopy, authorities: object[]) => {
    const query = asking(authorities)
    return query !== undefined && answerCredential(query, held) !== null
  }

  it('are met by any one authority key identifier behind the issuer', () => {
    const other = { type: 'etsi_tl', values: ['https://list.example'] }
    const aki = { type: 'aki', values: ['another', 's9tIpPmhxdiuNkHMEWNpYim8S8Y'] }
    expect(answers(withAuthority, [other, aki])).toBe(true)
  })

  it('are not met by another identifier, by another kind, or by a did:key issuer', () => {
    expect(answers(withAuthority, [{ type: 'aki', values: ['another'] }])).toBe(false)
    const unknown = { type: 'openid_federation', values: ['s9tIpPmhxdiuNkHMEWNpYim8S8Y'] }
    expect(answers(withAuthority, [unknown])).toBe(false)
    expect(answers(network, [{ type: 'aki', values: ['s9tIpPmhxdiuNkHMEWNpYim8S8Y'] }])).toBe(false)
  })
})

describe('chooseCredentials', () => {
  const queryOf = (credential_sets?: object[]) =>
    parseQuery({
      credentials: ['a', 'b', 'c', 'd'].map((id) => credential(id)),
      ...(credential_sets && { credential_sets }),
    })
  const choose = (held: string, credential_sets?: object[]) =>
    chooseCredentials(queryOf(credential_sets), (ids) => ids.every((id) => held.includes(id)))

  it('takes every credential where there are no sets, or none', () => {
    expect(choose('abcd')).toEqual({ required: ['a', 'b', 'c', 'd'], optional: [] })
    expect(choose('abc')).toBeNull()
  })

  it('takes the first option of each required set that can be answered whole', () => {
    const sets = [{ options: [['a', 'b'], ['c']] }, { options: [['d'], ['c']] }]
    expect(choose('abcd', sets)?.required).toEqual(['a', 'b', 'd'])
    expect(choose('bcd', sets)?.required).toEqual(['c', 'd'])
    expect(choose('bc', sets)?.required).toEqual(['c'])
  })

  it('answers nothing when one required set fails', () => {
    expect(choose('ab', [{ options: [['a']] }, { options: [['c'], ['d']] }])).toBeNull()
  })

  it('lists what is optional apart, and leaves out what cannot be answered', () => {
    const sets = [
      { options: [['a']] },
      { options: [['b', 'c'], ['d']], required: false },
      { options: [['b']], required: false },
    ]
    expect(choose('abcd', sets)).toEqual({ required: ['a'], optional: ['b', 'c'] })
    expect(choose('ad', sets)).toEqual({ required: ['a'], optional: ['d'] })
    expect(choose('a', sets)).toEqual({ required: ['a'], optional: [] })
    expect(choose('bcd', sets)).toBeNull()
  })

  it('takes the first optional set where nothing is required', () => {
    const sets = [
      { options: [['a']], required: false },
      { options: [['b']], required: false },
    ]
    expect(choose('ab', sets)).toEqual({ required: ['a'], optional: ['b'] })
    expect(choose('b', sets)).toEqual({ required: ['b'], optional: [] })
    expect(choose('c', sets)).toBeNull()
  })
})

describe('isQueryAnswered', () => {
  const credentials = ['a', 'b', 'c'].map((id) => credential(id))
  const answered = (ids: string[], credential_sets?: object[]) =>
    isQueryAnswered(
      parseQuery({ credentials, ...(credential_sets && { credential_sets }) }),
      new Set(ids),
    )

  it('wants all credentials, or an option of each required set', () => {
    expect(answered(['a', 'b', 'c'])).toBe(true)
    const sets = [{ options: [['a'], ['b', 'c']] }, { options: [['c']], required: false }]
    expect(answered(['a'], sets)).toBe(true)
    expect(answered(['b', 'c'], sets)).toBe(true)
    expect(answered(['a', 'c'], sets)).toBe(true)
  })

  it('is not content with fewer, with none, or with what was not asked', () => {
    expect(answered(['a', 'b'])).toBe(false)
    const sets = [{ options: [['a'], ['b', 'c']] }]
    expect(answered(['b'], sets)).toBe(false)
    expect(answered([], [{ options: [['a']], required: false }])).toBe(false)
    expect(answered(['a', 'z'], sets)).toBe(false)
  })
})
