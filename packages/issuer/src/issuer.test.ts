import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  certificateTypes,
  GATE_PASS,
  GUARDIANSHIP,
  NETWORK_CERTIFICATE,
  WARD_CERTIFICATE,
} from '@netcert/credential'
import { type HeldCredential, inspectCredential } from '@netcert/credential/holder'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import {
  holderKeys,
  startTestIssuer,
  type TestIssuer,
  temporaryFolder,
  testClock,
} from '../../../test/issuer-ground.js'
import { CITIZEN_COLUMNS } from './citizen-row.js'
import type { MintOptions } from './minting.js'

const CHILD =
  'resident_id,99066420140303098X,王,小明,male,2014-03-03,CHN,BJ,10000864420,,990217198905047852'
const TEEN = 'passport,EX7654321,王,小红,female,2010-01-01,CHN,BJ,10000864421,,990217198905047852'
const PARENT = 'resident_id,990217198905047852,于,敏静,female,1989-05-04,CHN,GD,10009155296,,'
const STRANGER = 'passport,EX7654322,李,四,male,1980-01-01,CHN,BJ,10000864422,,'

const claimsOf = (held: HeldCredential): Record<string, unknown> =>
  Object.fromEntries(held.claims.map(({ path, value }) => [path.join('.'), value]))

