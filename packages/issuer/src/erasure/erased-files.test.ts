import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jwkThumbprint } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { databasesOn } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { holderKeys } from '../../../../test/issuer-ground.js'
import { encodingsFound } from '../../../../test/value-encodings.js'
import { createBackupIdentity, backUpIssuer } from '../backup/backup-open.js'
import { openIssuerGround } from '../open.js'
import { openPersonRecord } from '../person-record.js'

describe('the files of an issuer after somebody cancelled', () => {
  const family = issuerFamily(databasesOn('sqlite'))

  const kept = async () => {
    const names = await readdir(family.folder, { recursive: true, withFileTypes: true })
    const files = names.filter((entry) => entry.isFile() && !entry.name.startsWith('source.sqlite'))
    const read = files.map(({ parentPath, name }) => readFile(join(parentPath, name)))
    return Buffer.concat(await Promise.all(read))
  }

  it('hold no value of them in any encoding, and no digest that could be counted through', async () => {
    const keys = await holderKeys(1)
    const { credentials } = await family.mint({ holderJwks: keys })
    await family.issuer.recordPresence({ citizen: family.person('parent'), face: true })
    await family.issuer.publish({ out: join(family.folder, 'public') })
    // A backup from before: it is searched with the rest.
    const recipient = await createBackupIdentity(join(family.folder, 'backup.identity'))
    const backup = { out: join(family.folder, 'backups'), recipients: [recipient] }
    await backUpIssuer({ dir: family.test.dir, clock: () => family.now, ...backup })
    const citizen = family.person('parent')
    const { ground, close } = await openIssuerGround({
      dir: family.test.dir,
      clock: () => family.now,
    })
    const row = await ground.database.kysely
      .selectFrom('persons')
      .selectAll()
      .where('citizen', '=', citizen)
      .executeTakeFirstOrThrow()
    const { person, numberSalt } = openPersonRecord(ground.vault, row)
    const values = [
      ...[citizen, row.sealed, row.wrapped_key, row.identity_tag, row.number_tag],
      ...[person.documentNumber, person.familyName + person.givenName, person.birthdate],
      ...[person.networkNumber, '13510009155296'.slice(-11), '敏静'],
      ...[Buffer.from(numberSalt!).toString('base64url'), jwkThumbprint(keys[0]!)],
      ...[credentials[0]!.split('.')[2]!.slice(0, 40)],
    ]
    const found = async () => {
      const bytes = await kept()
      return values.flatMap((value) => encodingsFound(bytes, value).map((form) => [form, value]))
    }
    // The handles are there before; what they open is sealed then already.
    const before = (await found()).map(([, value]) => value)
    for (const handle of [citizen, row.sealed, row.identity_tag]) expect(before).toContain(handle)
    expect(before).not.toContain(person.documentNumber)
    const { finished } = await family.issuer.erasure.cancel(citizen)
    expect(finished).toBe(true)
    // Copies that splitting a page left behind go when the file is built anew.
    await family.issuer.retention.run({ dryRun: false })
    await family.issuer.publish({ out: join(family.folder, 'public') })
    expect(await found()).toEqual([])
    await close()
    expect(await found()).toEqual([])
    // The search finds what is there.
    await writeFile(join(family.folder, 'planted'), Buffer.from(person.documentNumber, 'utf16le'))
    expect(await found()).toEqual([['utf-16le', person.documentNumber]])
  })

  it('are not called clean while a reader holds on to old pages, and are cleaned by the job', async () => {
    await family.mint({})
    const citizen = family.person('parent')
    const reader = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    const { kysely } = reader.ground.database
    const reading = await kysely.startTransaction().setAccessMode('read only').execute()
    await reading.selectFrom('persons').selectAll().execute()
    const { finished: done } = await family.issuer.erasure.cancel(citizen)
    await reading.rollback().execute()
    await reader.close()
    expect(done).toBe(false)
    expect((await kept()).includes(citizen)).toBe(true)
    await family.issuer.retention.run({ dryRun: false })
    expect((await kept()).includes(citizen)).toBe(false)
    expect((await family.issuer.erasure.cancel(citizen)).finished).toBe(true)
  })
})
