import { Readable } from 'node:stream'
import { CITIZEN_COLUMNS } from '@netcert/issuer'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { type FamilyMember, issuerFamily } from '../../../../test/issuer-family.js'
import { blindFor, claimsOf } from '../../../../test/numbered-copies.js'
import { openIssuerGround } from '../open.js'

const SHOP = 'p-4711'
const OLD = 'resident_id,990217198905047852,于,敏静,female,1989-05-04,CHN,GD,10009155296,,'
/** The same person after everything that can change has changed. */
const NEW = {
  document_type: 'passport',
  document_number: 'EX1112223',
  family_name: '欧阳',
  given_name: '𠮷祥',
  residence_region: 'YN',
}

describe.each(engines)('a correction, on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  const correct = (input: unknown, member: FamilyMember = 'parent') =>
    family.issuer.ending.correctCitizen(family.person(member), input)
  const minted = async () => {
    const blinding = blindFor(SHOP)
    const { credentials, batch } = await family.mint({ blinded: blinding.b })
    const claims = await claimsOf(credentials[0]!)
    return { batch, claims, platform: await blinding.open(credentials[0]!) }
  }
  const imported = (row: string) =>
    family.issuer.importCitizens({
      input: Readable.from([Buffer.from(`${CITIZEN_COLUMNS.join(',')}\n${row}\n`)]),
    })
  const rows = async () => {
    const opened = { dir: family.test.dir, clock: () => family.now }
    const { ground, close } = await openIssuerGround(opened)
    const { kysely } = ground.database
    const batches = await kysely.selectFrom('batches').selectAll().execute()
    const persons = await kysely.selectFrom('persons').selectAll().execute()
    const log = await kysely
      .selectFrom('audit_log')
      .select(['event', 'subject', 'details'])
      .execute()
    await close()
    return { batches, persons, log }
  }
  const refusals = async (input: unknown, member?: FamilyMember) => {
    const error = await correct(input, member).catch((refusal: unknown) => refusal)
    expect(error).toMatchObject({ code: 'correction_invalid' })
    const { findings } = error as { findings: readonly { field: string; code: string }[] }
    return findings.map(({ field, code }) => `${field}: ${code}`)
  }

  it('re-issues with the new facts, and keeps the network number and those of platforms', async () => {
    const before = await minted()
    expect(await correct(NEW)).toEqual({
      changed: [
        'document_type',
        'document_number',
        'family_name',
        'given_name',
        'residence_region',
      ],
      person: true,
      revoked: 1,
      withoutStatus: 0,
    })
    const after = await minted()
    expect(after.claims.get('family_name')).toBe('欧阳')
    expect(after.claims.get('given_name')).toBe('𠮷祥')
    expect(after.claims.get('residence_region')).toBe('YN')
    expect(after.claims.get('document_type')).toBe('passport')
    expect(after.platform).toBe(before.platform)
    expect(after.claims.get('network_number')).toBe(before.claims.get('network_number'))
    const { batches, log, persons } = await rows()
    const [old] = batches.filter(({ id }) => id === before.batch)
    expect(old).toMatchObject({ status: 1, status_reason: 'facts_changed' })
    const events = log.filter(({ event }) => event === 'facts_corrected' || event === 'status_set')
    expect(events.map(({ event }) => event)).toEqual(['status_set', 'facts_corrected'])
    expect(events.map(({ subject }) => subject)).toEqual([persons[0]!.id, persons[0]!.id])
    expect(JSON.stringify(log)).not.toMatch(/欧阳|EX1112223|于/)
  })

  it('leads to one person from the old document and from the new one', async () => {
    const before = await minted()
    await correct(NEW)
    // The old row is no new citizen, and neither is the new one.
    expect(await imported(OLD)).toMatchObject({ accepted: 0, refusedRows: 1 })
    const row = `passport,EX1112223,欧阳,𠮷祥,female,1989-05-04,CHN,YN,10009155296,,`
    expect(await imported(row)).toMatchObject({ accepted: 0, unchanged: 1 })
    await family.issuer.erasure.cancel(family.person('parent'))
    const after = await minted()
    expect(after.platform).toBe(before.platform)
    expect((await rows()).persons).toHaveLength(1)
  })

  it('changes nothing that is out there where only a telephone changed', async () => {
    const { batch } = await minted()
    expect(await correct({ phone: '139 0000 0001' })).toMatchObject({
      changed: ['phone'],
      person: false,
      revoked: 0,
    })
    expect((await rows()).batches.find(({ id }) => id === batch)).toMatchObject({ status: 0 })
    await expect(correct({ phone: '13900000001' })).rejects.toMatchObject({
      code: 'nothing_to_change',
    })
  })

  it('enrols nobody, and is on record for somebody who is not enrolled', async () => {
    expect(await correct({ residence_region: 'SH' }, 'stranger')).toMatchObject({ person: false })
    const { persons, log } = await rows()
    expect(persons).toEqual([])
    expect(log.at(-1)).toMatchObject({ event: 'facts_corrected', subject: null })
  })

  it('is refused with field, reason and cure in both languages, and changes nothing then', async () => {
    await minted()
    for (const [input, found] of [
      [{}, [': correction_empty']],
      [['phone'], [': correction_form']],
      [null, [': correction_form']],
      [{ phone: 13900000001 }, ['phone: correction_form']],
      [{ birthdate: '1990-01-01' }, ['birthdate: correction_unknown']],
      [{ '于 敏静': 'x' }, [': correction_unknown']],
      [{ sex: 'male', region: 'GD' }, ['sex: correction_unknown', 'region: correction_unknown']],
      [{ document_number: '990217198905047853' }, ['document_number: document_number_check']],
      [{ document_number: '99066420140303098X' }, ['document_number: birthdate_mismatch']],
      [
        { document_type: 'passport', document_number: 'EX7654322' },
        ['document_number: document_number_conflict'],
      ],
      [{ given_name: '' }, ['given_name: name_empty']],
      [{ given_name: '敏\u202E静' }, ['given_name: control_character']],
      [{ given_name: '\uD842' }, ['given_name: control_character']],
      [{ family_name: '=1+1' }, ['family_name: name_characters']],
      [{ residence_region: 'ZZ' }, ['residence_region: residence_region']],
      [{ phone: '12' }, ['phone: phone']],
    ] as const) {
      expect(await refusals(input)).toEqual(found)
    }
    await expect(family.issuer.ending.correctCitizen('c_none', NEW)).rejects.toMatchObject({
      code: 'citizen_unknown',
    })
    const error = await correct({ phone: '12' }).catch((refusal: unknown) => refusal)
    expect(error).toMatchObject({
      findings: [{ cure: { en: expect.any(String), 'zh-CN': expect.any(String) } }],
    })
    expect((await rows()).batches).toMatchObject([{ status: 0 }])
  })

  it('is finished by the same correction again, when the person was not reached before', async () => {
    await minted()
    const opened = { dir: family.test.dir, clock: () => family.now }
    const { ground, close } = await openIssuerGround(opened)
    const before = await ground.database.kysely.selectFrom('persons').selectAll().execute()
    await correct({ residence_region: 'SH' })
    // As after a crash between the two databases.
    await ground.database.kysely
      .updateTable('persons')
      .set({ ...before[0]! })
      .execute()
    await close()
    expect(await correct({ residence_region: 'SH' })).toMatchObject({ changed: [], person: true })
    expect((await minted()).claims.get('residence_region')).toBe('SH')
  })

  it('that many make at once leaves one of them whole', async () => {
    await minted()
    const regions = ['SH', 'TJ', 'CQ', 'YN']
    await Promise.all(regions.map((residence_region) => correct({ residence_region })))
    const { claims } = await minted()
    const last = claims.get('residence_region')
    expect(regions).toContain(last)
    await expect(correct({ residence_region: last })).rejects.toMatchObject({
      code: 'nothing_to_change',
    })
  })
})