describe.each(engines)('an issuer on %s', (engine) => {
  const databases = databasesOn(engine)
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let test: TestIssuer
  let now = testClock()
  const people = new Map<string, string>()

  beforeEach(async () => {
    now = testClock()
    folder = await temporaryFolder()
    const dir = join(folder.path, 'issuer')
    test = await startTestIssuer({ dir, databases, clock: () => now })
    for (const row of [PARENT, CHILD, TEEN, STRANGER]) {
      const before = await test.issuer.listCitizens({ limit: 10 })
      const input = Readable.from([Buffer.from(`${CITIZEN_COLUMNS.join(',')}\n${row}\n`)])
      expect(await test.issuer.importCitizens({ input })).toMatchObject({ accepted: 1 })
      const after = await test.issuer.listCitizens({ limit: 10 })
      const known = new Set(before.citizens.map(({ reference }) => reference))
      people.set(row, after.citizens.find(({ reference }) => !known.has(reference))!.reference)
    }
  })
  afterEach(async () => {
    await test.close()
    await folder.remove()
  })

  const person = (row: string): string => people.get(row)!
  const mint = async (options: Partial<MintOptions> & { keys?: number }) =>
    test.issuer.mint({
      citizen: person(PARENT),
      type: NETWORK_CERTIFICATE,
      copies: 'platform',
      holderJwks: await holderKeys(options.keys ?? 1),
      ...options,
    })

  it('mints ten one-time copies for seven days, without a status, that share nothing', async () => {
    const batch = await mint({ copies: 'one-time', keys: 10 })
    expect(batch.credentials).toHaveLength(10)
    const copies = await Promise.all(batch.credentials.map((copy) => inspectCredential(copy)))
    for (const copy of copies) {
      expect(copy.issuer).toBe(test.issuerDid)
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
    const batch = await mint({})
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
    const batch = await mint({ type: GATE_PASS, copies: 'one-time', keys: 8 })
    const copy = await inspectCredential(batch.credentials[0]!)
    expect(copy.status).toBeNull()
    expect(copy.expiresAt.getTime() - copy.issuedAt.getTime()).toBe(72 * 3_600_000)
    const facts = Object.keys(claimsOf(copy)).filter((name) =>
      /^(age_|real_person|network)/.test(name),
    )
    expect(facts.toSorted()).toEqual(['age_over_14', 'age_over_18', 'age_over_60', 'real_person'])
  })

  it('mints a ward certificate to a guardian, with a status', async () => {
    const batch = await mint({
      citizen: person(CHILD),
      type: WARD_CERTIFICATE,
      guardian: person(PARENT),
    })
    const copy = await inspectCredential(batch.credentials[0]!)
    expect(copy.status).not.toBeNull()
    expect(claimsOf(copy)).toMatchObject({ rep: 'guardian', age_band: '0-13', given_name: '小明' })
  })

  it('mints a guardianship certificate for a minor of 14 to 17', async () => {
    const batch = await mint({
      citizen: person(TEEN),
      type: GUARDIANSHIP,
      copies: 'one-time',
      guardian: person(PARENT),
    })
    const copy = await inspectCredential(batch.credentials[0]!)
    expect(copy.status).toBeNull()
    expect(claimsOf(copy)).toMatchObject({ rep: 'guardian' })
    expect(JSON.stringify(copy.claims)).not.toContain('小红')
  })

  it.each([
    [
      'a network certificate for a child',
      CHILD,
      NETWORK_CERTIFICATE,
      'platform',
      undefined,
      'age_not_allowed',
    ],
    ['a gate pass for a child', CHILD, GATE_PASS, 'one-time', undefined, 'age_not_allowed'],
    [
      'a ward certificate for a teenager',
      TEEN,
      WARD_CERTIFICATE,
      'platform',
      PARENT,
      'age_not_allowed',
    ],
    [
      'a ward certificate for an adult',
      STRANGER,
      WARD_CERTIFICATE,
      'platform',
      PARENT,
      'age_not_allowed',
    ],
    ['a guardianship for a child', CHILD, GUARDIANSHIP, 'one-time', PARENT, 'age_not_allowed'],
    ['a guardianship for an adult', STRANGER, GUARDIANSHIP, 'one-time', PARENT, 'age_not_allowed'],
    [
      'a ward certificate without a guardian',
      CHILD,
      WARD_CERTIFICATE,
      'platform',
      undefined,
      'guardian_needed',
    ],
    [
      'a ward certificate to a stranger',
      CHILD,
      WARD_CERTIFICATE,
      'platform',
      STRANGER,
      'guardian_not_linked',
    ],
    [
      'one-time ward certificates',
      CHILD,
      WARD_CERTIFICATE,
      'one-time',
      PARENT,
      'copies_not_offered',
    ],
    [
      'a platform copy of a gate pass',
      PARENT,
      GATE_PASS,
      'platform',
      undefined,
      'copies_not_offered',
    ],
    ['an unknown type', PARENT, 'urn:netcert:passport:1', 'platform', undefined, 'type_unknown'],
  ] as const)('refuses %s', async (_what, citizen, type, copies, guardian, code) => {
    const keys = copies === 'platform' || type === GUARDIANSHIP ? 1 : 8
    const minting = mint({
      citizen: person(citizen),
      type,
      copies,
      keys,
      ...(guardian === undefined ? {} : { guardian: person(guardian) }),
    })
    await expect(minting).rejects.toMatchObject({ code })
  })

  it('refuses a wrong number of keys, a repeated key, a malformed key, an unknown citizen', async () => {
    const [key] = await holderKeys(1)
    await expect(mint({ keys: 2 })).rejects.toMatchObject({ code: 'holder_key_count' })
    const same = new Array<typeof key>(10).fill(key).map((it) => it!)
    await expect(mint({ copies: 'one-time', holderJwks: same })).rejects.toMatchObject({
      code: 'holder_key_repeated',
    })
    const broken = { ...key!, x: 'AAAA' }
    await expect(mint({ holderJwks: [broken] })).rejects.toMatchObject({
      code: 'holder_key_malformed',
    })
    await expect(mint({ citizen: 'c_nobody' })).rejects.toMatchObject({ code: 'citizen_unknown' })
  })

  it('gives a person one network number, however many apply at once, and each another', async () => {
    const numberOf = async (citizen: string) => {
      const batch = await mint({ citizen })
      return claimsOf(await inspectCredential(batch.credentials[0]!))['network_number']
    }
    const same = await Promise.all(Array.from({ length: 20 }, () => numberOf(person(PARENT))))
    expect(new Set(same).size).toBe(1)
    expect(await numberOf(person(STRANGER))).not.toBe(same[0])
  })

  it('revokes for good, and suspends until the status is valid again', async () => {
    const { batch } = await mint({})
    const set = (status: 'valid' | 'suspended' | 'revoked') =>
      test.issuer.setStatus({ target: { batch }, status, reason: 'unspecified' })
    expect(await set('suspended')).toMatchObject({ changed: 1 })
    expect(await set('suspended')).toMatchObject({ changed: 0, unchanged: 1 })
    expect(await set('valid')).toMatchObject({ changed: 1 })
    expect(await set('revoked')).toMatchObject({ changed: 1 })
    expect(await set('revoked')).toMatchObject({ changed: 0, unchanged: 1 })
    await expect(set('valid')).rejects.toMatchObject({ code: 'status_final' })
    await expect(set('suspended')).rejects.toMatchObject({ code: 'status_final' })
  })

  it('sets the status of all that a citizen holds, and mints nothing while they are suspended', async () => {
    await mint({})
    await mint({})
    await mint({ copies: 'one-time', keys: 10 })
    const target = { citizen: person(PARENT) }
    const reason = 'citizen_asked'
    const suspended = await test.issuer.setStatus({ target, status: 'suspended', reason })
    expect(suspended).toMatchObject({ changed: 2, withoutStatus: 1, final: 0 })
    await expect(mint({})).rejects.toMatchObject({ code: 'citizen_suspended' })
    expect(await test.issuer.setStatus({ target, status: 'valid', reason })).toMatchObject({
      changed: 2,
    })
    await mint({})
    expect(await test.issuer.setStatus({ target, status: 'revoked', reason })).toMatchObject({
      changed: 3,
    })
    await mint({})
    expect(await test.issuer.setStatus({ target, status: 'valid', reason })).toMatchObject({
      changed: 0,
      unchanged: 1,
      final: 3,
    })
  })

  it('refuses a status for what it does not know', async () => {
    const { batch } = await mint({ copies: 'one-time', keys: 10 })
    const set = (options: object) =>
      test.issuer.setStatus({
        target: { batch },
        status: 'revoked',
        reason: 'unspecified',
        ...options,
      })
    await expect(set({})).rejects.toMatchObject({ code: 'batch_without_status' })
    await expect(set({ target: { batch: 'b_none' } })).rejects.toMatchObject({
      code: 'batch_unknown',
    })
    await expect(set({ target: { citizen: person(STRANGER) } })).rejects.toMatchObject({
      code: 'citizen_unknown',
    })
    await expect(set({ status: 'maybe' })).rejects.toMatchObject({ code: 'status_unknown' })
    await expect(set({ reason: '王小明 asked' })).rejects.toMatchObject({
      code: 'status_reason_unknown',
    })
  })

  it('lists citizens page by page as references', async () => {
    const first = await test.issuer.listCitizens({ limit: 3 })
    expect(first.citizens).toHaveLength(3)
    const second = await test.issuer.listCitizens({ limit: 3, after: first.next! })
    expect(second).toMatchObject({ next: null })
    expect(second.citizens).toHaveLength(1)
    await expect(test.issuer.listCitizens({ limit: 0 })).rejects.toThrow(TypeError)
  })

  it('publishes the type metadata byte for byte', async () => {
    const out = join(folder.path, 'public')
    await test.issuer.publish({ out })
    for (const [vct, type] of certificateTypes) {
      const name = vct.split(':')[2]
      const file = join(out, 'types', `${name}.json`)
      expect(await readFile(file, 'utf8')).toBe(type.documentText)
      expect((await stat(file)).mode & 0o777).toBe(0o644)
    }
  })

  it('ends a ward certificate by status when the child is 14', async () => {
    await mint({ citizen: person(CHILD), type: WARD_CERTIFICATE, guardian: person(PARENT) })
    const out = join(folder.path, 'public')
    expect(await test.issuer.publish({ out })).toMatchObject({ cameOfAge: 0 })
    now = new Date('2028-03-02T15:59:00Z')
    const { batch } = await mint({
      citizen: person(CHILD),
      type: WARD_CERTIFICATE,
      guardian: person(PARENT),
    })
    now = new Date('2028-03-02T16:00:00Z')
    await expect(test.issuer.publish({ out })).resolves.toMatchObject({ cameOfAge: 1 })
    const target = { batch }
    await expect(
      test.issuer.setStatus({ target, status: 'valid', reason: 'unspecified' }),
    ).rejects.toMatchObject({ code: 'status_final' })
  })
})
