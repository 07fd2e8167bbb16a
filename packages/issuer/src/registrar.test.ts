import { join } from 'node:path'
import { generateSigner, parseJws, type PublicJwk } from '@netcert/credential'
import { decideRequest, parseAccreditation, parseQuery } from '@netcert/protocol'
import { queries, type SectorName, sectorTemplates } from '@netcert/schemas'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { databasesOn, engines, type TestDatabases } from '../../../test/database-engines.js'
import { startTestIssuer, temporaryFolder, testClock } from '../../../test/issuer-ground.js'
import { exampleRegistration } from '../../../test/platform-ground.js'
import type { Registrar } from './registrar.js'
import { openRegistrar } from './registrar-open.js'

const DAY = 86_400_000
const ID = 'https://tickets.example'

type Ground = { readonly registrar: Registrar; readonly now: { value: Date } }

async function openGround(databases: TestDatabases): Promise<Ground> {
  const folder = await temporaryFolder()
  const dir = join(folder.path, 'issuer')
  const now = { value: testClock() }
  const { close } = await startTestIssuer({ dir, databases })
  await close()
  const opened = await openRegistrar({ dir, clock: () => now.value })
  onTestFinished(async () => {
    await opened.close()
    await folder.remove()
  })
  return { registrar: opened.registrar, now }
}

const newKey = async (): Promise<PublicJwk> => (await generateSigner('ES256')).jwk

