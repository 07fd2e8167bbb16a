import { GATE_PASS, GUARDIANSHIP, NETWORK_CERTIFICATE, WARD_CERTIFICATE } from '@netcert/credential'
import { createNumberSearch, parsePlatformNumber } from '@netcert/credential/platform-number'
import { openIssuer } from '@netcert/issuer'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { issuerFamily } from '../../../test/issuer-family.js'
import { holderKeys } from '../../../test/issuer-ground.js'
import { blindFor, claimsOf } from '../../../test/numbered-copies.js'
import { openIssuerGround } from './open.js'
import { createNumberSalt, openPersonRecord, sealPerson } from './person-record.js'
import { createPersonStore } from './person-store.js'
import { PLATFORM_NUMBER_FACT, readPlatformNumberKey } from './platform-number-key.js'
import { createIssuerStore } from './store.js'

const SHOP = 'p-4711'

describe.each(engines)('a platform number, %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  const numberAt = async (platformId: string, member: 'parent' | 'stranger' = 'parent') => {
    const blinding = blindFor(platformId)
    const { credentials } = await family.mint({
      citizen: family.person(member),
      blinded: blinding.b,
    })
    return blinding.open(credentials[0]!)
  }

  it('is the same in every copy, another at every platform and for every person', async () => {
    const first = await numberAt(SHOP)
    expect(parsePlatformNumber(first)).toBe(first)
    expect(await numberAt(SHOP)).toBe(first)
    expect(await numberAt('平台-7')).not.toBe(first)
    expect(await numberAt(SHOP, 'stranger')).not.toBe(first)
  })

  it('is opened with its own blinding and at its own platform only', async () => {
    const [mine, others, elsewhere] = [blindFor(SHOP), blindFor(SHOP), blindFor('p-4712')]
    const { credentials } = await family.mint({ blinded: mine.b })
    for (const stranger of [others, elsewhere]) {
      const opening = stranger.open(credentials[0]!)
      await expect(opening).rejects.toMatchObject({ code: 'platform_number_mismatch' })
    }
  })

  it('is left out where the wallet sends no point', async () => {
    const { credentials } = await family.mint({})
    expect((await claimsOf(credentials[0]!)).has('platform_number')).toBe(false)
  })

  it('is the child’s in the certificates of a guardian', async () => {
    const blinding = blindFor(SHOP)
    const asGuardian = { guardian: family.person('parent'), blinded: blinding.b }
    const ward = await family.mint({
      ...asGuardian,
      citizen: family.person('child'),
      type: WARD_CERTIFICATE,
    })
    const again = blindFor(SHOP)
    const other = await family.mint({
      ...asGuardian,
      citizen: family.person('child'),
      type: WARD_CERTIFICATE,
      blinded: again.b,
    })
    const number = await blinding.open(ward.credentials[0]!)
    expect(await again.open(other.credentials[0]!)).toBe(number)
    expect(await numberAt(SHOP)).not.toBe(number)
    const teen = { ...asGuardian, citizen: family.person('teen'), type: GUARDIANSHIP }
    const consent = await family.mint({ ...teen, copies: 'one-time' })
    expect(await blinding.open(consent.credentials[0]!)).not.toBe(number)
  })

  it.each([
    ['one-time copies', NETWORK_CERTIFICATE],
    ['a gate pass', GATE_PASS],
  ])('is refused in %s, and nothing is planned', async (_name, type) => {
    const { b: blinded } = blindFor(SHOP)
    const minted = family.mint({ type, copies: 'one-time', blinded })
    await expect(minted).rejects.toMatchObject({ code: 'platform_number_not_offered' })
    const set = family.issuer.certificates.setStatus({
      target: { citizen: family.person('parent') },
      status: 'revoked',
      reason: 'key_lost',
    })
    await expect(set).rejects.toMatchObject({ code: 'citizen_unknown' })
  })

  it.each([
    ['nothing', ''],
    ['no base64url', '*'.repeat(44)],
    ['an uncompressed point', `BP${'A'.repeat(85)}`],
    ['the identity', 'A'.repeat(44)],
    ['a coordinate that is none', `A${'_'.repeat(43)}`],
    ['a point off the curve', `Ag${'A'.repeat(41)}B`],
    ['a longer text', `${blindFor(SHOP).b}A`],
  ])('is refused for %s', async (_name, blinded) => {
    const minted = family.mint({ blinded })
    await expect(minted).rejects.toMatchObject({ code: 'platform_number_malformed' })
  })

  it('hangs on one salt for a person from before, whoever needs it first', async () => {
    await family.mint({})
    const clock = () => family.now
    const opened = await openIssuerGround({ dir: family.test.dir, clock })
    const persons = createPersonStore(opened.ground.database)
    const { vault } = opened.ground
    const stored = (await persons.getByCitizen(family.person('parent')))!
    const { person } = openPersonRecord(vault, stored)
    const before = sealPerson(vault, stored.id, { person, numberSalt: null })
    expect(await persons.replaceRecord(stored, before)).toBe(true)
    const second = await openIssuer({ dir: family.test.dir, clock })
    const issuers = [family.issuer, opened.issuer, second.issuer]
    const blindings = Array.from({ length: 12 }, () => blindFor(SHOP))
    const numbers = await Promise.all(
      blindings.map(async (blinding, at) => {
        const issuer = issuers[at % issuers.length]!
        const { signed } = await mintWith(issuer, blinding.b)
        return blinding.open(signed)
      }),
    )
    expect(new Set(numbers).size).toBe(1)
    await Promise.all([opened.close(), second.close()])
  })

  it('is what the issuer itself computes for a person at a platform', async () => {
    const number = await numberAt(SHOP)
    const opened = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    const { database, folder, vault } = opened.ground
    const store = createIssuerStore(database)
    const known = await store.lists.getFact(PLATFORM_NUMBER_FACT)
    const key = await readPlatformNumberKey(folder.platformNumberKey, known)
    const stored = (await store.persons.getByCitizen(family.person('parent')))!
    const salt = openPersonRecord(vault, stored).numberSalt!
    expect(createNumberSearch(SHOP)({ key, salt })).toBe(number)
    expect(createNumberSearch(SHOP)({ key, salt: createNumberSalt() })).not.toBe(number)
    await opened.close()
  })

  async function mintWith(issuer: typeof family.issuer, blinded: string) {
    const { credentials } = await issuer.mint({
      citizen: family.person('parent'),
      type: NETWORK_CERTIFICATE,
      copies: 'platform',
      holderJwks: await holderKeys(1),
      blinded,
    })
    return { signed: credentials[0]! }
  }
})
