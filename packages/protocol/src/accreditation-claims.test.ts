import { generateSigner, type PublicJwk } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { formOf } from '../../../test/accreditation-verdict.js'
import {
  platformKey,
  REGISTRAR_STATUS_URI,
  signMembers,
} from '../../../test/accreditation-tokens.js'
import { parseAccreditation } from './accreditation.js'

describe('the claims of an accreditation', () => {
  const credential = (members: object) => ({
    credentials: [{ format: 'dc+sd-jwt', meta: { vct_values: ['urn:a'] }, ...members }],
  })
  const claimsOf = async (members: object) =>
    parseAccreditation(await signMembers(credential(members))).accreditation.credentials[0]?.claims

  it('are read from claim and from claims, as lists of steps and as one name', async () => {
    const paths = [{ path: ['a', null, 0] }, { path: 'b' }]
    const read = [['a', null, 0], ['b']]
    expect(await claimsOf({ claim: paths })).toEqual(read)
    expect(await claimsOf({ claims: paths })).toEqual(read)
    expect(await claimsOf({ claim: paths, claims: paths })).toEqual(read)
  })

  it('make an error where none can be read, never an empty list', async () => {
    const refused = [
      {},
      { claim: [] },
      { claims: [] },
      { claim: null },
      { claim: {} },
      { claim: [{}] },
      { claim: [{ path: [] }] },
      { claim: [{ path: '' }] },
      { claim: [{ path: [true] }] },
      { claim: [{ path: [-1] }] },
      { claim: [{ path: [1.5] }] },
      { claim: ['a'] },
      { claim: [{ path: ['a'] }, { paths: ['b'] }] },
    ]
    for (const members of refused) {
      expect(formOf(await signMembers(credential(members)))).toBe('accreditation_malformed')
    }
    expect(formOf(await signMembers({ credentials: [] }))).toBe('accreditation_malformed')
    expect(formOf(await signMembers({ credentials: undefined }))).toBe('accreditation_malformed')
  })

  it('are refused where claim says one thing and claims another', async () => {
    const both = credential({
      claim: [{ path: ['a'] }],
      claims: [{ path: ['a'] }, { path: ['b'] }],
    })
    expect(formOf(await signMembers(both))).toBe('accreditation_malformed')
    const hidden = credential({ claim: [{ path: ['a'] }], claims: [] })
    expect(formOf(await signMembers(hidden))).toBe('accreditation_malformed')
  })

  it('are bounded', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => ({ path: [`c${at}`] }))
    expect(formOf(await signMembers(credential({ claim: many(64) })))).toBe('read')
    expect(formOf(await signMembers(credential({ claim: many(65) })))).toBe(
      'accreditation_malformed',
    )
    const deep = (steps: number) => ({
      claim: [{ path: Array.from({ length: steps }, () => 'a') }],
    })
    expect(formOf(await signMembers(credential(deep(32))))).toBe('read')
    expect(formOf(await signMembers(credential(deep(33))))).toBe('accreditation_malformed')
    const { credentials } = credential({ claim: [{ path: ['a'] }] })
    const repeated = (count: number) => ({ credentials: Array(count).fill(credentials[0]) })
    expect(formOf(await signMembers(repeated(16)))).toBe('read')
    expect(formOf(await signMembers(repeated(17)))).toBe('accreditation_malformed')
  })

  it('stand beside other formats, but our own needs its types', async () => {
    const mdoc = { format: 'mso_mdoc', meta: { doctype_value: 'a' }, claim: [{ path: ['a', 'b'] }] }
    const ours = { format: 'dc+sd-jwt', meta: {}, claim: [{ path: ['a'] }] }
    expect(formOf(await signMembers({ credentials: [mdoc] }))).toBe('read')
    expect(formOf(await signMembers({ credentials: [ours] }))).toBe('accreditation_malformed')
  })
})

describe('the members of an accreditation', () => {
  const privateJwk: PublicJwk & { readonly d: string } = { ...platformKey.jwk, d: 'A'.repeat(43) }
  const ed25519 = generateSigner('EdDSA').then(({ jwk }) => jwk)

  it.each([
    ['a platform without a name', { sub: '' }],
    ['a platform identifier of 129 characters', { sub: 'a'.repeat(129) }],
    ['a platform identifier with a blank', { sub: 'shop example' }],
    ['no key', { cnf: undefined }],
    ['a key by reference', { cnf: { jku: 'https://shop.example/keys' } }],
    ['a private key', { cnf: { jwk: privateJwk } }],
    ['a key off the curve', { cnf: { jwk: { ...platformKey.jwk, y: 'A'.repeat(43) } } }],
    ['a registrar that is no did:key', { iss: 'https://registrar.example' }],
    ['no legal basis', { legal_basis: undefined }],
    ['a legal basis nobody knows', { legal_basis: 'because' }],
    ['a law that is not named', { legal_basis: 'law:' }],
    ['no bound of claims', { max_claims: undefined }],
    ['no claims at all', { max_claims: 0 }],
    ['a retention without an end', { retention_seconds: Number.MAX_SAFE_INTEGER }],
    ['a retention that is no number', { retention_seconds: '30 days' }],
    ['an address of another scheme', { deletion_uri: 'javascript:alert(1)' }],
    ['no address for reports', { report_uri: undefined }],
    ['a status without an index', { status: { status_list: { uri: REGISTRAR_STATUS_URI } } }],
    ['a vc about another platform', { vc: { type: ['a'], credentialSubject: { id: 'other' } } }],
    ['a name that turns the text around it', { name: 'moc.knab\u202ebank.com' }],
    ['a name with a line break', { name: 'Shop\nVerified by the bank' }],
    ['a purpose of 201 characters', { purpose: [{ lang: 'en', value: 'a'.repeat(201) }] }],
    ['no purpose', { purpose: [] }],
  ])('are refused: %s', async (_, members) => {
    expect(formOf(await signMembers(members))).toBe('accreditation_malformed')
  })

  it('take an Ed25519 key, 128 characters of platform and 200 of purpose', async () => {
    const value = '网'.repeat(200)
    const token = await signMembers({
      sub: 'a'.repeat(128),
      cnf: { jwk: await ed25519 },
      purpose: [{ lang: 'zh', value }],
      display_name: undefined,
      legal_basis: 'law:《网络安全法》第二十四条',
    })
    const { accreditation } = parseAccreditation(token)
    expect(accreditation.purpose).toEqual({ 'zh-CN': value, en: value })
    expect(accreditation.name).toEqual({ 'zh-CN': '示例商店', en: '示例商店' })
    expect(accreditation.legalBasis).toBe('law:《网络安全法》第二十四条')
  })
})