describe.each(engines)('the registrar on %s', (engine) => {
  const databases = databasesOn(engine)
  let ground: Ground
  let registrar: Registrar
  let requestJwk: PublicJwk

  beforeEach(async () => {
    ground = await openGround(databases)
    registrar = ground.registrar
    requestJwk = await newKey()
  })

  const register = (changes: object = {}, update = false) =>
    registrar.register({ value: { ...exampleRegistration({ requestJwk }), ...changes }, update })
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'done',
      (error: unknown) => (error as { code?: unknown }).code,
    )

  it('registers a platform once, and changes it only when told to', async () => {
    expect(await register()).toEqual({
      platform: ID,
      purposes: ['ticketing'],
      outcome: 'registered',
    })
    expect((await register()).outcome).toBe('unchanged')
    const name = { 'zh-CN': '更好票网', en: 'Better Tickets' }
    expect(await codeOf(register({ name }))).toBe('platform_exists')
    expect((await register({ name }, true)).outcome).toBe('changed')
    expect(await registrar.list()).toMatchObject([{ platform: ID, name, removedAt: null }])
  })

  it('stores nothing of a registration that is wrong, and says all that is', async () => {
    const wrong = register({ id: ID, name: { 'zh-CN': '', en: 'Gооd' }, fee: 1 })
    await expect(wrong).rejects.toMatchObject({ code: 'registration_invalid' })
    await expect(register({ name: { 'zh-CN': 'ＱＱ', en: 'Gооd' } })).rejects.toThrow(
      /name\.zh-CN .*name\.en /,
    )
    expect(await registrar.list()).toEqual([])
  })

  it('never gives an id to another operator, nor again after removal', async () => {
    await register()
    const operator = {
      ...exampleRegistration({ requestJwk }).operator,
      registration_number: '91110000OTHER',
    }
    expect(await codeOf(register({ operator }, true))).toBe('platform_exists')
    await registrar.remove({ platform: ID, reason: 'ceased' })
    expect(await codeOf(register({}, true))).toBe('platform_removed')
    expect(await codeOf(register({ request_jwk: await newKey(), operator }))).toBe(
      'platform_removed',
    )
    expect(await codeOf(registrar.accredit({ platform: ID, purpose: 'ticketing' }))).toBe(
      'platform_removed',
    )
    expect(await codeOf(registrar.remove({ platform: ID, reason: 'ceased' }))).toBe(
      'platform_removed',
    )
    expect(await registrar.list()).toMatchObject([{ platform: ID, removedAt: testClock() }])
  })

  it('refuses a name that looks like that of somebody else, and a key that is in use', async () => {
    await register()
    const other = { id: 'https://other.example', request_jwk: await newKey() }
    const operator = { ...exampleRegistration({ requestJwk }).operator }
    const stranger = { ...operator, registration_number: '91110000OTHER' }
    const alike = { 'zh-CN': '别的网', en: 'G00d-Tickets' }
    expect(await codeOf(register({ ...other, operator: stranger, name: alike }))).toBe(
      'platform_name_taken',
    )
    const name = { 'zh-CN': '别的网', en: 'Something else' }
    expect(await codeOf(register({ id: other.id, operator: stranger, name }))).toBe(
      'platform_key_taken',
    )
    // The same operator may run two platforms of one name.
    expect((await register(other)).outcome).toBe('registered')
  })

  it('accredits one purpose for at most 30 days, by the registered key', async () => {
    await register()
    const signed = await registrar.accredit({ platform: ID, purpose: 'ticketing' })
    const { accreditation, jws } = parseAccreditation(signed.token)
    expect(jws.header).toMatchObject({ typ: 'rc-wrp+jwt' })
    expect(accreditation).toMatchObject({
      id: signed.id,
      platformId: ID,
      purposeId: 'ticketing',
      requestJwk,
      legalBasis: 'none',
      issuedAt: testClock(),
      expiresAt: new Date(testClock().getTime() + 30 * DAY),
      reportUri: 'https://issuer.example/registrar/reports',
      status: { uri: 'https://issuer.example/registrar/status/1', index: 0 },
    })
    expect(parseJws(signed.token, { algorithms: ['ES256'], maxDepth: 16 }).payload).toMatchObject({
      vc: { type: ['VerifiableCredential', 'PlatformAccreditation'] },
      registry_uri: 'https://issuer.example/register/',
    })
    for (const days of [0, 31, 1.5]) {
      const long = registrar.accredit({ platform: ID, purpose: 'ticketing', days })
      expect(await codeOf(long)).toBe('accreditation_days')
    }
    expect(await codeOf(registrar.accredit({ platform: ID, purpose: 'telecom' }))).toBe(
      'purpose_unknown',
    )
    expect(await codeOf(registrar.accredit({ platform: `${ID}/x`, purpose: 'ticketing' }))).toBe(
      'platform_unknown',
    )
  })

  it('never uses a status index twice, however many accredit at once', async () => {
    await register()
    const many = Array.from({ length: 8 }, () =>
      registrar.accredit({ platform: ID, purpose: 'ticketing' }),
    )
    const places = (await Promise.all(many)).map(({ token }) => {
      const { status } = parseAccreditation(token).accreditation
      return `${status?.uri} ${status?.index}`
    })
    expect(new Set(places).size).toBe(8)
  })

  it('renews what ends within ten days, once, with what is registered then', async () => {
    await register()
    await registrar.accredit({ platform: ID, purpose: 'ticketing' })
    expect((await registrar.renew()).renewed).toEqual([])
    ground.now.value = new Date(testClock().getTime() + 20 * DAY)
    const name = { 'zh-CN': '更好票网', en: 'Better Tickets' }
    await register({ name }, true)
    const { renewed } = await registrar.renew()
    expect(renewed).toMatchObject([
      { platform: ID, purpose: 'ticketing', expiresAt: new Date(testClock().getTime() + 50 * DAY) },
    ])
    expect((await registrar.renew()).renewed).toEqual([])
  })

  it('renews an accreditation of one day in the second half of its life, not at every run', async () => {
    await register()
    await registrar.accredit({ platform: ID, purpose: 'ticketing', days: 1 })
    expect((await registrar.renew()).renewed).toEqual([])
    ground.now.value = new Date(testClock().getTime() + DAY / 2)
    expect((await registrar.renew()).renewed).toHaveLength(1)
  })

  it('renews nothing that was revoked, removed or is registered no more', async () => {
    const sectors = ['ticketing', 'age-check'] as const
    const both = exampleRegistration({ requestJwk, sectors })
    await registrar.register({ value: both, update: false })
    for (const purpose of sectors) await registrar.accredit({ platform: ID, purpose })
    expect(
      await registrar.revoke({ platform: ID, purpose: 'age-check', reason: 'rules_broken' }),
    ).toEqual({ revoked: 1 })
    ground.now.value = new Date(testClock().getTime() + 25 * DAY)
    const telecom = exampleRegistration({ requestJwk, sectors: ['telecom'] })
    await registrar.register({ value: telecom, update: true })
    expect(await registrar.renew()).toEqual({
      renewed: [],
      ended: [{ platform: ID, purpose: 'ticketing' }],
    })
    await registrar.remove({ platform: ID, reason: 'merged' })
    expect(await registrar.renew()).toEqual({ renewed: [], ended: [] })
  })

  it('revokes with a reason it knows, and says when there is nothing to revoke', async () => {
    await register()
    const revoke = (platform: string, reason: string) =>
      codeOf(registrar.revoke({ platform, reason }))
    expect(await revoke(ID, 'ceased')).toBe('nothing_to_change')
    await registrar.accredit({ platform: ID, purpose: 'ticketing' })
    expect(await revoke(ID, 'because')).toBe('accreditation_reason_unknown')
    expect(await revoke('https://nobody.example', 'ceased')).toBe('platform_unknown')
    expect(await revoke(ID, 'ceased')).toBe('done')
    expect(await revoke(ID, 'ceased')).toBe('nothing_to_change')
    expect(await registrar.list()).toMatchObject([{ purposes: [{ accreditedUntil: null }] }])
  })
})

describe('a sector template', () => {
  const databases = databasesOn('sqlite')

  it.each(Object.keys(sectorTemplates) as SectorName[])(
    '%s is answered in full under its own accreditation, and not with another key',
    async (sector) => {
      const { registrar } = await openGround(databases)
      const requestJwk = await newKey()
      const value = exampleRegistration({ requestJwk, sectors: [sector] })
      await registrar.register({ value, update: false })
      const { token } = await registrar.accredit({ platform: ID, purpose: sector })
      const { accreditation } = parseAccreditation(token)
      const query = parseQuery(queries[sectorTemplates[sector].query])
      const asked = { accreditation, query, recent: [], holdsNumber: false }
      const decision = decideRequest({ ...asked, requestKey: requestJwk })
      const lawful = sectorTemplates[sector].legal_basis.startsWith('law:')
      expect(decision).toMatchObject({ outcome: lawful ? 'consent' : 'allow', findings: [], query })
      expect(decideRequest({ ...asked, requestKey: await newKey() })).toMatchObject({
        outcome: 'refuse',
        code: 'accreditation_key',
      })
    },
  )
})
