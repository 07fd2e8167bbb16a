import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSigner } from '@netcert/credential'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { databasesOn, type Engine, engines } from '../../../../test/database-engines.js'
import { holderKeys } from '../../../../test/issuer-ground.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { type OpenedIssuerGround, openIssuerGround, type OpenIssuerOptions } from '../open.js'
import { openRegistrar } from '../registrar-open.js'
import type { OperatorRole } from './access.js'

type Who = Pick<OpenIssuerOptions, 'operatorKeyFile' | 'secondKeyFile' | 'actor'>

describe.each(engines)('operators on %s', (engine) => {
  const { family, open, keyOf, create, as, mint, log } = operatorGround(engine)

  it('are registered first with the role keys, each with a key file of their own', async () => {
    const first = create('A-17', ['enrol'])
    await expect(first).rejects.toMatchObject({ code: 'operator_first_keys' })
    await expect(stat(keyOf('A-17'))).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await create('A-17', ['audit', 'keys'])).toMatchObject({ roles: ['audit', 'keys'] })
    expect((await stat(keyOf('A-17'))).mode & 0o777).toBe(0o600)
    const before = await readFile(keyOf('A-17'), 'utf8')
    for (const [nameCode, roles, code] of [
      ['A-17', ['enrol'], 'operator_exists'],
      ['张三', ['enrol'], 'operator_name'],
      ['B-02', [], 'operator_role_unknown'],
      ['B-02', ['root'], 'operator_role_unknown'],
    ] as const) {
      const creating = create(nameCode, roles as readonly OperatorRole[], 'A-17')
      await expect(creating).rejects.toMatchObject({ code })
    }
    expect(await readFile(keyOf('A-17'), 'utf8')).toBe(before)
    await expect(create('B-02', ['keys'])).rejects.toMatchObject({ code: 'operator_needed' })
    expect(await create('B-02', ['enrol'], 'A-17')).toMatchObject({ nameCode: 'B-02' })
    await expect(create('C-03', ['keys'], 'B-02')).rejects.toMatchObject({
      code: 'operator_role_missing',
    })
    expect((await family.issuer.operators.list()).map(({ nameCode }) => nameCode)).toEqual([
      'A-17',
      'B-02',
    ])
  })

  it('sign what they do, and a revoked one does nothing more, not even in an open process', async () => {
    const { id } = await create('A-17', ['keys', 'enrol'])
    const second = await create('B-02', ['keys', 'enrol'], 'A-17')
    const one = await open({ operatorKeyFile: keyOf('B-02') })
    await mint(one.issuer)
    expect((await log(one)).at(-1)).toMatchObject({
      event: 'certificates_minted',
      actor: second.id,
      signature: expect.stringMatching(/^[\w-]{86}$/),
    })
    await (await as('A-17')).operators.revoke('B-02')
    await expect(mint(one.issuer)).rejects.toMatchObject({ code: 'operator_revoked' })
    await expect(as('B-02')).rejects.toMatchObject({ code: 'operator_revoked' })
    expect((await log(one)).at(-1)).toMatchObject({ event: 'operator_revoked', actor: id })
    const issuer = await as('A-17')
    await expect(issuer.operators.revoke('A-17')).rejects.toMatchObject({
      code: 'operator_last_keys',
    })
    await expect(issuer.operators.revoke('D-04')).rejects.toMatchObject({
      code: 'operator_unknown',
    })
    await expect(issuer.operators.revoke('B-02')).rejects.toMatchObject({
      code: 'operator_revoked',
    })
    await create('C-03', ['keys'], 'A-17')
    await issuer.operators.revoke('A-17')
    expect((await log(one)).at(-1)).toMatchObject({ subject: id, actor: id })
    expect(await issuer.auditLog.verify()).toMatchObject({ firstBad: null })
    const removing = one.ground.database.kysely.deleteFrom('operators').execute()
    await expect(removing).rejects.toThrow(/rows stay|breaks a rule/)
  })

  it('do nothing that cannot be put on record: a failing audit log fails the work', async () => {
    const one = await open()
    const { kysely } = one.ground.database
    const { batch } = await mint(one.issuer)
    const tables = [
      'batches',
      'number_officers',
      'presence_checks',
      'vci_offers',
      'platforms',
    ] as const
    const state = async () => {
      const rows = []
      for (const table of tables) rows.push(await kysely.selectFrom(table).selectAll().execute())
      return JSON.stringify([rows, await log(one)])
    }
    await failAudit(one, engine)
    const refusal = /no room|refused a statement/
    const before = await state()
    const target = { target: { batch }, status: 'revoked', reason: 'key_lost' } as const
    const citizen = family.person('parent')
    const keyFile = join(family.folder, 'x.pem')
    await expect(mint(one.issuer)).rejects.toThrow(refusal)
    await expect(one.issuer.certificates.setStatus(target)).rejects.toThrow(refusal)
    await expect(one.issuer.recordPresence({ citizen, face: false })).rejects.toThrow(refusal)
    await expect(one.issuer.numbers.createOfficer({ nameCode: 'X', keyFile })).rejects.toThrow(
      refusal,
    )
    await expect(create('A-17', ['keys'])).rejects.toThrow(refusal)
    await expect(one.issuer.keys.next({ use: 'status' })).rejects.toThrow(refusal)
    expect(await state()).toBe(before)
    await expect(stat(keyFile)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await one.issuer.operators.list()).toEqual([])
  })
})

