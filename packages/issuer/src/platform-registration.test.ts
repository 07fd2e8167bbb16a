import { readFileSync } from 'node:fs'
import { jsonSchemas, queries, type SectorName, sectorTemplates } from '@netcert/schemas'
import { generateSigner } from '@netcert/credential'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ExampleRegistration, exampleRegistration } from '../../../test/platform-ground.js'
import { examineRegistration } from './platform-examination.js'
import { platformRegistrationJsonSchema } from './platform-registration.js'

let example: ExampleRegistration

beforeAll(async () => {
  example = exampleRegistration({ requestJwk: (await generateSigner('ES256')).jwk })
})

const codesOf = (value: unknown) =>
  examineRegistration(value).problems.map(({ place, code }) => `${place} ${code}`)
const withPurpose = (changes: object) => ({
  ...example,
  purposes: [{ ...example.purposes[0], ...changes }],
})
const asking = (claims: string[][], legalBasis = 'none') =>
  withPurpose({
    legal_basis: legalBasis,
    credentials: [
      { format: 'dc+sd-jwt', vct_values: ['urn:netcert:network-certificate:1'], claims },
    ],
  })

describe('the file of a registration', () => {
  it('has the published JSON Schema (vitest --update writes it anew)', async () => {
    const text = `${JSON.stringify(platformRegistrationJsonSchema(), null, 2)}\n`
    await expect(text).toMatchFileSnapshot('../../../schemas/platform-registration.schema.json')
  })

  it('is taken, by the JSON Schema too', () => {
    expect(codesOf(example)).toEqual([])
    const validate = new Ajv2020({ strict: false }).compile(
      jsonSchemas['platform-registration'] ?? {},
    )
    expect(validate(example), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ ...example, more: 1 })).toBe(false)
  })

  it('is refused with a member nobody knows, at any depth', () => {
    expect(codesOf({ ...example, fee: 1 })).toEqual(['the file form'])
    expect(codesOf(withPurpose({ note: '' }))).toEqual(['purposes[0] form'])
    const key = { ...example.request_jwk, d: 'AAAA' }
    expect(codesOf({ ...example, request_jwk: key })).toEqual(['request_jwk form'])
  })

  it('may give a purpose a key of its own, which has to be a usable public one', () => {
    const own = { ...example.request_jwk }
    expect(codesOf(withPurpose({ request_jwk: own }))).toEqual([])
    expect(codesOf(withPurpose({ request_jwk: { ...own, d: 'AAAA' } }))).toEqual([
      'purposes[0].request_jwk form',
    ])
    expect(codesOf(withPurpose({ request_jwk: { ...own, y: own.x } }))).toEqual([
      'purposes[0].request_jwk request_key_wrong',
    ])
  })

  it('tells every problem at once', () => {
    const wrong = {
      ...withPurpose({ legal_basis: 'law:x' }),
      name: { 'zh-CN': '购票‮平台', en: 'Ticкets' },
      addresses: { ...example.addresses, deletion: 'http://shop.example/deletion' },
    }
    expect(codesOf(wrong)).toEqual([
      'name.zh-CN text_invisible',
      'name.en text_script',
      'addresses.deletion address_insecure',
      'purposes[0].legal_basis_text law_without_text',
    ])
  })

  it.each([
    ['a key off the curve', (key: object) => ({ ...key, x: 'A'.repeat(43) })],
    ['a key of a wrong length', (key: object) => ({ ...key, x: 'AAAA' })],
  ])('is refused with %s', (_what, change) => {
    const jwk = change(example.request_jwk)
    expect(codesOf({ ...example, request_jwk: jwk })).toEqual(['request_jwk request_key_wrong'])
  })

  it.each([
    ['capitals', 'https://Shop.example'],
    ['a space', 'shop example'],
    ['other letters', 'https://商店.example'],
    ['more than 128 characters', `https://${'s'.repeat(121)}`],
  ])('is refused with an id with %s', (_what, id) => {
    expect(codesOf({ ...example, id })).toEqual(['id form'])
  })
})

