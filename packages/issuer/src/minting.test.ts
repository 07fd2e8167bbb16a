import { GATE_PASS, GUARDIANSHIP, NETWORK_CERTIFICATE, WARD_CERTIFICATE } from '@netcert/credential'
import { type HeldCredential, inspectCredential } from '@netcert/credential/holder'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { issuerFamily } from '../../../test/issuer-family.js'
import { holderKeys } from '../../../test/issuer-ground.js'

const claimsOf = (held: HeldCredential): Record<string, unknown> =>
  Object.fromEntries(held.claims.map(({ path, value }) => [path.join('.'), value]))

describe.each(engines)('minting on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  it('mints ten one-time copies for seven days, without a status, that share nothing', async () => {
    const batch = await family.mint({ copies: 'one-time', keys: 10 })
    expect(batch.credentials).toHaveLength(10)
    const copies = await Promise.all(batch.credentials.map((copy) => inspectCredential(copy)))
    for (const copy of copies) {
      expect(copy.issuer).toBe(family.test.issuerDid)
      expect(copy.status).toBeNull()
      expect(copy.issuedAt.getTime() % 3_600_000).toBe(0)
      expect(copy.expiresAt.getTime() - copy.issuedAt.getTime()).toBe(7 * 86_400_000)
    }
    const disclosures = copies.flatMap((copy) => copy.disclosures.map(({ encoded }) => encoded))
    expect(new Set(disclosures).size).toBe(disclosures.length)
    const numbers = new Set(copies.map((copy) => claimsOf(copy)['network_number']))
    expect(numbers.size).toBe(1)
  })

  it('mints one platform copy for thirty days that stands on a status list', async () => {
    const batch = await family.mint({})
    const [copy] = await Promise.all(batch.credentials.map((text) => inspectCredential(text)))
    expect(copy!.status?.uri).toBe('https://issuer.example/status/1')
    expect(copy!.expiresAt.getTime() - copy!.issuedAt.getTime()).toBe(30 * 86_400_000)
    expect(claimsOf(copy!)).toMatchObject({
      real_person: 'document',
      'age_equal_or_over.18': true,
      'age_equal_or_over.60': false,
      age_band: '18+',
      document_type: 'resident_id',
      nationality: 'CHN',
      residence_region: 'GD',
      phone_verified: true,
      family_name: '于',
      given_name: '敏静',
      birthdate: '1989-05-04',
      id_number: '990217198905047852',
      sex: 'female',
    })
  })

  it('mints eight gate passes for 72 hours with few facts', async () => {
    const batch = await family.mint({ type: GATE_PASS, copies: 'one-time', keys: 8 })
    const copy = await inspectCredential(batch.credentials[0]!)
    expect(copy.status).toBeNull()
    expect(copy.expiresAt.getTime() - copy.issuedAt.getTime()).toBe(72 * 3_600_000)
    const facts = Object.keys(claimsOf(copy)).filter((name) =>
      /^(age_|real_person|network)/.test(name),
    )
    expect(facts.toSorted()).toEqual(['age_over_14', 'age_over_18', 'age_over_60', 'real_person'])
  })

  it('mints a ward certificate to a guardian, with a status', async () => {
    const batch = await family.mint({
      citizen: family.person('child'),
      type: WARD_CERTIFICATE,
      guardian: family.person('parent'),
    })
    const copy = await inspectCredential(batch.credentials[0]!)
    expect(copy.status).not.toBeNull()
    expect(claimsOf(copy)).toMatchObject({ rep: 'guardian', age_band: '0-13', given_name: '小明' })
  })

  it('mints a guardianship certificate for a minor of 14 to 17', async () => {
    const batch = await family.mint({
      citizen: family.person('teen'),
      type: GUARDIANSHIP,
      copies: 'one-time',
      guardian: family.person('parent'),
    })
    const copy = await inspectCredential(batch.credentials[0]!)
    expect(copy.status).toBeNull()
    expect(claimsOf(copy)).toMatchObject({ rep: 'guardian' })
    expect(JSON.stringify(copy.claims)).not.toContain('小红')
  })

  it.each([
    [
      'a network certificate for a child',
      'child',
      NETWORK_CERTIFICATE,
      'platform',
      undefined,
      'age_not_allowed',
    ],
    ['a gate pass for a child', 'child', GATE_PASS, 'one-time', undefined, 'age_not_allowed'],
    [
      'a ward certificate for a teenager',
      'teen',
      WARD_CERTIFICATE,
      'platform',
      'parent',
      'age_not_allowed',
    ],
    [
      'a ward certificate for an adult',
      'stranger',
      WARD_CERTIFICATE,
      'platform',
      'parent',
      'age_not_allowed',
    ],
    ['a guardianship for a child', 'child', GUARDIANSHIP, 'one-time', 'parent', 'age_not_allowed'],
    [
      'a guardianship for an adult',
      'stranger',
      GUARDIANSHIP,
      'one-time',
      'parent',
      'age_not_allowed',
    ],
    [
      'a ward certificate without a guardian',
      'child',
      WARD_CERTIFICATE,
      'platform',
      undefined,
      'guardian_needed',
    ],
    [
      'a ward certificate to a stranger',
      'child',
      WARD_CERTIFICATE,
      'platform',
      'stranger',
      'guardian_not_linked',
    ],
    [
      'one-time ward certificates',
      'child',
      WARD_CERTIFICATE,
      'one-time',
      'parent',
      'copies_not_offered',
    ],
    [
      'a platform copy of a gate pass',
      'parent',
      GATE_PASS,
      'platform',
      undefined,
      'copies_not_offered',
    ],
    ['an unknown type', 'parent', 'urn:netcert:passport:1', 'platform', undefined, 'type_unknown'],
  ] as const)('refuses %s', async (...row) => {
    const [, citizen, type, copies, guardian, code] = row
    const keys = copies === 'platform' || type === GUARDIANSHIP ? 1 : 8
    const minting = family.mint({
      citizen: family.person(citizen),
      type,
      copies,
      keys,
      ...(guardian === undefined ? {} : { guardian: family.person(guardian) }),
    })
    await expect(minting).rejects.toMatchObject({ code })
  })

  it('refuses a wrong number of keys, a repeated key, a malformed key, an unknown citizen', async () => {
    const [key] = await holderKeys(1)
    await expect(family.mint({ keys: 2 })).rejects.toMatchObject({ code: 'holder_key_count' })
    const same = Array.from({ length: 10 }, () => key!)
    await expect(family.mint({ copies: 'one-time', holderJwks: same })).rejects.toMatchObject({
      code: 'holder_key_repeated',
    })
    const broken = { ...key!, x: 'AAAA' }
    await expect(family.mint({ holderJwks: [broken] })).rejects.toMatchObject({
      code: 'holder_key_malformed',
    })
    await expect(family.mint({ citizen: 'c_nobody' })).rejects.toMatchObject({
      code: 'citizen_unknown',
    })
  })

  it('gives a person one network number, however many apply at once, and each another', async () => {
    const numberOf = async (citizen: string) => {
      const batch = await family.mint({ citizen })
      return claimsOf(await inspectCredential(batch.credentials[0]!))['network_number']
    }
    const same = await Promise.all(
      Array.from({ length: 20 }, () => numberOf(family.person('parent'))),
    )
    expect(new Set(same).size).toBe(1)
    expect(await numberOf(family.person('stranger'))).not.toBe(same[0])
  })
})
