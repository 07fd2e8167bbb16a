import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { addPlatformNumberKey, examineIssuer, openIssuer } from '@netcert/issuer'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { issuerFamily } from '../../../test/issuer-family.js'
import { holderKeys } from '../../../test/issuer-ground.js'
import { blindFor } from '../../../test/numbered-copies.js'
import { dataFolder } from './data-folder.js'
import { openIssuerGround } from './open.js'
import { PLATFORM_NUMBER_FACT } from './platform-number-key.js'

describe.each(engines)('the key of all platform numbers, %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))
  const clock = () => family.now
  const file = () => dataFolder(family.test.dir).platformNumberKey
  const open = () => openIssuer({ dir: family.test.dir, clock })
  const forgetFact = async () => {
    const { ground, close } = await openIssuerGround({ dir: family.test.dir, clock })
    await ground.database.kysely
      .deleteFrom('issuer_facts')
      .where('name', '=', PLATFORM_NUMBER_FACT)
      .execute()
    await close()
  }

  it('is made by init, for its owner alone, and stands in no database', async () => {
    expect((await stat(file())).mode & 0o777).toBe(0o600)
    const text = await readFile(file(), 'utf8')
    const [, key = ''] = /^netcert-platform-number-key:1:([\w-]{43})\n$/.exec(text) ?? []
    expect(Buffer.from(key, 'base64url')).toHaveLength(32)
    const { ground, close } = await openIssuerGround({ dir: family.test.dir, clock })
    const facts = await ground.database.kysely.selectFrom('issuer_facts').selectAll().execute()
    await close()
    expect(facts.map(({ name }) => name)).toContain(PLATFORM_NUMBER_FACT)
    expect(JSON.stringify(facts)).not.toContain(key)
  })

  it('has to be there, whole, private and the same: an issuer opens with no other', async () => {
    const right = await readFile(file(), 'utf8')
    for (const [text, code] of [
      [`netcert-platform-number-key:1:${'A'.repeat(43)}\n`, 'platform_number_key_wrong'],
      [right.slice(0, -5), 'platform_number_key_malformed'],
      [`${right}${right}`, 'platform_number_key_malformed'],
      ['', 'platform_number_key_malformed'],
    ] as const) {
      await writeFile(file(), text)
      await expect(open()).rejects.toMatchObject({ code })
    }
    await rm(file())
    await expect(open()).rejects.toMatchObject({ code: 'platform_number_key_missing' })
    const [problem] = await examineIssuer({ dir: family.test.dir, clock })
    expect(problem).toMatchObject({ code: 'not_opened' })
    expect(problem!.what).toContain('platform_number_key_missing')
    await writeFile(file(), right, { mode: 0o600 })
    await chmod(file(), 0o640)
    await expect(open()).rejects.toMatchObject({ code: 'unsafe_mode' })
    await chmod(file(), 0o600)
    await (await open()).close()
  })

  it('is added once to an issuer from before there were numbers', async () => {
    await family.mint({})
    await forgetFact()
    await rm(file())
    const opening = open()
    await expect(opening).rejects.toMatchObject({ code: 'platform_number_key_missing' })
    await expect(opening).rejects.toThrow(/init --platform-number-key/)
    await addPlatformNumberKey({ dir: family.test.dir })
    const { issuer, close } = await open()
    const blinding = blindFor('p-4711')
    const { credentials } = await issuer.mint({
      citizen: family.person('parent'),
      type: 'urn:netcert:network-certificate:1',
      copies: 'platform',
      holderJwks: await holderKeys(1),
      blinded: blinding.b,
    })
    expect(await blinding.open(credentials[0]!)).toMatch(/^P/)
    await close()
  })

  it('is never made anew where there was one', async () => {
    const before = await readFile(file(), 'utf8')
    const again = addPlatformNumberKey({ dir: family.test.dir })
    await expect(again).rejects.toMatchObject({ code: 'already_initialised' })
    await rm(file())
    const lost = addPlatformNumberKey({ dir: family.test.dir })
    await expect(lost).rejects.toMatchObject({ code: 'already_initialised' })
    await expect(stat(file())).rejects.toMatchObject({ code: 'ENOENT' })
    await writeFile(file(), before, { mode: 0o600 })
  })

  it('is taken as it is where a process died before the database knew it', async () => {
    const before = await readFile(file(), 'utf8')
    await forgetFact()
    await addPlatformNumberKey({ dir: family.test.dir })
    expect(await readFile(file(), 'utf8')).toBe(before)
    await (await open()).close()
    await forgetFact()
    await writeFile(file(), 'half a li')
    const damaged = addPlatformNumberKey({ dir: family.test.dir })
    await expect(damaged).rejects.toMatchObject({ code: 'platform_number_key_malformed' })
  })
})

describe('the cool-down of a configuration', () => {
  const family = issuerFamily(databasesOn('sqlite'))

  it.each([-1, 0.5, 366, '30', null])('is no %j', async (days) => {
    const file = dataFolder(family.test.dir).config
    const config = JSON.parse(await readFile(file, 'utf8')) as object
    await writeFile(file, JSON.stringify({ ...config, cooldown_days: days }))
    const opening = openIssuer({ dir: family.test.dir, clock: () => family.now })
    await expect(opening).rejects.toMatchObject({ code: 'config_malformed' })
  })

  it('is 30 days where a folder from before says nothing', async () => {
    const file = dataFolder(family.test.dir).config
    const { cooldown_days: days, ...config } = JSON.parse(await readFile(file, 'utf8')) as Record<
      string,
      unknown
    >
    expect(days).toBe(30)
    await writeFile(file, JSON.stringify(config))
    const { issuer, close } = await openIssuer({
      dir: family.test.dir,
      clock: () => family.now,
    })
    await family.mint({})
    const { report } = await issuer.erasure.cancel(family.person('parent'))
    expect(report?.coolDownUntil).toEqual(new Date(family.now.getTime() + 30 * 86_400_000))
    await close()
  })
})
