import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createJws, generateSigner, importSigner } from '@netcert/credential'
import { createNumberSearch } from '@netcert/credential/platform-number'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { issuerFamily } from '../../../test/issuer-family.js'
import { blindFor } from '../../../test/numbered-copies.js'
import { openIssuerGround } from './open.js'
import { parsePrivateKey } from './private-key-file.js'
import { APPROVAL_TYP } from './reidentification.js'

const SHOP = 'p-4711'

describe.each(engines)('the person behind a platform number, %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  const officer = async (nameCode: string) => {
    const keyFile = join(family.folder, `${nameCode}.pem`)
    const created = await family.issuer.numbers.createOfficer({ nameCode, keyFile })
    return { ...created, keyFile }
  }
  const setUp = async () => {
    const [first, second] = [await officer('A-17'), await officer('B-02')]
    const blinding = blindFor(SHOP)
    const { credentials } = await family.mint({ blinded: blinding.b })
    await family.mint({ citizen: family.person('stranger'), blinded: blindFor(SHOP).b })
    const number = await blinding.open(credentials[0]!)
    const asked = { number, platformId: SHOP, caseNumber: '（2026）105-13' }
    const approve = (keyFile: string, more = {}) =>
      family.issuer.numbers.approve(keyFile, { ...asked, ...more })
    const both = async (more = {}) => [
      await approve(first.keyFile, more),
      await approve(second.keyFile, more),
    ]
    return { first, second, asked, approve, both }
  }
  const cases = async () => {
    const opened = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    const rows = await opened.ground.database.kysely
      .selectFrom('number_cases')
      .selectAll()
      .orderBy('at')
      .execute()
    await opened.close()
    return rows
  }

  it('is found by two officers with a case number, and the case is on record', async () => {
    const { first, second, asked, both } = await setUp()
    const seen: number[] = []
    const found = await family.issuer.numbers.reidentify({
      ...asked,
      approvals: await both(),
      onProgress: (done, total) => seen.push(done / total),
    })
    expect(found).toEqual({ citizen: family.person('parent') })
    expect(seen.every((part) => part > 0 && part <= 1)).toBe(true)
    const [row, ...more] = await cases()
    expect(more).toEqual([])
    expect(row).toMatchObject({
      case_number: '（2026）105-13',
      first_officer: first.id,
      second_officer: second.id,
      found: 1,
    })
    expect(JSON.stringify(row)).not.toContain(asked.number)
    expect(JSON.stringify(row)).not.toContain(SHOP)
  })

  it('is on record before anything is looked for, and what came of it after', async () => {
    const { first, second, asked, both } = await setUp()
    const lines = () =>
      readFileSync(join(family.test.dir, 'audit/log.jsonl'), 'utf8').trimEnd().split('\n')
    const seen: string[] = []
    // Nobody has it there, so that everybody is looked at.
    const elsewhere = { platformId: 'p-4712' }
    await family.issuer.numbers.reidentify({
      ...{ ...asked, ...elsewhere },
      approvals: await both(elsewhere),
      onProgress: () => void seen.push(lines().at(-1)!),
    })
    const begun = JSON.parse(seen[0]!)
    expect(begun).toMatchObject({ event: 'number_search_begun' })
    expect(JSON.parse(begun.details)).toEqual({
      case: '（2026）105-13',
      first_officer: first.id,
      second_officer: second.id,
    })
    const after = JSON.parse(lines().at(-1)!)
    expect(after).toMatchObject({ event: 'number_reidentified', subject: begun.subject })
    expect(JSON.parse(after.details)).toEqual({ found: false })
  })

  it('is found however the number is written down', async () => {
    const { asked, both } = await setUp()
    const number = asked.number
      .toLowerCase()
      .replaceAll('0', 'o')
      .replace(/(.{5})/g, '$1 ')
    const approvals = await both({ number })
    const found = await family.issuer.numbers.reidentify({ ...asked, number, approvals })
    expect(found.citizen).toBe(family.person('parent'))
  })

  it('is nobody for a number of another platform, or of somebody who cancelled', async () => {
    const { asked, both } = await setUp()
    const elsewhere = { platformId: 'p-4712' }
    const options = { ...asked, ...elsewhere, approvals: await both(elsewhere) }
    expect(await family.issuer.numbers.reidentify(options)).toEqual({ citizen: null })
    await family.issuer.erasure.cancel(family.person('parent'))
    const again = { ...asked, approvals: await both() }
    expect(await family.issuer.numbers.reidentify(again)).toEqual({ citizen: null })
    expect((await cases()).map(({ found }) => found)).toEqual([0, 0])
  })

  it('is nobody for a number that nobody has', async () => {
    const { asked, both } = await setUp()
    const secrets = { key: new Uint8Array(32).fill(1), salt: new Uint8Array(32).fill(2) }
    const number = createNumberSearch(SHOP)(secrets)
    const options = { ...asked, number, approvals: await both({ number }) }
    expect(await family.issuer.numbers.reidentify(options)).toEqual({ citizen: null })
  })

  it('is not searched for on one officer’s word, said once or twice', async () => {
    const { first, asked, approve } = await setUp()
    const [one, two] = [await approve(first.keyFile), await approve(first.keyFile)]
    for (const [approvals, code] of [
      [[], 'approval_invalid'],
      [[one], 'approval_invalid'],
      [[one, one], 'officer_repeated'],
      [[one, two], 'officer_repeated'],
      [[one, two, one], 'approval_invalid'],
    ] as const) {
      const asking = family.issuer.numbers.reidentify({ ...asked, approvals })
      await expect(asking).rejects.toMatchObject({ code })
    }
    expect(await cases()).toEqual([])
  })

  it('is not searched for with a key that nobody registered, or one that was revoked', async () => {
    const { first, second, asked, approve, both } = await setUp()
    const { signer, jwk } = await generateSigner('ES256')
    const payload = { number: asked.number, platform: SHOP, case: asked.caseNumber }
    const iat = Math.floor(family.now.getTime() / 1000)
    const { kid } = headerOf(await approve(first.keyFile))
    const sign = (header: object) =>
      createJws({
        header: { typ: APPROVAL_TYP, ...header },
        payload: { ...payload, iat },
        signer,
      })
    const mine = await approve(second.keyFile)
    for (const [approval, code] of [
      [await sign({ kid: jwk.x }), 'officer_unknown'],
      // A stranger's key under an officer's name.
      [await sign({ kid }), 'approval_invalid'],
      [await sign({}), 'approval_invalid'],
    ] as const) {
      const asking = family.issuer.numbers.reidentify({ ...asked, approvals: [approval, mine] })
      await expect(asking).rejects.toMatchObject({ code })
    }
    const approvals = await both()
    await family.issuer.numbers.revokeOfficer('A-17')
    const asking = family.issuer.numbers.reidentify({ ...asked, approvals })
    await expect(asking).rejects.toMatchObject({ code: 'officer_revoked' })
    expect(await cases()).toEqual([])
  })

  it('is not searched for with an approval of another case, another time or another form', async () => {
    const { first, second, asked, approve, both } = await setUp()
    const mine = await approve(second.keyFile)
    const key = await importSigner(parsePrivateKey(await readFile(first.keyFile, 'utf8')))
    const { kid } = headerOf(await approve(first.keyFile))
    const now = Math.floor(family.now.getTime() / 1000)
    const payload = { number: asked.number, platform: SHOP, case: asked.caseNumber, iat: now }
    const signed = (changes: object, typ = APPROVAL_TYP) =>
      createJws({
        header: { typ, kid: String(kid) },
        payload: { ...payload, ...changes },
        signer: key,
      })
    for (const approval of [
      await approve(first.keyFile, { caseNumber: '2026-105-14' }),
      await approve(first.keyFile, { platformId: 'p-4712' }),
      await signed({ iat: now - 901 }),
      await signed({ iat: now + 901 }),
      await signed({ iat: 'now' }),
      await signed({ also: 1 }),
      await signed({}, 'JWT'),
      `${(await signed({})).slice(0, -8)}AAAAAAAA`,
      'no jws at all',
      '',
    ]) {
      const asking = family.issuer.numbers.reidentify({ ...asked, approvals: [approval, mine] })
      await expect(asking).rejects.toMatchObject({ code: 'approval_invalid' })
    }
    const approvals = await both()
    family.now = new Date(family.now.getTime() + 901_000)
    const late = family.issuer.numbers.reidentify({ ...asked, approvals })
    await expect(late).rejects.toMatchObject({ code: 'approval_invalid' })
    expect(await cases()).toEqual([])
  })

  it('is not searched for with a number, platform or case number of another form', async () => {
    const { first, asked, approve, both } = await setUp()
    const approvals = await both()
    for (const [changes, code] of [
      [{ number: 'P123' }, 'platform_number_invalid'],
      // Check digits that do not fit.
      [{ number: `P${'0'.repeat(20)}00` }, 'platform_number_invalid'],
      [{ platformId: '' }, 'case_malformed'],
      [{ platformId: 'p\u202e1' }, 'case_malformed'],
      [{ caseNumber: '' }, 'case_malformed'],
      [{ caseNumber: '1\n2' }, 'case_malformed'],
      [{ caseNumber: '1'.repeat(65) }, 'case_malformed'],
    ] as const) {
      await expect(approve(first.keyFile, changes)).rejects.toMatchObject({ code })
      const asking = family.issuer.numbers.reidentify({ ...asked, ...changes, approvals })
      await expect(asking).rejects.toMatchObject({ code })
    }
    expect(await cases()).toEqual([])
  })

  it('leaves a record that no statement takes away or changes', async () => {
    const { asked, both } = await setUp()
    await family.issuer.numbers.reidentify({ ...asked, approvals: await both() })
    const opened = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    const { kysely } = opened.ground.database
    for (const statement of [
      kysely.deleteFrom('number_cases'),
      kysely.updateTable('number_cases').set({ found: 0 }),
      kysely.deleteFrom('number_officers'),
      kysely.updateTable('number_officers').set({ jwk: '{}' }),
    ]) {
      await expect(statement.execute()).rejects.toMatchObject({ code: 'constraint_violation' })
    }
    await opened.close()
  })
})

function headerOf(jws: string): Record<string, unknown> {
  const text = Buffer.from(jws.split('.')[0]!, 'base64url').toString()
  return JSON.parse(text) as Record<string, unknown>
}