describe('operators', () => {
  const { family, place, open, keyOf, create, as, mint, log } = operatorGround('sqlite')

  it('may do what their roles say, and nobody else may any more', async () => {
    await create('A-17', ['keys'])
    await create('E-01', ['enrol'], 'A-17')
    await create('R-01', ['revoke', 'audit'], 'A-17')
    const [keys, enrol, revoke] = [await as('A-17'), await as('E-01'), await as('R-01')]
    const local = (await open()).issuer
    const { registrar, close } = await openRegistrar({ ...place(), operatorKeyFile: keyOf('E-01') })
    const needed = { code: 'operator_needed' }
    const missing = { code: 'operator_role_missing' }
    const citizen = family.person('parent')
    await expect(mint(local)).rejects.toMatchObject(needed)
    await expect(mint(keys)).rejects.toMatchObject(missing)
    const { batch } = await mint(enrol)
    for (const [issuer, refusal] of [
      [local, needed],
      [enrol, missing],
    ] as const) {
      const target = { target: { batch }, status: 'revoked', reason: 'key_lost' } as const
      await expect(issuer.certificates.setStatus(target)).rejects.toMatchObject(refusal)
      await expect(issuer.keys.next({ use: 'status' })).rejects.toMatchObject(refusal)
      await expect(issuer.resumeSigning()).rejects.toMatchObject(refusal)
      await expect(issuer.auditLog.mirror()).rejects.toMatchObject(refusal)
      expect(() => issuer.auditLog.entries({})).toThrow(expect.objectContaining(refusal))
      const officer = { nameCode: 'X', keyFile: join(family.folder, 'x.pem') }
      await expect(issuer.numbers.createOfficer(officer)).rejects.toMatchObject(refusal)
    }
    for (const issuer of [local, revoke]) {
      const code = issuer === local ? needed : missing
      await expect(issuer.recordPresence({ citizen, face: true })).rejects.toMatchObject(code)
      const input = (async function* () {})()
      await expect(issuer.importCitizens({ input })).rejects.toMatchObject(code)
    }
    await expect(registrar.remove({ platform: 'p', reason: 'ceased' })).rejects.toMatchObject(
      missing,
    )
    await expect(registrar.register({ value: {}, update: false })).rejects.toMatchObject(missing)
    await close()
    // What citizens and the clock ask for goes on.
    await local.publish({ out: join(family.folder, 'public') })
    expect(await local.auditLog.verify()).toMatchObject({ firstBad: null })
  })

  it('cannot be named by an entry that they did not sign', async () => {
    const { id } = await create('A-17', ['keys', 'enrol'])
    const one = await open({ operatorKeyFile: keyOf('A-17') })
    await one.ground.audit.record(
      () => Promise.resolve({ result: undefined, event: { event: 'offer_made' } }),
      { kind: 'operator', id, signer: (await generateSigner('ES256')).signer },
    )
    const [last] = (await log(one)).slice(-1)
    expect((await one.issuer.auditLog.verify()).firstBad).toMatchObject({
      sequence: last!.sequence,
      fault: 'signature',
    })
  })

  it('take a key back only two together, and both sign', async () => {
    const first = await create('A-17', ['keys'])
    const alone = await as('A-17')
    await alone.keys.next({ use: 'status' })
    const second = await create('B-02', ['keys'], 'A-17')
    await create('E-01', ['enrol'], 'A-17')
    const files = { operatorKeyFile: keyOf('A-17') }
    const taking = (issuer: OpenedIssuerGround['issuer']) =>
      issuer.keys.revoke({ alias: 'status-2' })
    const one = await open(files)
    await expect(taking(one.issuer)).rejects.toMatchObject({ code: 'second_operator_needed' })
    const wrong = await open({ ...files, secondKeyFile: keyOf('E-01') })
    await expect(taking(wrong.issuer)).rejects.toMatchObject({ code: 'operator_role_missing' })
    await expect(open({ ...files, secondKeyFile: keyOf('A-17') })).rejects.toMatchObject({
      code: 'operator_repeated',
    })
    await expect(open({ secondKeyFile: keyOf('A-17') })).rejects.toMatchObject({
      code: 'operator_needed',
    })
    const states = async () =>
      (await one.issuer.keys.list()).map(({ alias, state }) => `${alias} ${state}`)
    expect(await states()).toContain('status-2 next')
    const both = await open({ ...files, secondKeyFile: keyOf('B-02') })
    await taking(both.issuer)
    expect(await states()).toContain('status-2 revoked')
    const [last] = (await log(one)).slice(-1)
    expect(last).toMatchObject({ event: 'key_revoked', subject: 'status-2', actor: first.id })
    expect(JSON.parse(last!.details)).toMatchObject({ second: second.id })
    expect(last!.signature).toMatch(/^[\w-]{86}\.[\w-]{86}$/)
    expect(await one.issuer.auditLog.verify()).toMatchObject({ firstBad: null })
  })
})