describe('what a purpose may ask', () => {
  const first = 'purposes[0].credentials[0].claims[0]'

  it('is identity only with consent or a law', () => {
    for (const claim of ['id_number', 'family_name', 'birthdate', 'portrait', 'network_number']) {
      expect(codesOf(asking([[claim]]))).toEqual([`${first} identity_without_basis`])
      expect(codesOf(asking([[claim]], 'consent'))).toEqual([])
    }
    expect(codesOf(asking([['platform_number'], ['real_person']]))).toEqual([])
  })

  it('is no more than the type has, and no wider than one claim', () => {
    expect(codesOf(asking([['shoe_size']]))).toEqual([`${first} claim_unknown`])
    expect(codesOf(asking([['age_equal_or_over', '17']]))).toEqual([`${first} claim_unknown`])
    expect(codesOf(asking([['age_equal_or_over']]))).toEqual([`${first} claim_too_broad`])
    expect(codesOf(asking([['age_equal_or_over', '18']]))).toEqual([])
    expect(codesOf(asking([['iss']]))).toEqual([`${first} claim_always_visible`])
    expect(codesOf(asking([['__proto__']]))).toEqual([`${first} claim_unknown`])
    expect(codesOf(asking([['real_person'], ['real_person']]))).toEqual([
      'purposes[0].credentials[0].claims[1] claim_repeated',
    ])
  })

  it('is asked of a certificate type that there is', () => {
    const credentials = [
      { format: 'dc+sd-jwt', vct_values: ['urn:other:1'], claims: [['real_person']] },
    ]
    expect(codesOf(withPurpose({ credentials }))).toEqual([`${first} type_unknown`])
    const gate = [
      {
        format: 'dc+sd-jwt',
        vct_values: ['urn:netcert:gate-pass:1'],
        claims: [['phone_verified']],
      },
    ]
    expect(codesOf(withPurpose({ credentials: gate }))).toEqual([`${first} claim_unknown`])
  })

  it('is kept for some time when it is stored, and stands there once', () => {
    expect(codesOf(withPurpose({ stores_raw_claims: true, retention_seconds: 0 }))).toEqual([
      'purposes[0].retention_seconds retention_without_storing',
    ])
    const [purpose] = example.purposes
    expect(codesOf({ ...example, purposes: [purpose, purpose] })).toEqual([
      'purposes[1].id purpose_repeated',
    ])
  })
})

describe('a sector template', () => {
  const names = Object.keys(sectorTemplates) as SectorName[]
  const file = (name: string) =>
    JSON.parse(
      readFileSync(new URL(`../../../schemas/sectors/${name}.json`, import.meta.url), 'utf8'),
    ) as unknown

  it.each(names)('%s follows its JSON Schema and is its file', (name) => {
    const validate = new Ajv2020().compile(jsonSchemas['sector-template'] ?? {})
    expect(validate(sectorTemplates[name]), JSON.stringify(validate.errors)).toBe(true)
    expect(sectorTemplates[name]).toEqual(file(name))
    expect(sectorTemplates[name].name).toBe(name)
    expect(queries[sectorTemplates[name].query]).toBeDefined()
  })

  it.each(names)('%s can be registered as it stands', (name) => {
    const registration = exampleRegistration({ requestJwk: example.request_jwk, sectors: [name] })
    expect(codesOf(registration)).toEqual([])
  })

  it.each(names)('%s asks identity claims only where there is a law', (name) => {
    const { legal_basis: basis } = sectorTemplates[name]
    const text = JSON.stringify(queries[name])
    const identity = /"(family_name|given_name|birthdate|id_number|sex|portrait|network_number)"/
    expect(identity.test(text)).toBe(basis.startsWith('law:'))
  })
})
