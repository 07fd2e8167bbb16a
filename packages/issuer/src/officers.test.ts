import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { databasesOn } from '../../../test/database-engines.js'
import { issuerFamily } from '../../../test/issuer-family.js'

describe('an officer', () => {
  const family = issuerFamily(databasesOn('sqlite'))
  const create = (nameCode: string, file = `${nameCode}.pem`) =>
    family.issuer.numbers.createOfficer({ nameCode, keyFile: join(family.folder, file) })

  it('has a key that is written once, for its owner alone, and a code that is taken once', async () => {
    const created = await create('A-17')
    expect(created).toMatchObject({ nameCode: 'A-17', revokedAt: null })
    expect((await stat(join(family.folder, 'A-17.pem'))).mode & 0o777).toBe(0o600)
    const before = await readFile(join(family.folder, 'A-17.pem'), 'utf8')
    for (const [code, file] of [
      ['A-17', 'other.pem'],
      ['B-02', 'A-17.pem'],
    ] as const) {
      await expect(create(code, file)).rejects.toMatchObject({ code: 'officer_exists' })
    }
    expect(await readFile(join(family.folder, 'A-17.pem'), 'utf8')).toBe(before)
    expect(await family.issuer.numbers.listOfficers()).toEqual([created])
  })

  it.each(['', '张三', 'A 17', `A${'1'.repeat(32)}`, '-x'])('is not named %j', async (name) => {
    await expect(create(name, 'x.pem')).rejects.toMatchObject({ code: 'officer_name' })
  })

  it('is revoked once and for good', async () => {
    await create('A-17')
    await family.issuer.numbers.revokeOfficer('A-17')
    const again = family.issuer.numbers.revokeOfficer('A-17')
    await expect(again).rejects.toMatchObject({ code: 'officer_revoked' })
    const nobody = family.issuer.numbers.revokeOfficer('B-02')
    await expect(nobody).rejects.toMatchObject({ code: 'officer_unknown' })
    await expect(create('A-17', 'again.pem')).rejects.toMatchObject({ code: 'officer_exists' })
  })

  it('approves nothing with a file that holds no key', async () => {
    const asked = { number: 'P', platformId: 'p-4711', caseNumber: '1' }
    for (const file of ['/nowhere', join(family.test.dir, 'netcert.json')]) {
      const approving = family.issuer.numbers.approve(file, asked)
      await expect(approving).rejects.toMatchObject({ code: 'officer_key_malformed' })
    }
  })
})