/** Call inside a `describe`: an issuer without operators, and how to open it as one of them. */
function operatorGround(engine: Engine) {
  const family = issuerFamily(databasesOn(engine))
  const opened: OpenedIssuerGround[] = []
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close()
  })
  const place = () => ({ dir: family.test.dir, clock: () => family.now })
  const open = async (who: Who = {}) => {
    const one = await openIssuerGround({ ...place(), ...who })
    opened.push(one)
    return one
  }
  const keyOf = (nameCode: string) => join(family.folder, `${nameCode}.pem`)
  const create = async (nameCode: string, roles: readonly OperatorRole[], by?: string) => {
    const { issuer } = await open(by === undefined ? {} : { operatorKeyFile: keyOf(by) })
    return issuer.operators.create({ nameCode, roles, keyFile: keyOf(nameCode) })
  }
  const as = async (nameCode: string) => (await open({ operatorKeyFile: keyOf(nameCode) })).issuer
  const mint = async (issuer: OpenedIssuerGround['issuer']) =>
    issuer.mint({
      citizen: family.person('parent'),
      type: 'urn:netcert:network-certificate:1',
      copies: 'platform',
      holderJwks: await holderKeys(1),
    })
  const log = async (one: OpenedIssuerGround) =>
    one.ground.database.kysely.selectFrom('audit_log').selectAll().orderBy('sequence').execute()
  return { family, place, open, keyOf, create, as, mint, log }
}

/** From now on nothing can be added to the log. */
async function failAudit({ ground }: OpenedIssuerGround, engine: string): Promise<void> {
  const { kysely } = ground.database
  if (engine === 'sqlite') {
    await sql`create trigger audit_fails before insert on audit_log
      begin select raise(abort, 'no room'); end`.execute(kysely)
    return
  }
  await sql`create function audit_fails() returns trigger language plpgsql as
    $$ begin raise exception 'no room'; end $$`.execute(kysely)
  await sql`create trigger audit_fails before insert on audit_log
    for each row execute function audit_fails()`.execute(kysely)
}
